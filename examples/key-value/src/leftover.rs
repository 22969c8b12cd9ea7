//! The chunks and entries that no head refers to any more.
//!
//! Before a head stops to refer to a generation, or chunks are written for a new one, an item says so. Whatever writer
//! ends in between, [`collect`] finds what it left.

use std::time::Duration;

use dynamap::Error;
use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    Shard,
    error::{Result, StoreError},
    model::{Chunk, Entry, Head, Kind, Leftover},
    store::Store,
};

impl Leftover {
    /// The generation of a head that another generation takes the place of.
    pub(crate) fn of(head: &Head, now: Timestamp) -> Option<Self> {
        let generation = head.generation()?;
        let chunks = head.manifest.as_ref().map_or(0, |manifest| manifest.chunks);
        Some(Self::new(&head.key, generation, head.kind, chunks, now))
    }

    /// A generation of so many chunks.
    pub(crate) fn new(key: &str, generation: Uuid, kind: Kind, chunks: u32, since: Timestamp) -> Self {
        let shard = Shard::of(key);
        Self { shard, key: key.to_owned(), generation, kind, chunks, since, condemned: false }
    }
}

/// Notes that a generation may be left over.
pub(crate) async fn note(store: &Store, leftover: &Leftover) -> Result<()> {
    Ok(store.table.put(leftover).send().await?)
}

/// Notes that a writer of chunks is at work, and that there can be so many of them.
///
/// # Errors
/// [`StoreError::Collected`] if its chunks are being deleted.
pub(crate) async fn renew(store: &Store, leftover: &mut Leftover, chunks: u32) -> Result<()> {
    let since = store.now();
    let renewed = store
        .table
        .update(&*leftover)
        .apply(Leftover::CHUNKS.set(chunks))
        .apply(Leftover::SINCE.set(since))
        .condition(Leftover::CONDEMNED.eq(false));
    match renewed.send().await {
        Ok(()) => {
            (leftover.chunks, leftover.since) = (chunks, since);
            Ok(())
        }
        Err(Error::ConditionFailed(_)) => Err(StoreError::Collected(leftover.key.clone())),
        Err(error) => Err(error.into()),
    }
}

/// Forgets that a generation may be left over: a head refers to it.
pub(crate) async fn forget(store: &Store, leftover: &Leftover) -> Result<()> {
    // A generation is never used again: deleted twice is deleted once.
    Ok(store.table.delete(leftover).at_least_once().send().await?)
}

/// Deletes the chunks or entries of a generation, and then the note of it.
pub(crate) async fn delete(store: &Store, leftover: &Leftover) -> Result<()> {
    let generation = leftover.generation;
    let batch = match leftover.kind {
        Kind::Log => {
            let entries = store.table.query(Entry::partition(generation)).consistent_read().keys();
            store.table.batch_write().delete_all(entries.try_collect().await?)
        }
        _ => {
            let chunks = (0..leftover.chunks).map(move |number| Chunk::key(generation, number));
            store.table.batch_write().delete_all(chunks)
        }
    };
    batch.send().await?;
    forget(store, leftover).await
}

/// Deletes what writers that ended have left, if they were last known to be at work longer ago than `age`; returns the
/// number of generations.
pub(crate) async fn collect(store: &Store, age: Duration) -> Result<usize> {
    let mut deleted = 0;
    for shard in Shard::all() {
        let mut leftovers = store.table.query(Leftover::partition(shard)).consistent_read().items();
        while let Some(leftover) = leftovers.next().await.transpose()? {
            deleted += usize::from(collect_one(store, &leftover, age).await?);
        }
    }
    Ok(deleted)
}

async fn collect_one(store: &Store, leftover: &Leftover, age: Duration) -> Result<bool> {
    let is_young = store.now().duration_since(leftover.since).unsigned_abs() < age;
    if is_young && !leftover.condemned {
        return Ok(false);
    }
    let head = store.table.get(Head::at(&leftover.key)).consistent_read().send().await?;
    if head.and_then(|head| head.generation()) == Some(leftover.generation) {
        forget(store, leftover).await?;
        return Ok(false);
    }
    // From here on the writer cannot publish: it asks before it does. One that has asked in between is left alone.
    let condemned = store
        .table
        .update(leftover)
        .apply(Leftover::CONDEMNED.set(true))
        .condition(Leftover::SINCE.eq(leftover.since));
    match condemned.send().await {
        Ok(()) => delete(store, leftover).await.map(|()| true),
        Err(Error::ConditionFailed(_)) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
