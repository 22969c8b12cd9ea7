//! One request of an operation that is observed.

use super::{Observation, events, spans};
use crate::error::ThrottlingReason;
use std::{
    borrow::Cow,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};
use tracing::Span;

/// A request of an operation, with the span of its own that it may have. Dropped, its span gets its attributes.
#[derive(Debug)]
pub(crate) struct ObservedRequest {
    observation: Arc<Observation>,
    operation: &'static str,
    span: Span,
    /// True if the span is not that of the operation.
    has_own_span: bool,
    attempts: AtomicU64,
    last: Mutex<AttemptEnd>,
}

/// The end of the last attempt of a request.
#[derive(Debug)]
enum AttemptEnd {
    None,
    Open,
    Succeeded,
    Failed(Cow<'static, str>),
}

/// The facts about an attempt that failed.
#[derive(Debug)]
pub(crate) struct FailedAttempt {
    /// DynamoDB's error code, or the kind of error.
    pub(crate) error: Cow<'static, str>,
    /// The reasons of throttling, if it was throttled.
    pub(crate) throttled: Option<Vec<ThrottlingReason>>,
    /// True if a transaction had the item.
    pub(crate) is_conflict: bool,
    /// True of a write that may have been applied.
    pub(crate) is_lost: bool,
}

impl ObservedRequest {
    /// A request of `operation`, which is another one than that of the observation where an operation makes requests of several.
    pub(crate) fn new(observation: Arc<Observation>, operation: &'static str) -> Self {
        let (span, has_own_span) = observation.request_span(operation);
        let (attempts, last) = (AtomicU64::new(0), Mutex::new(AttemptEnd::None));
        Self { observation, operation, span, has_own_span, attempts, last }
    }

    pub(crate) fn span(&self) -> Span {
        self.span.clone()
    }

    /// An attempt is about to be sent.
    pub(crate) fn attempt_begins(&self) {
        let attempt = 1 + self.attempts.fetch_add(1, Ordering::Relaxed);
        self.set_last(AttemptEnd::Open);
        self.observation.count_attempt();
        match attempt {
            1 => self.observation.count_request(),
            again => events::retry(self.operation, Some(again)),
        }
    }

    /// An attempt has succeeded.
    pub(crate) fn attempt_succeeded(&self) {
        self.set_last(AttemptEnd::Succeeded);
    }

    /// An attempt has failed.
    pub(crate) fn attempt_failed(&self, failed: FailedAttempt) {
        if let Some(reasons) = &failed.throttled {
            self.observation.count_throttled();
            match &**reasons {
                [] => events::throttled(self.operation, None, None),
                reasons => {
                    reasons.iter().for_each(|reason| events::throttled(self.operation, Some(reason), None));
                }
            }
        }
        if failed.is_conflict {
            events::conflict(self.operation, "TransactionConflictException");
        }
        if failed.is_lost {
            events::lost_response(self.operation);
        }
        self.set_last(AttemptEnd::Failed(failed.error));
    }

    fn set_last(&self, last: AttemptEnd) {
        // The span of an operation has the error of the operation.
        if self.has_own_span {
            *self.last.lock().unwrap_or_else(PoisonError::into_inner) = last;
        }
    }
}

impl Drop for ObservedRequest {
    fn drop(&mut self) {
        if self.has_own_span {
            let error = match self.last.get_mut().unwrap_or_else(PoisonError::into_inner) {
                AttemptEnd::None | AttemptEnd::Succeeded => None,
                AttemptEnd::Open => Some("dropped"),
                AttemptEnd::Failed(error) => Some(&**error),
            };
            spans::record_request(&self.span, self.attempts.load(Ordering::Relaxed), error);
        }
    }
}
