//! The guide, and the bank that it shows.

use dynamap::{
    Table,
    capacity::{Consumed, Meter},
    op::Explanation,
};
use dynamap_local::faults::Faults;
use examples_shared::{
    Failure,
    output::{Align, Columns},
    tour::Guide,
};
use jiff::Timestamp;

use super::capacity::StepCapacity;
use crate::model::{Bank, Entry, Wallet};

/// The tour of one bank.
pub(super) struct Tour<'o, 'w> {
    pub(super) guide: Guide<'o, 'w>,
    pub(super) faults: Faults,
    /// The bank of the access patterns, whose capacity is measured.
    pub(super) bank: Table<Bank>,
    /// The same bank for what the tour looks up by itself.
    pub(super) aside: Table<Bank>,
    pub(super) meter: Meter,
    pub(super) steps: Vec<StepCapacity>,
    /// The capacity that the steps so far have consumed.
    consumed: Consumed,
}

impl<'o, 'w> Tour<'o, 'w> {
    pub(super) fn new(guide: Guide<'o, 'w>, faults: Faults, bank: Table<Bank>) -> Self {
        let (meter, aside) = (Meter::new(), bank.clone());
        let bank = bank.with_meter(&meter);
        Self { guide, faults, bank, aside, meter, steps: Vec::new(), consumed: Consumed::default() }
    }

    /// Prints the capacity that was explained for the requests since the last call beside the one that they consumed.
    pub(super) fn capacity(&mut self, step: &str, explained: &[Explanation]) -> Result<(), Failure> {
        let consumed = self.meter.consumed();
        let capacity = StepCapacity::new(step, explained, consumed.since(&self.consumed));
        self.consumed = consumed;
        self.guide.tell(&capacity)?;
        self.steps.push(capacity);
        Ok(())
    }

    /// Prints the tokens of the transactions since the last call, and the outcome of each; returns how many attempts there were
    /// with each token.
    pub(super) fn sent_by_token(&mut self, outcomes: &[&str]) -> Result<Vec<(String, usize)>, Failure> {
        let mut tokens: Vec<(String, usize)> = Vec::new();
        for (index, request) in self.guide.take_requests().iter().enumerate() {
            let token = request.body["ClientRequestToken"].as_str().unwrap_or_default();
            if let Some(outcome) = outcomes.get(index) {
                let text = format!("{{ ..., \"ClientRequestToken\": \"{token}\" }}  {outcome}");
                self.guide.sent_text(&request.operation, &text)?;
            }
            match tokens.iter_mut().find(|(known, _)| known == token) {
                Some((_, count)) => *count += 1,
                None => tokens.push((token.to_owned(), 1)),
            }
        }
        Ok(tokens)
    }
}

/// A wallet in a line.
pub(crate) fn shown(wallet: &Wallet) -> String {
    let Wallet { id, owner, balance, version } = wallet;
    let version = version.stored().copied().unwrap_or_default();
    format!("{id} of {owner}: {balance} (version {version})")
}

/// A table of entries.
pub(crate) fn entries(entries: &[Entry]) -> Columns<4> {
    let headings =
        [("at", Align::Left), ("transfer", Align::Left), ("with", Align::Left), ("amount", Align::Right)];
    Columns::new(headings).rows(entries, |entry| {
        let other = entry.other.clone().unwrap_or_else(|| "(outside)".to_owned());
        [second(entry.at), entry.transfer.clone(), other, format!("{:+}", entry.amount)]
    })
}

/// A table of the capacity of each step.
pub(super) fn capacities(steps: &[StepCapacity]) -> Columns<3> {
    let headings = [("step", Align::Left), ("explained", Align::Left), ("consumed", Align::Left)];
    Columns::new(headings).rows(steps, |step| [step.step.clone(), step.explained(), step.measured()])
}

fn second(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S").to_string()
}
