//! The capacity of each step: what `explain()` predicts, and what was consumed.

use std::fmt;

use dynamap::{
    capacity::{Consumed, Units},
    op::{Capacity, Explanation},
};

/// The capacity of a step of the tour.
#[derive(Debug, Clone, PartialEq)]
pub struct StepCapacity {
    /// The name of the step.
    pub step: String,
    /// The least units that `explain()` predicts: those of small items.
    pub least: Units,
    /// The most units that `explain()` predicts: those of items of 400 KB, and of pages of 1 MB.
    pub most: Units,
    /// The capacity that was consumed.
    pub consumed: Consumed,
}

impl StepCapacity {
    /// The step that sent these requests.
    pub(super) fn new(step: &str, explanations: &[Explanation], consumed: Consumed) -> Self {
        let (mut least, mut most) = (Units::default(), Units::default());
        for explanation in explanations {
            match explanation.capacity() {
                Capacity::Read(units) => {
                    least.read += units.start();
                    most.read += units.end();
                }
                Capacity::Write(units) => {
                    least.write += units.start();
                    most.write += units.end();
                }
                _ => {}
            }
        }
        Self { step: step.to_owned(), least, most, consumed }
    }

    /// The predicted units in words.
    #[must_use]
    pub fn explained(&self) -> String {
        in_words(self.least, self.most)
    }

    /// The consumed units in words.
    #[must_use]
    pub fn measured(&self) -> String {
        let consumed = self.consumed.total();
        let estimated = if self.consumed.estimated == Units::default() { "" } else { " (estimated)" };
        let unanswered = match self.consumed.unanswered {
            0 => String::new(),
            unanswered => format!(" and those of {unanswered} requests without an answer"),
        };
        format!("{}{estimated}{unanswered}", in_words(consumed, consumed))
    }
}

impl fmt::Display for StepCapacity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "capacity: {} explained, {} consumed", self.explained(), self.measured())
    }
}

fn in_words(least: Units, most: Units) -> String {
    let kinds = [(least.read, most.read, "read"), (least.write, most.write, "write")];
    let kinds = kinds.into_iter().filter(|(_, most, _)| *most > 0.0).map(|(least, most, kind)| {
        if least == most { format!("{most} {kind} units") } else { format!("{least} to {most} {kind} units") }
    });
    match kinds.collect::<Vec<_>>().join(" and ") {
        none if none.is_empty() => "no units".to_owned(),
        units => units,
    }
}
