use super::{
    fetched::{Fetched, FetchedOrUnread, Unread, UnreadItem},
    parts::GetParts,
};
use crate::{
    direct::BATCH_GET_ITEM,
    entity::{Item, KeyValues},
    error::{DecodeError, ServiceError, ServiceErrorKind},
    op::read::Queryable,
    outcome::{Error, Result, UnprocessedKeys},
};
use std::{collections::HashSet, sync::Arc};

/// The keys that a batch has not read, as one error.
pub struct AllUnread {
    tables: Vec<UnreadTable>,
    /// The position of each part's table.
    of_parts: Vec<usize>,
    /// The first of each kind.
    malformed: Option<DecodeError>,
    failed: Option<Arc<ServiceError>>,
}

struct UnreadTable {
    name: Arc<str>,
    /// The number of different keys of the table.
    asked: usize,
    /// Each key once.
    keys: Vec<Item>,
    known: HashSet<KeyValues>,
}

impl AllUnread {
    /// None yet of a batch of these parts.
    pub(super) fn of<O>(parts: &GetParts<O>) -> Self {
        let mut unread = Self { tables: Vec::new(), of_parts: Vec::new(), malformed: None, failed: None };
        for part in parts.all() {
            let (name, asked) = (&part.handle.table, part.asked.distinct());
            let known = unread.tables.iter().position(|table| table.name == *name);
            let table = known.unwrap_or_else(|| {
                let (keys, known) = (Vec::new(), HashSet::new());
                unread.tables.push(UnreadTable { name: name.clone(), asked: 0, keys, known });
                unread.tables.len() - 1
            });
            unread.tables[table].asked += asked;
            unread.of_parts.push(table);
        }
        unread
    }

    /// Takes the keys that were not read out of the results of a part, and gives the rest.
    pub(super) fn separate<E: Queryable, T>(
        &mut self,
        part: usize,
        results: impl IntoIterator<Item = FetchedOrUnread<E, T>>,
    ) -> Result<Vec<Fetched<E, T>>> {
        // Most were read, and stay where they are in memory.
        let results = results.into_iter().filter_map(|result| match result {
            Ok(one) => Some(Ok(one)),
            Err(unread) => self.note(part, unread).err().map(Err),
        });
        results.collect()
    }

    fn note<E: Queryable>(&mut self, part: usize, unread: UnreadItem<E>) -> Result<()> {
        let UnreadItem { key, reason } = unread;
        let (key, table) = (KeyValues::of(&key)?, &mut self.tables[self.of_parts[part]]);
        if !table.known.contains(&key) {
            table.keys.push(key.to_item::<E::Table>());
            table.known.insert(key);
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
        if self.tables.iter().all(|table| table.keys.is_empty()) {
            return Ok(());
        }
        let tables = self.tables.into_iter().map(|table| (table.name, table.asked, table.keys));
        Err(Error::UnprocessedKeys(UnprocessedKeys::new(BATCH_GET_ITEM.name, tables)))
    }
}
