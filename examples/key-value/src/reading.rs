//! Reads of one head.

use futures_util::{
    StreamExt, TryStreamExt,
    stream::{self, BoxStream},
};
use uuid::Uuid;

use crate::{
    Shard,
    error::{Result, StoreError},
    model::{Head, Kind, Meta},
    store::Store,
};

/// The head of a key, read as the store says; `None` if the key is absent.
pub(crate) async fn head(store: &Store, key: &str) -> Result<Option<Head>> {
    let get = store.table.get(Head::at(key));
    let get = if store.is_consistent { get.consistent_read() } else { get };
    Ok(get.send().await?.and_then(Head::unless_removed))
}

/// The head of a key by a consistent read; `None` if the key is absent.
pub(crate) async fn current_head(store: &Store, key: &str) -> Result<Option<Head>> {
    let head = store.table.get(Head::at(key)).consistent_read().send().await?;
    Ok(head.and_then(Head::unless_removed))
}

/// The head of a key without its value; `None` if the key is absent.
pub(crate) async fn meta(store: &Store, key: &str) -> Result<Option<Meta>> {
    let get = store.table.get(Head::at(key)).project::<Meta>();
    let get = if store.is_consistent { get.consistent_read() } else { get };
    Ok(get.send().await?.filter(|meta| meta.kind != Kind::Removed))
}

/// The error of a read that misses a chunk or an entry of a generation.
pub(crate) async fn missing(store: &Store, key: &str, generation: Uuid) -> StoreError {
    match current_head(store, key).await {
        Ok(head) if head.as_ref().and_then(Head::generation) == Some(generation) => {
            StoreError::Damaged(key.to_owned())
        }
        Ok(_) => StoreError::Replaced(key.to_owned()),
        Err(error) => error,
    }
}

/// The heads of all keys without their values, partition by partition.
pub(crate) fn all(store: &Store) -> BoxStream<'static, Result<Meta>> {
    let store = store.clone();
    let shards = stream::iter(Shard::all()).flat_map(move |shard| {
        let query = store.table.query(Head::partition(shard)).project::<Meta>();
        let query = query.filter(Head::KIND.ne(Kind::Removed));
        let query = if store.is_consistent { query.consistent_read() } else { query };
        query.items().map_err(StoreError::from)
    });
    shards.boxed()
}
