//! One request of an operation that is observed.

use super::{Observation, events, names::ATTEMPTS};
use crate::error::ThrottlingReason;
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};
use tracing::Span;

/// A request of an operation, with the span of its own that it may have. Dropped, its span gets its attributes.
#[derive(Debug)]
pub(crate) struct ObservedRequest {
    observation: Arc<Observation>,
    span: Span,
    attempts: AtomicU64,
}

/// The facts about an attempt that failed.
#[derive(Debug, Default)]
pub(crate) struct FailedAttempt {
    /// The reasons of throttling, if it was throttled.
    pub(crate) throttled: Option<Vec<ThrottlingReason>>,
    /// True if a transaction had the item.
    pub(crate) is_conflict: bool,
    /// True of a write that may have been applied.
    pub(crate) is_lost: bool,
}

impl ObservedRequest {
    pub(crate) fn new(observation: Arc<Observation>) -> Self {
        let span = observation.request_span();
        Self { observation, span, attempts: AtomicU64::new(0) }
    }

    pub(crate) fn span(&self) -> Span {
        self.span.clone()
    }

    /// An attempt is about to be sent.
    pub(crate) fn attempt_begins(&self) {
        let attempt = 1 + self.attempts.fetch_add(1, Ordering::Relaxed);
        self.observation.count_attempt();
        match attempt {
            1 => self.observation.count_request(),
            again => events::retry(self.observation.operation(), Some(again)),
        }
    }

    /// An attempt has failed.
    pub(crate) fn attempt_failed(&self, failed: &FailedAttempt) {
        let operation = self.observation.operation();
        if let Some(reasons) = &failed.throttled {
            self.observation.count_throttled();
            match &**reasons {
                [] => events::throttled(operation, None, None),
                reasons => {
                    reasons.iter().for_each(|reason| events::throttled(operation, Some(reason), None));
                }
            }
        }
        if failed.is_conflict {
            events::conflict(operation, "TransactionConflictException");
        }
        if failed.is_lost {
            events::lost_response(operation);
        }
    }
}

impl Drop for ObservedRequest {
    fn drop(&mut self) {
        if !self.observation.is_one_request() {
            self.span.record(ATTEMPTS, self.attempts.load(Ordering::Relaxed));
        }
    }
}
