use std::fmt;

use super::capability::Capability;

/// The outcome of one case.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// The store does what it should.
    Passed,
    /// The store does something else.
    Failed(String),
    /// The case needs this capability.
    LeftOut(Capability),
}

/// The outcomes of all cases, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    outcomes: Vec<(&'static str, Outcome)>,
}

impl Report {
    pub(super) fn add(&mut self, case: &'static str, outcome: Outcome) {
        self.outcomes.push((case, outcome));
    }

    /// The cases by their names, and their outcomes.
    #[must_use]
    pub fn outcomes(&self) -> &[(&'static str, Outcome)] {
        &self.outcomes
    }

    /// Returns true if no case failed.
    #[must_use]
    pub fn is_passed(&self) -> bool {
        !self.outcomes.iter().any(|(_, outcome)| matches!(outcome, Outcome::Failed(_)))
    }

    fn count(&self, is: impl Fn(&Outcome) -> bool) -> usize {
        self.outcomes.iter().filter(|(_, outcome)| is(outcome)).count()
    }
}

/// Shows a line for each case, and the sums.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (case, outcome) in &self.outcomes {
            match outcome {
                Outcome::Passed => writeln!(f, "passed    {case}")?,
                Outcome::Failed(reason) => writeln!(f, "FAILED    {case}: {reason}")?,
                Outcome::LeftOut(capability) => writeln!(f, "left out  {case}: needs {capability:?}")?,
            }
        }
        let passed = self.count(|outcome| *outcome == Outcome::Passed);
        let failed = self.count(|outcome| matches!(outcome, Outcome::Failed(_)));
        write!(f, "{passed} passed, {failed} failed, {} left out", self.outcomes.len() - passed - failed)
    }
}
