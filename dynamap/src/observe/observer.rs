use crate::capacity::Consumed;
use std::{fmt, sync::Arc, time::Duration};

/// Gets a record at the end of each operation, for metrics.
///
/// It is set by [`Table::with_observer`](crate::Table::with_observer). The feature `metrics` has one that records by the
/// crate of this name.
pub trait Observer: Send + Sync {
    /// An operation has ended, or its future was dropped.
    ///
    /// It is called on the task of the operation, so it must return soon, and not panic.
    fn operation_ended(&self, record: &OperationRecord<'_>);
}

/// The facts about an operation that has ended.
///
/// It is one call of dynamap with an operation of DynamoDB, such as a whole batch or a query with all its pages. A call
/// that is made of several operations, such as [`Modify`](crate::op::Modify), has a record for each of them.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct OperationRecord<'a> {
    /// The operation of DynamoDB, such as `GetItem`.
    pub operation: &'static str,
    /// The names of its tables: one, but for batches and transactions of several tables, of which each observer is told once.
    pub tables: &'a [Arc<str>],
    /// The name of the index that is read, if any.
    pub index: Option<&'static str>,
    /// True if the operation only reads.
    pub is_read: bool,
    /// The class of its outcome.
    pub outcome: OperationOutcome,
    /// DynamoDB's error code, or the kind of error; `None` of a success.
    pub error: Option<&'a str>,
    /// The time from its start to its end: with retries, and with the wait for a [`Budget`](crate::Budget). For a stream
    /// of items it includes the time of the caller between two items.
    pub duration: Duration,
    /// The number of requests. One that the SDK repeats counts once.
    pub requests: u64,
    /// The number of attempts of all requests. It is not less than `requests` where the SDK calls interceptors.
    pub attempts: u64,
    /// The number of attempts that were throttled, and of responses that left items unprocessed.
    pub throttled: u64,
    /// The number of pages that were read.
    pub pages: u64,
    /// The number of items that were returned to the caller, or written.
    pub items: u64,
    /// The consumed capacity. A table with an observer asks DynamoDB for it, as it does for a
    /// [`Meter`](crate::capacity::Meter).
    pub consumed: Consumed,
}

impl OperationRecord<'_> {
    /// Returns the number of attempts beyond the first one of each request.
    pub fn retries(&self) -> u64 {
        self.attempts.saturating_sub(self.requests)
    }
}

/// The class of an operation's outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OperationOutcome {
    /// A success. A `create_if_absent` that found the entity is one.
    Ok,
    /// A condition that was not met, another version, or an item that a transaction had. Nothing was written.
    Conflict,
    /// Want of throughput, after all retries.
    Throttled,
    /// A write of which it is not known if it was applied.
    Unknown,
    /// A batch or scan of which some items or segments were not processed.
    Incomplete,
    /// Another failure.
    Error,
    /// A future or stream that the caller dropped before the end.
    Dropped,
}

impl OperationOutcome {
    /// Returns its name in lower case, such as `ok`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Conflict => "conflict",
            Self::Throttled => "throttled",
            Self::Unknown => "unknown",
            Self::Incomplete => "incomplete",
            Self::Error => "error",
            Self::Dropped => "dropped",
        }
    }
}

impl fmt::Display for OperationOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An observer that tables share.
#[derive(Clone)]
pub(crate) struct SharedObserver(pub(crate) Arc<dyn Observer>);

impl SharedObserver {
    /// True if it is the same observer.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl fmt::Debug for SharedObserver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Observer")
    }
}
