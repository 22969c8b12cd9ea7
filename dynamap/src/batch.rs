//! Batches: many items by few requests, with an outcome for each.

mod get;
mod hydrate;
mod in_flight;
mod key_values;
mod pace;
mod places;
mod waiting;
mod write;

pub use crate::error::{BatchWriteReport, IncompleteBatch, Unwritten, UnwrittenItem};
pub use get::{Absence, BatchGet, Fetched, FetchedOrUnread, MixedBatchGet, MixedKeys, Unread, UnreadItem};
pub use hydrate::Hydrate;
pub use write::{
    BatchSource, BatchWritable, BatchWrite, BatchWriteItem, BatchWriteProgress, ByIterator, ByStream, Mixed,
};
