use super::{
    Budget, BudgetState, Resource, Shared, average::Averages, bucket::Bucket, buckets::Buckets, micros,
};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::time::Instant;

/// The highest rate, in units per second, and the longest burst.
const MAX_RATE: f64 = 1e9;
const MAX_BURST: Duration = Duration::from_secs(3600);

/// A builder of a [`Budget`], which takes the rates.
#[derive(Debug, Clone)]
#[must_use = "it is no budget until it is built"]
pub struct BudgetBuilder {
    rates: Vec<(Resource, f64)>,
    burst: Duration,
}

/// A budget that cannot be: a rate is no number above zero and up to 1,000,000,000 units per second, or the burst is
/// not above zero and up to an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidBudget {
    /// A rate.
    #[error("a rate is not above zero and at most 1,000,000,000 units per second")]
    Rate,
    /// The burst.
    #[error("the burst is not above zero and at most an hour")]
    Burst,
}

impl Default for BudgetBuilder {
    fn default() -> Self {
        Self { rates: Vec::new(), burst: Duration::from_secs(1) }
    }
}

impl Budget {
    /// A builder of a budget, which takes the rates.
    pub fn builder() -> BudgetBuilder {
        BudgetBuilder::default()
    }
}

impl BudgetBuilder {
    /// The read capacity units (RCU) per second of the table. Without them, its reads are not limited.
    pub fn reads(self, units_per_second: f64) -> Self {
        self.rate(None, false, units_per_second)
    }

    /// The write capacity units (WCU) per second of the table. Without them, its writes are not limited.
    pub fn writes(self, units_per_second: f64) -> Self {
        self.rate(None, true, units_per_second)
    }

    /// The read capacity units per second of the global secondary index `name`.
    pub fn index_reads(self, name: &str, units_per_second: f64) -> Self {
        self.rate(Some(name), false, units_per_second)
    }

    /// The write capacity units per second of the global secondary index `name`. A write to the table that changes the
    /// index takes them as well.
    pub fn index_writes(self, name: &str, units_per_second: f64) -> Self {
        self.rate(Some(name), true, units_per_second)
    }

    /// Sets how long units that are not used are kept. Default: one second.
    ///
    /// The units of that time are the most that can be used at once (the size of the token bucket). The budget begins
    /// with them.
    pub fn burst(mut self, burst: Duration) -> Self {
        self.burst = burst;
        self
    }

    fn rate(mut self, index: Option<&str>, writes: bool, units_per_second: f64) -> Self {
        let resource = Resource { index: index.map(str::to_owned), writes };
        self.rates.retain(|(other, _)| *other != resource);
        self.rates.push((resource, units_per_second));
        self
    }

    /// The budget, which is full.
    ///
    /// # Errors
    /// A rate or the burst is out of its range.
    pub fn build(self) -> Result<Budget, InvalidBudget> {
        if self.burst.is_zero() || self.burst > MAX_BURST {
            return Err(InvalidBudget::Burst);
        }
        if self.rates.iter().any(|(_, rate)| !(*rate > 0.0 && *rate <= MAX_RATE)) {
            return Err(InvalidBudget::Rate);
        }
        let bucket = |rate: f64| Bucket::new(micros(rate), micros(rate * self.burst.as_secs_f64()));
        let buckets = self.rates.iter().map(|(_, rate)| bucket(*rate)).collect();
        let state = BudgetState { ledger: Buckets::new(buckets), averages: Averages::default() };
        let resources = self.rates.into_iter().map(|(resource, _)| resource).collect();
        Ok(Budget(Arc::new(Shared { start: Instant::now(), resources, state: Mutex::new(state) })))
    }
}
