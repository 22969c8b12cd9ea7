use super::{
    Capability,
    engine::{Deviation, Engine},
};
use std::fmt;

/// The outcome of one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The engine does what DynamoDB does.
    Passed,
    /// The engine lacks this capability.
    NotSupported(Capability),
    /// The engine is known to do something else.
    Deviates(&'static str),
    /// The engine does something else.
    Failed(String),
}

/// A case and its outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The group of the case.
    pub topic: &'static str,
    /// The name of the case.
    pub case: &'static str,
    /// The outcome.
    pub outcome: Outcome,
}

impl Row {
    /// Judges what a run of a case gave by the known deviations of an engine.
    pub(super) fn judged(
        engine: &Engine,
        topic: &'static str,
        case: &'static str,
        found: Result<(), String>,
    ) -> Self {
        let outcome = match (found, engine.deviation(topic, case)) {
            (Ok(()), None) => Outcome::Passed,
            (Ok(()), Some(Deviation { reason, by_chance: false, .. })) => {
                Outcome::Failed(format!("passes, and is listed as one that deviates: {reason}"))
            }
            (_, Some(deviation)) => Outcome::Deviates(deviation.reason),
            (Err(failure), None) => Outcome::Failed(failure),
        };
        Self { topic, case, outcome }
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { topic, case, outcome } = self;
        match outcome {
            Outcome::Passed => write!(f, "passed         {topic}::{case}"),
            Outcome::NotSupported(capability) => write!(f, "not supported  {topic}::{case}: {capability}"),
            Outcome::Deviates(reason) => write!(f, "deviates       {topic}::{case}: {reason}"),
            Outcome::Failed(reason) => write!(f, "FAILED         {topic}::{case}: {reason}"),
        }
    }
}

/// All cases with their outcomes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rows(pub Vec<Row>);

/// The number of cases of each outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    /// Those that the engine passes.
    pub passed: usize,
    /// Those for which the engine lacks a capability.
    pub not_supported: usize,
    /// Those in which the engine is known to deviate.
    pub deviates: usize,
    /// The others.
    pub failed: usize,
}

impl Sums {
    fn add(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::Passed => self.passed += 1,
            Outcome::NotSupported(_) => self.not_supported += 1,
            Outcome::Deviates(_) => self.deviates += 1,
            Outcome::Failed(_) => self.failed += 1,
        }
    }

    /// The number of cases.
    #[must_use]
    pub fn all(self) -> usize {
        self.passed + self.not_supported + self.deviates + self.failed
    }
}

/// Without what is not there, as a sentence.
impl fmt::Display for Sums {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { passed, not_supported, deviates, failed } = self;
        write!(f, "{passed} passed, {not_supported} not supported, {deviates} deviate, {failed} failed")
    }
}

impl Rows {
    /// The sums of all rows.
    #[must_use]
    pub fn sums(&self) -> Sums {
        self.sums_of(|_| true)
    }

    /// The sums of one topic.
    #[must_use]
    pub fn sums_of_topic(&self, topic: &str) -> Sums {
        self.sums_of(|row| row.topic == topic)
    }

    fn sums_of(&self, is_counted: impl Fn(&Row) -> bool) -> Sums {
        let mut sums = Sums::default();
        self.0.iter().filter(|row| is_counted(row)).for_each(|row| sums.add(&row.outcome));
        sums
    }

    /// The topics in the order of their cases.
    #[must_use]
    pub fn topics(&self) -> Vec<&'static str> {
        let mut topics: Vec<&str> = self.0.iter().map(|row| row.topic).collect();
        topics.dedup();
        topics
    }

    /// Returns true if no case failed.
    #[must_use]
    pub fn is_passed(&self) -> bool {
        self.sums().failed == 0
    }
}
