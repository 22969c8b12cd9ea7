//! Errors of a shard reader.

use crate::{
    batch::BoxError,
    error::{ServiceError, ServiceErrorKind},
    outcome::Error,
    stream::SequenceNumber,
};

/// An error that ends a shard reader.
///
/// Requests that are throttled or get no response are repeated, and end nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StreamReaderError {
    /// There is no such stream: it was never there, or it was removed after the stream or its table.
    #[error("there is no stream `{stream_arn}`")]
    StreamNotFound {
        /// The stream.
        stream_arn: String,
    },
    /// DynamoDB Streams refused a request.
    #[error("DynamoDB Streams refused a request")]
    Streams(#[source] ServiceError),
    /// The lease table cannot be read or written: there is none, or access is denied, or it holds other items.
    #[error("the lease table cannot be used")]
    Leases(#[source] Box<Error>),
    /// A change could not be handled, and the function for poison records did not take it either.
    #[error("stopped at a record of shard `{shard_id}`")]
    Stopped {
        /// The shard.
        shard_id: String,
        /// The record.
        sequence_number: Option<SequenceNumber>,
        /// The error of the handler, or of the function for poison records.
        #[source]
        error: BoxError,
    },
}

/// An error that ends the stream of one shard, which is then read by this or another worker from its checkpoint on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ShardError {
    /// Another worker has the shard, or may have it.
    #[error(transparent)]
    LeaseLost(#[from] LeaseLost),
    /// A delivery was dropped without an acknowledgement.
    #[error("a delivery of shard `{shard_id}` was dropped without an acknowledgement")]
    NotAcknowledged {
        /// The shard.
        shard_id: String,
    },
}

/// The worker has lost the lease of a shard: it was not renewed in time, or another worker has taken it.
///
/// Nothing of this worker is written as a checkpoint any more. What it was given since its last checkpoint is given to
/// the next owner again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the lease of shard `{shard_id}` was lost")]
pub struct LeaseLost {
    pub(super) shard_id: String,
}

impl LeaseLost {
    /// The shard.
    pub fn shard_id(&self) -> &str {
        &self.shard_id
    }
}

impl From<Error> for StreamReaderError {
    fn from(error: Error) -> Self {
        Self::Leases(Box::new(error))
    }
}

impl StreamReaderError {
    /// True if the request may succeed later.
    pub(super) fn is_transient(&self) -> bool {
        match self {
            Self::Streams(error) => is_transient(error),
            Self::Leases(error) => match &**error {
                Error::Service(error) => is_transient(error),
                Error::Unknown(_) | Error::VersionConflict(_) | Error::ConditionFailed(_) => true,
                _ => false,
            },
            Self::StreamNotFound { .. } | Self::Stopped { .. } => false,
        }
    }
}

/// True if the request may succeed later.
pub(super) fn is_transient(error: &ServiceError) -> bool {
    use ServiceErrorKind::{
        Internal, LimitExceeded, ReplicatedWriteConflict, TableInUse, Throttled, TimedOut,
        TransactionConflict, Unreachable, UnreadableResponse,
    };
    matches!(
        error.kind(),
        Throttled
            | LimitExceeded
            | TimedOut
            | Unreachable
            | Internal
            | UnreadableResponse
            | TableInUse
            | TransactionConflict
            | ReplicatedWriteConflict
    )
}
