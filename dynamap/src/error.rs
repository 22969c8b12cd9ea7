//! The errors of dynamap.
//!
//! [`Error`] is for control flow: match on its variants. The payloads are opaque and give facts by methods.
//! No error shows an attribute's value, the key of a map or the name of an attribute that no entity declares, neither in
//! `Display` nor in `Debug`; methods whose name ends with `unredacted` give them. See the
//! [guide to errors and logs](crate::guide::errors_and_logs).

mod answer;
mod batch_write;
mod cancellation;
mod collection;
mod condition;
mod cursor;
mod decode;
mod dump;
mod encode;
mod expression;
mod key;
mod load;
mod load_checkpoint;
mod more_than_one;
mod not_found;
mod path;
mod random;
mod redacted;
mod schema;
mod segment;
mod service;
mod throttling;
mod transaction;
mod unknown;
mod unprocessed;
mod version;

pub(crate) use answer::Answer;
pub use batch_write::{BatchWriteReport, IncompleteBatch, Unwritten, UnwrittenItem};
pub use cancellation::{CancellationReason, TransactionCanceled};
pub use collection::ItemCollectionError;
pub use condition::{ConditionFailed, ConditionFailure};
pub use cursor::CursorError;
pub use decode::DecodeError;
pub use dump::{DumpCheckpoint, DumpReport, IncompleteDump};
pub use encode::EncodeError;
pub use expression::{ExpressionError, ExpressionErrorKind};
pub use key::{InvalidPart, KeyError, KeyErrorKind};
pub use load::{IncompleteLoad, LineError, LoadFailure, LoadReport, UnwrittenLine};
pub use load_checkpoint::{LoadCheckpoint, MalformedCheckpoint};
pub use more_than_one::MoreThanOne;
pub use not_found::NotFound;
pub(crate) use path::HIDDEN_KEY;
pub use random::NoRandomBytes;
pub use redacted::Redacted;
pub use schema::SchemaMismatch;
pub use segment::{SegmentCount, SegmentError};
pub use service::{ServiceError, ServiceErrorKind};
pub use throttling::{ThrottlingCause, ThrottlingReason};
pub use transaction::{InvalidTransaction, InvalidTransactionKind, TransactionAction};
pub use unknown::UnknownOutcome;
pub(crate) use unknown::{Last, Resolve};
pub use unprocessed::UnprocessedKeys;
pub use version::{NotLoaded, VersionConflict};

/// Why a call of dynamap failed.
///
/// Match on it to decide what to do; the payloads tell the facts.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The item was not as the request demanded, and nothing was written.
    #[error(transparent)]
    ConditionFailed(ConditionFailed),
    /// Somebody else has written the item since the entity was read, and nothing was written.
    #[error(transparent)]
    VersionConflict(VersionConflict),
    /// An entity that was to be modified is not there.
    #[error(transparent)]
    NotFound(#[from] NotFound),
    /// An entity that is new was to be saved or replaced; no request was sent.
    #[error(transparent)]
    NotLoaded(#[from] NotLoaded),
    /// DynamoDB cancelled a transaction, and nothing of it was written.
    #[error(transparent)]
    TransactionCanceled(TransactionCanceled),
    /// A transaction that DynamoDB would refuse; no request was sent.
    #[error(transparent)]
    InvalidTransaction(#[from] InvalidTransaction),
    /// A key or key condition cannot be made; no request was sent.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A value cannot be stored; no request was sent.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// The operating system gave no random bytes; no request was sent.
    #[error(transparent)]
    NoRandomBytes(#[from] NoRandomBytes),
    /// A condition or filter that DynamoDB would refuse; no request was sent.
    #[error(transparent)]
    Expression(#[from] ExpressionError),
    /// An item does not have the form of its entity.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// Items do not make up the item collection that was asked for.
    #[error(transparent)]
    ItemCollection(#[from] ItemCollectionError),
    /// A query or scan for the only item found several.
    #[error(transparent)]
    MoreThanOne(#[from] MoreThanOne),
    /// A cursor is damaged or belongs to another query; no request was sent.
    #[error(transparent)]
    Cursor(#[from] CursorError),
    /// A scan cannot be divided into so many segments; no request was sent.
    #[error(transparent)]
    SegmentCount(#[from] SegmentCount),
    /// Keys of a batch were not processed after many attempts.
    #[error(transparent)]
    UnprocessedKeys(UnprocessedKeys),
    /// Not everything of a batch was written.
    #[error(transparent)]
    IncompleteBatch(#[from] IncompleteBatch),
    /// Not every line of a file was written.
    #[error(transparent)]
    IncompleteLoad(#[from] IncompleteLoad),
    /// Not everything of a table was dumped.
    #[error(transparent)]
    IncompleteDump(#[from] IncompleteDump),
    /// The table exists and is not as its schema says.
    #[error(transparent)]
    SchemaMismatch(#[from] SchemaMismatch),
    /// A write of which nobody knows whether it was applied: an attempt got no answer.
    ///
    /// It is neither a failed condition nor a success, and may be applied later yet.
    #[error(transparent)]
    Unknown(UnknownOutcome),
    /// DynamoDB refused the request, or did not answer a read, or the request was never sent. Nothing was written.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

/// The result of a call of dynamap.
pub type Result<T, E = Error> = std::result::Result<T, E>;
