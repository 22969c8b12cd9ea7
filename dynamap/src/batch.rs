//! Batches: many items with few requests, and an outcome for each item.
//!
//! [`BatchGet`] and [`BatchWriteItem`] send unprocessed keys and items again, with exponential backoff and full jitter.
//! [`Hydrate`] reads the entities behind the keys of an index. [`Load`] and [`Dump`] move items between tables and files.

mod awaited;
mod blocking;
mod dump;
mod get;
mod hydrate;
mod load;
mod permit_slot;
mod write;

pub use crate::outcome::{
    BatchWriteReport, DumpCheckpoint, DumpReport, IncompleteBatch, IncompleteDump, IncompleteLoad,
    InvalidBatch, InvalidBatchKind, LineError, LoadCheckpoint, LoadFailure, LoadReport, TableWriteReport,
    Unwritten, UnwrittenItem, UnwrittenLine,
};
pub use dump::{Dump, DumpProgress};
pub use get::{
    Absence, AndBatchGet, BatchGet, BatchGetProgress, BatchGets, Fetched, FetchedOrUnread, JoinedBatchGet,
    KeyList, MixedBatchGet, MixedKeys, ProjectedKeys, TableBatchGet, Unread, UnreadItem, project,
};
pub use hydrate::Hydrate;
pub use load::{Load, LoadProgress};
pub use write::{
    BatchEntity, BatchKey, BatchSource, BatchWritable, BatchWrite, BatchWriteItem, BatchWriteProgress,
    Borrowed, BoxError, ByIterator, ByStream, EntitySource, Mixed, Owned,
};
