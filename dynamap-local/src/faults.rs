#![doc = include_str!("faults.md")]

mod fault;
mod faulty_response;
mod layer;
mod log;
mod partial_batch;
mod plan;
mod rates;

use std::fmt;
use std::sync::Arc;

pub use fault::{Fault, FaultKind, Processed, Throttling, Wakes};
pub use log::{Effect, Logged};
pub use plan::{Plan, When};
pub use rates::Rates;

use crate::legality::{Checker, IllegalRequests};
use crate::local::Local;
use layer::FaultLayer;

impl Local {
    /// Puts faults between the clients and the same database. Returns the handle with their log.
    ///
    /// The original keeps its own way to the database, without faults. Requests are checked as by
    /// [`checked`](Self::checked). See [`faults`](crate::faults) for an example.
    #[must_use]
    pub fn with_faults(&self, plan: Plan) -> (Self, Faults) {
        let checker = plan.checked.then(|| Checker::new(self.engine.clone()));
        let layer = Arc::new(FaultLayer::new(self.transport(), plan, checker));
        (self.wrap(|_| layer.clone()), Faults { layer })
    }
}

/// The handle of the faults of a [`Local`]: their log, and the faults to come. Clones share it.
#[derive(Clone)]
pub struct Faults {
    layer: Arc<FaultLayer>,
}

impl Faults {
    /// The requests so far, in the order in which they arrived.
    #[must_use]
    pub fn log(&self) -> Vec<Logged> {
        self.layer.log()
    }

    /// The seed of a random plan.
    #[must_use]
    pub fn seed(&self) -> Option<u64> {
        self.layer.seed()
    }

    /// The requests that AWS would have refused; always empty with [`Plan::unchecked`].
    #[must_use]
    pub fn illegal(&self) -> IllegalRequests {
        self.layer.checker().map(Checker::illegal).unwrap_or_default()
    }

    /// Adds an entry to the script. It counts the requests from now on.
    pub fn add(&self, when: When, fault: Fault) {
        self.layer.push(when, fault);
    }

    /// Stops the faults until [`resume`](Self::resume). Zombies still wake, and illegal requests are still refused.
    pub fn stop(&self) {
        self.layer.stop(true);
    }

    /// Goes on with the plan where it was stopped.
    pub fn resume(&self) {
        self.layer.stop(false);
    }

    /// Applies the zombies that still wait, in the order in which they would have woken, and returns how many.
    ///
    /// Only after this is the state of the database final.
    pub async fn drain(&self) -> usize {
        self.layer.drain().await
    }
}

impl fmt::Debug for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.layer.fmt(f)
    }
}
