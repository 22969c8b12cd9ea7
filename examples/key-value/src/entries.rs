//! The entries of a log.
//!
//! The head has the last entry; all before it are items. To append, the last one becomes an item, and the head gets the new
//! one in its place: the log is always whole, and of two writers at once the second sees the entry of the first.

use std::mem;

use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::op::read::Items;
use futures_util::{
    TryStreamExt,
    stream::{self, BoxStream},
};
use uuid::Uuid;

use crate::{
    change::{HeadChange, change},
    error::{Result, StoreError},
    model::{Entry, Head, LogEnd},
    reading,
    store::Store,
    target::Target,
};

/// Appends an entry to a log, or begins one.
pub(crate) async fn append(store: &Store, target: &Target, entry: AttributeValue) -> Result<HeadChange> {
    let begun = Uuid::new_v4();
    let next = |head: Option<&Head>| {
        let log = head.cloned().map(Head::into_log).transpose()?;
        let (generation, entries) = log.map_or((begun, 0), |log| (log.generation, log.entries));
        let log = LogEnd { generation, entries: entries + 1, last: entry.clone() };
        Ok::<_, StoreError>(Head::of_log(&target.key, log))
    };
    change(store, target, next).await
}

/// The entries that a log has at the first request, the oldest first; none if the key is absent.
pub(crate) fn read(store: &Store, key: &str) -> BoxStream<'static, Result<AttributeValue>> {
    let (store, key) = (store.clone(), key.to_owned());
    let entries = async move {
        let head = reading::head(&store, &key).await?;
        let end = head.map(Head::into_log).transpose()?;
        let reader = end.map(|end| EntryReader::new(store, key, end));
        Ok::<_, StoreError>(stream::try_unfold(reader, |reader| async {
            let Some(mut reader) = reader else { return Ok(None) };
            Ok(reader.next().await?.map(|entry| (entry, Some(reader))))
        }))
    };
    Box::pin(stream::once(entries).try_flatten())
}

/// A reader of the entries of one log.
struct EntryReader {
    store: Store,
    key: String,
    end: LogEnd,
    items: Items<Entry>,
    /// The number of the next entry.
    number: u64,
}

impl EntryReader {
    fn new(store: Store, key: String, end: LogEnd) -> Self {
        // Of an entry that is not the last one, the head was written later than the item.
        let entries = store.table.query(Entry::partition(end.generation).number(..end.entries));
        let items = entries.consistent_read().items();
        Self { store, key, end, items, number: 1 }
    }

    async fn next(&mut self) -> Result<Option<AttributeValue>> {
        let number = self.number;
        self.number += 1;
        if number == self.end.entries {
            return Ok(Some(mem::replace(&mut self.end.last, AttributeValue::Null(true))));
        }
        if number > self.end.entries {
            return Ok(None);
        }
        match self.items.next().await.transpose()? {
            Some(entry) if entry.number == number => Ok(Some(entry.value)),
            // A log without one of its entries is never told as a whole one.
            _ => Err(reading::missing(&self.store, &self.key, self.end.generation).await),
        }
    }
}
