use super::fetched::{Fetched, FetchedOrUnread, Unread, UnreadItem};
use crate::{
    direct::BATCH_GET_ITEM,
    entity::{Item, KeyValues},
    error::{DecodeError, ServiceError, ServiceErrorKind},
    op::read::Queryable,
    outcome::{Error, Result, UnprocessedKeys},
};
use std::{collections::HashSet, sync::Arc};

/// The keys that a batch has not read, as one error.
pub(super) struct AllUnread<'a> {
    table: &'a str,
    /// The number of different keys of the batch.
    asked: usize,
    /// The first of each kind.
    malformed: Option<DecodeError>,
    failed: Option<Arc<ServiceError>>,
    /// Each key once.
    keys: Vec<Item>,
    known: HashSet<KeyValues>,
}

impl<'a> AllUnread<'a> {
    pub(super) fn new(table: &'a str, asked: usize) -> Self {
        Self { table, asked, malformed: None, failed: None, keys: Vec::new(), known: HashSet::new() }
    }

    /// Takes the keys that were not read out of the results, and gives the rest.
    pub(super) fn separate<E: Queryable, T>(
        &mut self,
        results: impl IntoIterator<Item = FetchedOrUnread<E, T>>,
    ) -> Result<Vec<Fetched<E, T>>> {
        // Most were read, and stay where they are in memory.
        let results = results.into_iter().filter_map(|result| match result {
            Ok(one) => Some(Ok(one)),
            Err(unread) => self.note(unread).err().map(Err),
        });
        results.collect()
    }

    fn note<E: Queryable>(&mut self, UnreadItem { key, reason }: UnreadItem<E>) -> Result<()> {
        let key = KeyValues::of(&key)?;
        if !self.known.contains(&key) {
            self.keys.push(key.to_item::<E::Table>());
            self.known.insert(key);
        }
        match reason {
            Unread::Decode(error) => drop(self.malformed.get_or_insert(error)),
            // DynamoDB: it throttles a whole batch if it can process nothing of it.
            Unread::Failed(error) if error.kind() != ServiceErrorKind::Throttled => {
                self.failed.get_or_insert(error);
            }
            Unread::Failed(_) | Unread::Unprocessed => {}
        }
        Ok(())
    }

    pub(super) fn into_result(self) -> Result<()> {
        if let Some(error) = self.malformed {
            return Err(error.into());
        }
        // The others who had it are gone.
        if let Some(error) = self.failed.and_then(Arc::into_inner) {
            return Err(error.into());
        }
        match self.keys.is_empty() {
            true => Ok(()),
            false => Err(Error::UnprocessedKeys(UnprocessedKeys::new(
                BATCH_GET_ITEM.name,
                self.table,
                self.asked,
                self.keys,
            ))),
        }
    }
}
