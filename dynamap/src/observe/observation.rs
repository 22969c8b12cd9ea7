//! An operation while it runs: what is counted of it.

use super::{Ending, OperationRecord, SharedObserver, events, spans};
use crate::capacity::Meter;
use std::{
    fmt,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};
use tokio::time::Instant;
use tracing::Span;

/// An operation that somebody observes. Its handle and its requests share it.
pub(crate) struct Observation {
    operation: &'static str,
    tables: Vec<Arc<str>>,
    index: Option<&'static str>,
    reads: bool,
    /// True if the operation is one request: then the span of the operation is that of the request.
    is_one_request: bool,
    /// The observers of its tables, each once.
    observers: Vec<SharedObserver>,
    /// The meter of the operation, if its consumed capacity is requested.
    meter: Option<Meter>,
    begun: Instant,
    counts: OperationCounts,
    /// The span until the end. A handle may live longer, in an error.
    span: Mutex<Span>,
    has_ended: AtomicBool,
    /// The failure of a part, such as a segment.
    failure: Mutex<Option<Ending>>,
}

#[derive(Default)]
struct OperationCounts {
    requests: AtomicU64,
    attempts: AtomicU64,
    throttled: AtomicU64,
    pages: AtomicU64,
    items: AtomicU64,
    /// The items that a batch or a transaction asks for.
    requested: AtomicU64,
    /// The sums of `Count` and `ScannedCount`.
    counted: AtomicU64,
    scanned: AtomicU64,
}

/// The facts about an operation that begins.
pub(crate) struct Begun<'a> {
    pub(crate) operation: &'static str,
    pub(crate) tables: Vec<Arc<str>>,
    pub(crate) index: Option<&'static str>,
    pub(crate) region: Option<&'a str>,
    pub(crate) reads: bool,
    pub(crate) is_one_request: bool,
    pub(crate) observers: Vec<SharedObserver>,
    pub(crate) meter: Option<Meter>,
}

impl Observation {
    /// An operation that begins now, in the span of the caller.
    pub(super) fn begin(begun: Begun<'_>) -> Self {
        let Begun { operation, tables, index, region, reads, is_one_request, observers, meter } = begun;
        let span = spans::operation(operation, &tables, index, region, is_one_request);
        Self {
            operation,
            tables,
            index,
            reads,
            is_one_request,
            observers,
            meter,
            begun: Instant::now(),
            counts: OperationCounts::default(),
            span: Mutex::new(span),
            has_ended: AtomicBool::new(false),
            failure: Mutex::new(None),
        }
    }

    pub(crate) fn operation(&self) -> &'static str {
        self.operation
    }

    /// The span; none after the end.
    pub(crate) fn span(&self) -> Span {
        self.span.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.has_ended.load(Ordering::Acquire)
    }

    /// The span of one request of `operation`, and true if it is one of its own: if the operation is that request, it is that of
    /// the operation.
    pub(super) fn request_span(&self, operation: &'static str) -> (Span, bool) {
        let is_same = operation == self.operation;
        match self.is_one_request && is_same {
            true => (self.span(), false),
            false => (spans::request(operation, &self.tables, self.index.filter(|_| is_same)), true),
        }
    }

    /// Counts a request.
    pub(crate) fn count_request(&self) {
        self.counts.requests.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts an attempt.
    pub(super) fn count_attempt(&self) {
        self.counts.attempts.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts an attempt that was throttled, or a response that left items unprocessed.
    pub(crate) fn count_throttled(&self) {
        self.counts.throttled.fetch_add(1, Ordering::Relaxed);
    }

    /// Notes a response that left so many items unprocessed.
    pub(crate) fn left_unprocessed(&self, items: usize) {
        if items > 0 {
            self.count_throttled();
            events::throttled(self.operation, None, Some(items as u64));
        }
    }

    /// Counts items that were returned to the caller or written.
    pub(crate) fn count_items(&self, items: u64) {
        self.counts.items.fetch_add(items, Ordering::Relaxed);
    }

    /// Notes the number of items that a batch or a transaction asks for.
    pub(crate) fn requests_items(&self, items: usize) {
        self.counts.requested.store(items as u64, Ordering::Relaxed);
    }

    /// Counts a page, with `Count` and `ScannedCount` of its response.
    pub(crate) fn count_page(&self, counted: i32, scanned: i32) {
        let number = |number: i32| u64::try_from(number).unwrap_or_default();
        self.counts.pages.fetch_add(1, Ordering::Relaxed);
        self.counts.counted.fetch_add(number(counted), Ordering::Relaxed);
        self.counts.scanned.fetch_add(number(scanned), Ordering::Relaxed);
    }

    pub(super) fn note_failure(&self, ending: Ending) {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(ending);
    }

    pub(super) fn failure(&self) -> Option<Ending> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Ends the operation, unless it has ended.
    pub(super) fn end(&self, ending: &Ending) {
        if self.has_ended.swap(true, Ordering::AcqRel) {
            return;
        }
        let span =
            std::mem::replace(&mut *self.span.lock().unwrap_or_else(PoisonError::into_inner), Span::none());
        let of = |count: &AtomicU64| count.load(Ordering::Relaxed);
        let consumed = self.meter.as_ref().map(Meter::consumed);
        let pages = of(&self.counts.pages);
        let record = OperationRecord {
            operation: self.operation,
            tables: &self.tables,
            index: self.index,
            is_read: self.reads,
            outcome: ending.outcome,
            error: ending.error.as_deref(),
            duration: self.begun.elapsed(),
            requests: of(&self.counts.requests),
            attempts: of(&self.counts.attempts),
            throttled: of(&self.counts.throttled),
            pages,
            items: of(&self.counts.items),
            consumed: consumed.clone().unwrap_or_default(),
        };
        if !span.is_disabled() {
            spans::record_ending(&span, ending);
            let counted = (pages > 0).then(|| (of(&self.counts.counted), of(&self.counts.scanned)));
            spans::record_operation(&span, &record, of(&self.counts.requested), counted, consumed.as_ref());
        }
        span.in_scope(|| self.tell(ending));
        for observer in &self.observers {
            observer.0.operation_ended(&record);
        }
    }

    fn tell(&self, ending: &Ending) {
        match ending.outcome {
            super::OperationOutcome::Conflict => {
                events::conflict(self.operation, ending.error.as_deref().unwrap_or_default());
            }
            super::OperationOutcome::Unknown => events::unknown_outcome(self.operation, &self.tables),
            _ => {}
        }
    }
}

impl fmt::Debug for Observation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Observation").field("operation", &self.operation).finish_non_exhaustive()
    }
}
