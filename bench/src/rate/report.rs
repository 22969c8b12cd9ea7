//! The outcomes as tables.

use super::{counters::Outcome, setting::Setting};
use crate::contender::IN_FLIGHT;
use crate::report::{grouped, markdown, table};

const HEADINGS: [&str; 8] = [
    "contender",
    "seconds",
    "requests",
    "throttled",
    "units written",
    "units refused",
    "items sent again",
    "neighbour refused",
];

impl Outcome {
    fn cells(&self) -> [String; 8] {
        let total = self.total();
        [
            self.name.to_owned(),
            format!("{:.1}", self.time.as_secs_f64()),
            grouped(total.requests as f64),
            grouped(total.throttled_requests as f64),
            grouped(total.written),
            grouped(total.refused),
            grouped(self.sent_again as f64),
            neighbour(self),
        ]
    }
}

/// The refused requests of the neighbour, of all of its requests.
pub(super) fn neighbour(outcome: &Outcome) -> String {
    let total = outcome.total();
    let [refused, requests] = [total.neighbour_refused, total.neighbour_requests].map(|count| count as f64);
    format!("{} of {}", grouped(refused), grouped(requests))
}

/// The table for the terminal.
pub(super) fn terminal(outcomes: &[Outcome]) -> String {
    let rows: Vec<_> =
        [HEADINGS.map(str::to_owned)].into_iter().chain(outcomes.iter().map(Outcome::cells)).collect();
    table::aligned(&rows)
}

/// The document.
pub(super) fn document(setting: &Setting, outcomes: &[Outcome]) -> String {
    format!(
        "# Rate\n\nWritten by `cargo run --release -p bench -- rate`; `bench/README.md` says what it measures. {}\n\n\
         ![The rate of each contender over time](rate.svg)\n\n{}",
        setting.about(),
        markdown::rows(&HEADINGS, outcomes.iter().map(Outcome::cells)),
    )
}

impl Setting {
    /// The setting in words.
    pub(super) fn about(&self) -> String {
        format!(
            "A table of {} write units per second, {} from second {} to {}; a neighbour takes a tenth; {} items of \
             0.3 to 4 KB; {} requests at once.",
            grouped(self.capacity),
            grouped(self.capacity / 2.0),
            self.low.start.as_secs(),
            self.low.end.as_secs(),
            grouped(self.items as f64),
            IN_FLIGHT,
        )
    }
}
