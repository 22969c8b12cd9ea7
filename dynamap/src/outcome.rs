//! Outcomes of calls: [`Error`], the reports of batches, and the checkpoints of loads and dumps.
//!
//! [`Error`] is for control flow: match on its variants. The payloads are opaque and give facts by methods. As the errors of
//! [`error`](crate::error), they show no attribute's value.

mod answer;
mod backfill;
mod batch_write;
mod cancellation;
mod condition;
mod dump;
mod invalid_batch;
mod load;
mod load_checkpoint;
mod more_than_one;
mod not_deleted;
mod not_found;
mod not_unique;
mod segment;
mod table_write;
mod throughput;
mod transaction;
mod unique_report;
mod unknown;
mod unprocessed;
mod version;

pub(crate) use answer::ErrorDetails;
pub(crate) use backfill::BackfillItem;
pub use backfill::{BackfillCheckpoint, BackfillFailure, BackfillReport, IncompleteBackfill};
pub use batch_write::{BatchWriteReport, IncompleteBatch, Unwritten, UnwrittenItem};
pub use cancellation::{CancellationReason, TransactionCanceled};
pub use condition::{ConditionFailed, ConditionFailure};
pub use dump::{DumpCheckpoint, DumpReport, IncompleteDump};
pub use invalid_batch::{InvalidBatch, InvalidBatchKind};
pub use load::{IncompleteLoad, LineError, LoadFailure, LoadReport, UnwrittenLine};
pub use load_checkpoint::{LoadCheckpoint, MalformedCheckpoint};
pub use more_than_one::MoreThanOne;
pub use not_deleted::{NotDeleted, NotDeletedKind};
pub use not_found::NotFound;
pub use not_unique::NotUnique;
pub use segment::{InvalidSegmentCount, SegmentError};
pub use table_write::TableWriteReport;
pub use throughput::{InvalidThroughput, InvalidThroughputKind};
pub use transaction::{InvalidTransaction, InvalidTransactionKind, TransactionAction};
pub use unique_report::{UniqueDuplicate, UniqueReport};
pub use unknown::UnknownOutcome;
pub(crate) use unknown::{LastAttempt, Resolve};
pub use unprocessed::{UnprocessedKeys, UnprocessedTable};
pub use version::{NoStoredVersion, VersionConflict};

use crate::error::{
    CursorError, DecodeError, EncodeError, ExpressionError, ItemCollectionError, ItemError, KeyError,
    NoRandomBytes, SchemaMismatch, ServiceError,
};

/// The error of a call of dynamap.
///
/// Match on it to decide what to do. The payloads have the facts, such as the stored item of a failed condition, which
/// costs no extra read.
///
/// ```
/// use dynamap::{Entity, Error, Table, TableSchema, error::ServiceErrorKind};
/// # use dynamap_local::Local;
/// # #[derive(TableSchema)]
/// # #[dynamap(partition_key = "pk")]
/// # pub struct Shop;
/// # #[derive(Debug, Clone, PartialEq, Entity)]
/// # #[dynamap(table = Shop, pk = "SEAT#{seat}")]
/// # pub struct Booking { pub seat: u32, pub guest: String }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let shop = Table::<Shop>::new(Local::memory()?.client(), "shop");
/// # shop.create_table_if_absent().send().await?;
/// # shop.create(&Booking { seat: 7, guest: "Ada".into() }).send().await?;
/// let message = match shop.create(&Booking { seat: 7, guest: "Bob".into() }).send().await {
///     Ok(()) => "booked".to_owned(),
///     Err(Error::ConditionFailed(failed)) => match failed.current::<Booking>().transpose()? {
///         Some(other) => format!("taken by {}", other.guest),
///         None => "taken".to_owned(),
///     },
///     // An attempt got no response: the seat may be booked. Read it later, or show that to the user.
///     Err(Error::Unknown(_)) => "not known yet".to_owned(),
///     Err(Error::Service(error)) if error.kind() == ServiceErrorKind::Throttled => "try again".to_owned(),
///     Err(error) => return Err(error.into()),
/// };
/// assert_eq!(message, "taken by Ada");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The condition of a conditional write was not met, and nothing was written.
    #[error(transparent)]
    #[doc(alias = "ConditionalCheckFailedException")]
    ConditionFailed(ConditionFailed),
    /// A version conflict (optimistic locking): another writer has written the item since the entity was read. Nothing
    /// was written.
    #[error(transparent)]
    #[doc(alias = "optimistic_locking")]
    VersionConflict(VersionConflict),
    /// Another item has the same values in unique fields. Nothing was written.
    #[error(transparent)]
    NotUnique(NotUnique),
    /// An entity that was to be modified is not there.
    #[error(transparent)]
    NotFound(#[from] NotFound),
    /// An entity that is new was to be saved or replaced; no request was sent.
    #[error(transparent)]
    NoStoredVersion(#[from] NoStoredVersion),
    /// DynamoDB cancelled a transaction, and nothing of it was written.
    #[error(transparent)]
    #[doc(alias = "TransactionCanceledException")]
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
    InvalidSegmentCount(#[from] InvalidSegmentCount),
    /// A throughput that DynamoDB would refuse; no request was sent.
    #[error(transparent)]
    InvalidThroughput(#[from] InvalidThroughput),
    /// Keys of a batch were not processed after many attempts.
    #[error(transparent)]
    UnprocessedKeys(UnprocessedKeys),
    /// A table that cannot be in one batch with the others; nothing was sent to it.
    #[error(transparent)]
    InvalidBatch(#[from] InvalidBatch),
    /// Not everything of a batch was written.
    #[error(transparent)]
    IncompleteBatch(#[from] IncompleteBatch),
    /// Not every line of a file was written.
    #[error(transparent)]
    IncompleteLoad(#[from] IncompleteLoad),
    /// Not everything of a table was dumped.
    #[error(transparent)]
    IncompleteDump(#[from] IncompleteDump),
    /// Not all items of a backfill were written that were to be.
    #[error(transparent)]
    IncompleteBackfill(#[from] IncompleteBackfill),
    /// The table exists and is not as its schema says.
    #[error(transparent)]
    SchemaMismatch(#[from] SchemaMismatch),
    /// A table that was to be deleted is protected, or the caller named another one. Nothing was deleted.
    #[error(transparent)]
    NotDeleted(#[from] NotDeleted),
    /// A write with an unknown outcome: an attempt got no response.
    ///
    /// It is neither a failed condition nor a success, and the write may still be applied later.
    #[error(transparent)]
    Unknown(UnknownOutcome),
    /// DynamoDB refused the request, or did not answer a read, or the request was never sent. Nothing was written.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

/// The result of a call of dynamap.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl From<ItemError> for Error {
    fn from(error: ItemError) -> Self {
        match error {
            ItemError::Key(error) => error.into(),
            ItemError::Encode(error) => error.into(),
            ItemError::Decode(error) => error.into(),
            ItemError::Expression(error) => error.into(),
        }
    }
}
