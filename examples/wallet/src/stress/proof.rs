use std::fmt;

use dynamap::capacity::Consumed;

use super::size::Stress;
use crate::model::Amount;

/// The number of transfers and requests by outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OutcomeCounts {
    /// Transfers that were told to be done.
    pub applied: u64,
    /// Transfers that were refused, since the payer had too little.
    pub overdrawn: u64,
    /// Transfers that failed, and were told not to be done.
    pub failed: u64,
    /// Transfers with an unknown outcome.
    pub unknown: u64,
    /// Those of them that were done.
    pub unknown_applied: u64,
    /// Requests, each attempt being one.
    pub requests: u64,
    /// Requests that had a fault.
    pub faults: u64,
    /// Transfers with an attempt that may have been applied without an answer.
    pub ambiguous: u64,
}

/// The outcome of a transfer that a client was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ReportedOutcome {
    Applied,
    Overdrawn,
    Failed,
    Unknown,
}

/// The result of a stress test, with its violations.
#[derive(Debug, Clone, PartialEq)]
pub struct Proof {
    /// The stress test.
    pub stress: Stress,
    /// The transfers and requests by outcome.
    pub counts: OutcomeCounts,
    /// All balances before.
    pub sum_before: Amount,
    /// All balances after.
    pub sum_after: Amount,
    /// True if in every round each balance was what the wallet had before and the sum of its entries.
    pub ledger_equals_balances: bool,
    /// The capacity that the transfers consumed, as a [`Meter`](dynamap::capacity::Meter) counts it.
    pub consumed: Consumed,
    /// The violations, in words.
    pub violations: Vec<String>,
}

impl Proof {
    pub(super) fn new(stress: Stress, sum: Amount) -> Self {
        Self {
            stress,
            counts: OutcomeCounts::default(),
            sum_before: sum,
            sum_after: sum,
            ledger_equals_balances: true,
            consumed: Consumed::default(),
            violations: Vec::new(),
        }
    }

    /// Returns true if no money was made or lost, and every client was told the truth.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.violations.is_empty() && self.ledger_equals_balances && self.sum_before == self.sum_after
    }

    pub(super) fn violated(&mut self, what: impl Into<String>) {
        self.violations.push(what.into());
    }
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { stress, counts, sum_before, sum_after, ledger_equals_balances, consumed, violations } =
            self;
        let Stress { wallets, transfers, .. } = stress;
        let OutcomeCounts {
            applied,
            overdrawn,
            failed,
            unknown,
            unknown_applied,
            requests,
            faults,
            ambiguous,
        } = counts;
        let refused = overdrawn + failed;
        writeln!(f, "requests        {requests}, of which {faults} had a fault")?;
        writeln!(
            f,
            "ambiguous       {ambiguous} transfers had an attempt that may have been applied without an answer"
        )?;
        writeln!(f, "told applied    {applied}")?;
        writeln!(f, "told refused    {refused}: {overdrawn} overdrawn, {failed} given up")?;
        writeln!(f, "told unknown    {unknown}, of which {unknown_applied} were applied")?;
        writeln!(f, "capacity        {}", consumed.to_string().replace('\n', "\n                "))?;
        writeln!(f, "sum before      {sum_before}")?;
        writeln!(f, "sum after       {sum_after}")?;
        let all = |holds: bool| if holds { "yes" } else { "NO" };
        writeln!(f, "each balance is the sum of its entries: {}", all(*ledger_equals_balances))?;
        writeln!(
            f,
            "each applied transfer is in the ledger once, no refused one, each unknown one at most once: {}",
            all(violations.is_empty())
        )?;
        violations.iter().try_for_each(|violation| writeln!(f, "VIOLATION {violation}"))?;
        write!(f, "RESULT wallets={wallets} transfers={transfers} applied={applied} refused={refused} ")?;
        write!(f, "unknown={unknown} ambiguous={ambiguous} sum_before={sum_before} sum_after={sum_after} ")?;
        write!(f, "ledger_equals_balances={ledger_equals_balances}")
    }
}
