use crate::entity::KeyValues;
use std::collections::HashSet;

/// The writes of a request that were not processed, by their tables and keys.
#[derive(Debug, Default)]
pub(super) struct Unprocessed(Vec<HashSet<KeyValues>>);

impl Unprocessed {
    pub(super) fn add(&mut self, table: usize, key: KeyValues) {
        if self.0.len() <= table {
            self.0.resize_with(table + 1, HashSet::new);
        }
        self.0[table].insert(key);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(HashSet::is_empty)
    }

    pub(super) fn len(&self) -> usize {
        self.0.iter().map(HashSet::len).sum()
    }

    pub(super) fn has_key(&self, table: usize, key: &KeyValues) -> bool {
        self.0.get(table).is_some_and(|keys| keys.contains(key))
    }
}
