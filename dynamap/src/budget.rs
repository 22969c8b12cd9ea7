//! A client-side rate limiter in capacity units per second: a token bucket, which calls draw on before they are sent.
//!
//! A [`Budget`] has read capacity units (RCU) and write capacity units (WCU) for the table and for each global
//! secondary index that is named. Its clones share it: it can limit several tasks, tables and all operations together.
//!
//! - A call is charged before it is sent: a put by the size of its item, rounded up to the next 1 KB, other calls by
//!   their average cost so far. It waits until the units are there, first come, first served. Of a batch one request
//!   waits at a time.
//! - The response replaces the charge by the capacity that DynamoDB has consumed. If that was more, the difference is a
//!   debt, which delays the calls that come next.
//! - A request that was not sent gives its units back, also where its future is dropped; so do the items that a batch
//!   leaves unprocessed. A request without a response keeps its charge: it may have consumed capacity.
//! - Where DynamoDB throttles all the same, the rate of the table or index that it names is halved, at most once in a
//!   second, and grows again by a twentieth of the full rate each second. A hot partition alone
//!   ([`ThrottlingCause::KeyRange`]) slows nothing else. Where most of a batch write request comes back unprocessed, the
//!   rate of the table is halved.
//!
//! So over any period no more is used than the rate allows for it, the burst, and the requests in flight.
//!
//! ```
//! use dynamap::{Budget, Entity, Table, TableSchema};
//! # use dynamap_local::Local;
//!
//! #[derive(TableSchema)]
//! #[dynamap(partition_key = "pk")]
//! pub struct Shop;
//!
//! #[derive(Entity)]
//! #[dynamap(table = Shop, pk = "ORDER#{number}")]
//! pub struct Order {
//!     pub number: u32,
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let shop = Table::<Shop>::new(Local::memory()?.client(), "shop");
//! # shop.create_table_if_absent().send().await?;
//! // A report in the night leaves most of the throughput to others.
//! let budget = Budget::builder().reads(50.0).writes(10.0).build()?;
//! let shop = shop.with_budget(&budget);
//! shop.put(&Order { number: 7 }).send().await?;
//! assert_eq!(shop.scan::<Order>().try_collect().await?.len(), 1);
//! # Ok(())
//! # }
//! ```
//!
//! [`ThrottlingCause::KeyRange`]: crate::error::ThrottlingCause::KeyRange

mod average;
mod bucket;
mod buckets;
mod builder;
mod charge;
mod forecast;
mod reserve;
#[cfg(test)]
mod tests;
mod waiting;

pub(crate) use average::CallForm;
pub use builder::{BudgetBuilder, InvalidBudget};
pub use charge::{InFlight, Reservation};
pub(crate) use forecast::{Cost, Forecast, Processed};

use crate::capacity::Units;
use average::Averages;
use bucket::UNIT;
use buckets::Buckets;
use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::Waker,
    time::Duration,
};
use tokio::time::Instant;

/// A rate limiter: read and write capacity units per second that calls share. A clone is the same budget. See the
/// [module](self).
///
/// A budget is given to a table with [`Table::with_budget`](crate::Table::with_budget), for all calls of the table and
/// of its repositories, or to one call with `budget`.
///
/// Buckets that were not given a rate are not limited. Reads and writes have one bucket each, of the table and of each
/// global secondary index; a local index uses the throughput of its table. Two tables that share a budget share the bucket of "the table"
/// as well.
#[derive(Clone)]
#[doc(alias("rate_limiter", "token_bucket", "throttling"))]
pub struct Budget(Arc<Shared>);

struct Shared {
    start: Instant,
    /// The resources that the buckets are of, in the same order.
    resources: Vec<Resource>,
    state: Mutex<BudgetState>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Resource {
    /// `None` is the table.
    index: Option<String>,
    writes: bool,
}

struct BudgetState {
    ledger: Buckets,
    averages: Averages,
}

impl Budget {
    /// True if it is the same budget.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// The units of the table, or of the index `index`, that may be used at this time. Below zero it is a debt. A
    /// resource without a rate has infinite units.
    pub fn available(&self, index: Option<&str>) -> Units {
        self.units(index, bucket::Bucket::level)
    }

    /// The units per second of the table, or of the index `index`, as throttling has left them. A resource without a rate
    /// has infinite units.
    pub fn rate(&self, index: Option<&str>) -> Units {
        self.units(index, bucket::Bucket::rate)
    }

    fn units(&self, index: Option<&str>, of: impl Fn(&bucket::Bucket) -> i64) -> Units {
        let units = |writes| {
            let Some(bucket) = self.bucket(index, writes) else { return f64::INFINITY };
            let now = self.now();
            let ledger = &mut self.lock().ledger;
            ledger.tick(bucket, now);
            ledger.bucket(bucket).map_or(f64::INFINITY, |bucket| of(bucket) as f64 / UNIT as f64)
        };
        Units { read: units(false), write: units(true) }
    }

    /// The bucket of a resource, if it is limited.
    fn bucket(&self, index: Option<&str>, writes: bool) -> Option<usize> {
        let is_it = |resource: &Resource| resource.index.as_deref() == index && resource.writes == writes;
        self.0.resources.iter().position(is_it)
    }

    fn now(&self) -> Duration {
        Instant::now().saturating_duration_since(self.0.start)
    }

    /// A panic of another thread leaves nothing behind that would be wrong here.
    fn lock(&self) -> MutexGuard<'_, BudgetState> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the buckets, and wakes the calls that are served by the change.
    fn wake(&self, act: impl FnOnce(&mut Buckets, Duration) -> Vec<Waker>) {
        let now = self.now();
        let woken = act(&mut self.lock().ledger, now);
        woken.into_iter().for_each(Waker::wake);
    }
}

/// Whole micro-units of units; zero for what is not a number.
fn micros(units: f64) -> i64 {
    // A cast from a float saturates, and makes zero of what is no number.
    (units.max(0.0) * UNIT as f64).round() as i64
}

impl fmt::Debug for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let resources = self.0.resources.iter();
        let indexes: Vec<_> = resources.filter_map(|resource| resource.index.as_deref()).collect();
        f.debug_struct("Budget")
            .field("available", &self.available(None))
            .field("rate", &self.rate(None))
            .field("indexes", &indexes)
            .finish()
    }
}
