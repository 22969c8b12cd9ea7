//! Classes of outcomes.

use super::OperationOutcome;
use crate::{
    error::{ServiceError, ServiceErrorKind},
    outcome::{Error, TransactionCanceled},
};
use std::borrow::Cow;

/// The end of an operation: its class, and what its error is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ending {
    pub(crate) outcome: OperationOutcome,
    /// The value of `error.type`.
    pub(crate) error: Option<Cow<'static, str>>,
    /// DynamoDB's error code.
    pub(crate) code: Option<String>,
}

/// An error with a class.
pub(crate) trait Failed {
    fn ending(&self) -> Ending;
}

impl Ending {
    pub(crate) const OK: Self = Self { outcome: OperationOutcome::Ok, error: None, code: None };
    pub(crate) const DROPPED: Self = Self::named(OperationOutcome::Dropped, "dropped");
    pub(crate) const INCOMPLETE: Self = Self::named(OperationOutcome::Incomplete, "incomplete");
    pub(crate) const UNKNOWN: Self = Self::named(OperationOutcome::Unknown, "unknown");
    pub(crate) const THROTTLED: Self = Self::named(OperationOutcome::Throttled, "throttled");
    pub(crate) const DECODE: Self = Self::named(OperationOutcome::Error, "decode");

    pub(crate) const fn named(outcome: OperationOutcome, error: &'static str) -> Self {
        Self { outcome, error: Some(Cow::Borrowed(error)), code: None }
    }

    /// The end with an error of the service, or with its class if that says more.
    fn of_service(error: &ServiceError, outcome: OperationOutcome) -> Self {
        let code = error.code().map(str::to_owned);
        let named = code.clone().map_or(Cow::Borrowed(kind_name(error.kind())), Cow::Owned);
        Self { outcome, error: Some(named), code }
    }

    /// A refusal with an error code of the service.
    #[cfg(feature = "streams")]
    pub(crate) fn coded(code: &str, outcome: OperationOutcome) -> Self {
        let (error, code) = (Some(Cow::Owned(code.to_owned())), Some(code.to_owned()));
        Self { outcome, error, code }
    }

    /// The same failure, of a part only.
    pub(super) fn incomplete(self) -> Self {
        Self { outcome: OperationOutcome::Incomplete, ..self }
    }

    pub(crate) fn of<T, E: Failed>(result: &Result<T, E>) -> Self {
        result.as_ref().err().map_or(Self::OK, Failed::ending)
    }
}

impl Failed for ServiceError {
    fn ending(&self) -> Ending {
        Ending::of_service(self, outcome_of(self.kind()))
    }
}

/// With true if it may have been applied all the same.
impl Failed for (ServiceError, bool) {
    fn ending(&self) -> Ending {
        self.0.ending()
    }
}

impl Failed for Error {
    fn ending(&self) -> Ending {
        let error = |name| Ending::named(OperationOutcome::Error, name);
        match self {
            Self::ConditionFailed(_) => refused(),
            Self::VersionConflict(_) => Ending::named(OperationOutcome::Conflict, "version_conflict"),
            Self::TransactionCanceled(canceled) => of_canceled(canceled),
            Self::NotUnique(_) => Ending::named(OperationOutcome::Conflict, "not_unique"),
            Self::Unknown(unknown) => match unknown.service_error() {
                Some(error) => Ending::of_service(error, OperationOutcome::Unknown),
                None => Ending::UNKNOWN,
            },
            Self::Service(error) => error.ending(),
            Self::UnprocessedKeys(_) => Ending::THROTTLED,
            Self::IncompleteBatch(_)
            | Self::IncompleteLoad(_)
            | Self::IncompleteDump(_)
            | Self::IncompleteBackfill(_) => Ending::INCOMPLETE,
            Self::Decode(_) => Ending::DECODE,
            Self::ItemCollection(_) => error("item_collection"),
            Self::MoreThanOne(_) => error("more_than_one"),
            Self::NotFound(_) => error("not_found"),
            Self::NotDeleted(_) => error("not_deleted"),
            Self::NoStoredVersion(_) => error("no_stored_version"),
            Self::InvalidTransaction(_) => error("invalid_transaction"),
            Self::Key(_) => error("key"),
            Self::Encode(_) => error("encode"),
            Self::NoRandomBytes(_) => error("no_random_bytes"),
            Self::Expression(_) => error("expression"),
            Self::Cursor(_) => error("cursor"),
            Self::InvalidSegmentCount(_) => error("invalid_segment_count"),
            Self::InvalidThroughput(_) => error("invalid_throughput"),
            Self::InvalidBatch(_) => error("invalid_batch"),
            Self::SchemaMismatch(_) => error("schema_mismatch"),
        }
    }
}

const CONDITION_FAILED: &str = "ConditionalCheckFailedException";

fn refused() -> Ending {
    let code = Some(CONDITION_FAILED.to_owned());
    Ending { code, ..Ending::named(OperationOutcome::Conflict, CONDITION_FAILED) }
}

const CANCELED: &str = "TransactionCanceledException";

/// DynamoDB: a cancellation has a reason for each action, and throttling is one of them.
fn of_canceled(canceled: &TransactionCanceled) -> Ending {
    let is = |codes: &[&str]| {
        canceled.refused().any(|reason| reason.code().is_some_and(|code| codes.contains(&code)))
    };
    let outcome = if is(&["ConditionalCheckFailed", "TransactionConflict"]) {
        OperationOutcome::Conflict
    } else if is(&["ProvisionedThroughputExceeded", "ThrottlingError"]) {
        OperationOutcome::Throttled
    } else {
        OperationOutcome::Error
    };
    Ending { code: Some(CANCELED.to_owned()), ..Ending::named(outcome, CANCELED) }
}

fn outcome_of(kind: ServiceErrorKind) -> OperationOutcome {
    match kind {
        ServiceErrorKind::Throttled => OperationOutcome::Throttled,
        ServiceErrorKind::TransactionConflict | ServiceErrorKind::ReplicatedWriteConflict => {
            OperationOutcome::Conflict
        }
        _ => OperationOutcome::Error,
    }
}

/// The name of a failure for which DynamoDB gave no code.
pub(crate) fn kind_name(kind: ServiceErrorKind) -> &'static str {
    match kind {
        ServiceErrorKind::Throttled => "throttled",
        ServiceErrorKind::TableNotFound => "table_not_found",
        ServiceErrorKind::TableInUse => "table_in_use",
        ServiceErrorKind::ExpiredCredentials => "expired_credentials",
        ServiceErrorKind::AccessDenied => "access_denied",
        ServiceErrorKind::Validation => "validation",
        ServiceErrorKind::IndexNotFound => "index_not_found",
        ServiceErrorKind::IndexBackfilling => "index_backfilling",
        ServiceErrorKind::ItemTooLarge => "item_too_large",
        ServiceErrorKind::IdempotencyMismatch => "idempotency_mismatch",
        ServiceErrorKind::TransactionConflict => "transaction_conflict",
        ServiceErrorKind::ReplicatedWriteConflict => "replicated_write_conflict",
        ServiceErrorKind::LimitExceeded => "limit_exceeded",
        ServiceErrorKind::NotSent => "not_sent",
        ServiceErrorKind::TimedOut => "timed_out",
        ServiceErrorKind::Unreachable => "unreachable",
        ServiceErrorKind::Internal => "internal",
        ServiceErrorKind::UnreadableResponse => "unreadable_response",
        ServiceErrorKind::Other => "other",
    }
}
