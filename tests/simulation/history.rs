//! What clients did and were told.

use dynamap::{Error, op::ModifyError};

/// What a client was told of a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    Applied,
    NotApplied,
    Unknown,
    /// Nothing: it gave up waiting.
    Dropped,
}

impl Told {
    /// What an error says; `None` where it should not have come.
    pub(super) fn by(error: &Error) -> Option<Self> {
        match error {
            Error::Unknown(_) => Some(Self::Unknown),
            // A refusal, a conflict, or a service that says so.
            Error::VersionConflict(_)
            | Error::ConditionFailed(_)
            | Error::TransactionCanceled(_)
            | Error::NotUnique(_)
            | Error::Service(_) => Some(Self::NotApplied),
            _ => None,
        }
    }
}

/// A write that tells, as a [`ModifyError`] does.
pub(super) fn of_modify<T>(outcome: Result<T, ModifyError<()>>) -> Result<(), Option<Error>> {
    match outcome {
        Ok(_) => Ok(()),
        Err(ModifyError::Table(error)) => Err(Some(error)),
        Err(_) => Err(None),
    }
}

/// One write, with the mark that it leaves.
#[derive(Debug, Clone)]
pub(super) struct Write {
    pub(super) mark: String,
    /// Its begin and its end among all events.
    pub(super) span: (u64, u64),
    pub(super) told: Told,
}

/// One read, and the marks that it found.
#[derive(Debug, Clone)]
pub(super) struct Read {
    pub(super) begun: u64,
    pub(super) marks: Vec<String>,
}

/// Counts of what happened.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// Writes and reads of clients.
    pub operations: u64,
    /// Writes of clients.
    pub writes: u64,
    /// Writes that succeeded.
    pub applied: u64,
    /// Writes that were refused.
    pub not_applied: u64,
    /// Writes of which the client was told that nobody knows.
    pub unknown: u64,
    /// Of these, those that were resolved later.
    pub resolved: u64,
    /// Writes whose future the client dropped.
    pub dropped: u64,
    /// Faults that requests had.
    pub faults: u64,
    /// Requests, also those that did not arrive.
    pub requests: u64,
}

impl Tally {
    pub(super) fn add(&mut self, other: &Self) {
        let Self { operations, writes, applied, not_applied, unknown, resolved, dropped, faults, requests } =
            other;
        self.operations += operations;
        self.writes += writes;
        self.applied += applied;
        self.not_applied += not_applied;
        self.unknown += unknown;
        self.resolved += resolved;
        self.dropped += dropped;
        self.faults += faults;
        self.requests += requests;
    }

    /// The share of writes whose outcome the client was not told.
    pub fn unknown_rate(&self) -> f64 {
        self.unknown as f64 / self.writes.max(1) as f64
    }
}
