use crate::{
    entity::{Entity, Item, key_of},
    error::DecodeError,
};
use std::{fmt, sync::Arc};

/// Keys of a batch that DynamoDB did not process, though they were asked for again and again: there is no throughput.
///
/// It holds the keys, so that they can be asked for later, and never shows them.
pub struct UnprocessedKeys {
    operation: &'static str,
    /// The tables of the batch, one at least: the name, the number of different keys, and where its keys begin and end.
    tables: Vec<(Arc<str>, usize, std::ops::Range<usize>)>,
    keys: Vec<Item>,
}

/// The keys of one table that DynamoDB did not process.
#[derive(Clone, Copy)]
pub struct UnprocessedTable<'k> {
    table: &'k str,
    asked: usize,
    keys: &'k [Item],
}

impl UnprocessedKeys {
    /// Keys of tables, each with its name and the number of its different keys.
    pub(crate) fn new(
        operation: &'static str,
        tables: impl IntoIterator<Item = (Arc<str>, usize, Vec<Item>)>,
    ) -> Self {
        let mut unprocessed = Self { operation, tables: Vec::new(), keys: Vec::new() };
        for (table, asked, keys) in tables {
            let start = unprocessed.keys.len();
            unprocessed.keys.extend(keys);
            unprocessed.tables.push((table, asked, start..unprocessed.keys.len()));
        }
        unprocessed
    }

    /// The DynamoDB operation, such as `BatchGetItem`.
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// The name of the table; of a batch over several tables, that of the first.
    pub fn table(&self) -> &str {
        self.tables.first().map_or("", |(table, ..)| table)
    }

    /// The tables of the batch, each with its keys that were not processed.
    pub fn tables(&self) -> impl Iterator<Item = UnprocessedTable<'_>> {
        self.tables.iter().map(|(table, asked, keys)| UnprocessedTable {
            table,
            asked: *asked,
            keys: self.keys.get(keys.clone()).unwrap_or_default(),
        })
    }

    /// The number of different keys of the batch.
    pub fn asked(&self) -> usize {
        self.tables.iter().map(|(_, asked, _)| asked).sum()
    }

    /// The number of keys that were not processed.
    pub fn count(&self) -> usize {
        self.keys.len()
    }

    /// The keys that were not processed. Those of several tables are told apart by [`tables`](Self::tables).
    ///
    /// # Errors
    /// They are not of the form of the keys of `E`.
    pub fn keys<E: Entity>(&self) -> Result<Vec<E::Key>, DecodeError> {
        self.keys.iter().map(key_of::<E>).collect()
    }

    /// The keys that were not processed, in the SDK's types, table by table.
    pub fn raw_keys(&self) -> &[Item] {
        &self.keys
    }
}

impl<'k> UnprocessedTable<'k> {
    /// The table's name.
    pub fn table(&self) -> &'k str {
        self.table
    }

    /// The number of different keys of the table in the batch.
    pub fn asked(&self) -> usize {
        self.asked
    }

    /// The number of keys that were not processed.
    pub fn count(&self) -> usize {
        self.keys.len()
    }

    /// The keys that were not processed.
    ///
    /// # Errors
    /// They are not of the form of the keys of `E`.
    pub fn keys<E: Entity>(&self) -> Result<Vec<E::Key>, DecodeError> {
        self.keys.iter().map(key_of::<E>).collect()
    }

    /// The keys that were not processed, in the SDK's types.
    pub fn raw_keys(&self) -> &'k [Item] {
        self.keys
    }
}

impl fmt::Display for UnprocessedKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self { operation, tables, .. }, asked, count) = (self, self.asked(), self.count());
        write!(f, "{operation} on {} ", if tables.len() > 1 { "tables" } else { "table" })?;
        for (at, (table, ..)) in tables.iter().enumerate() {
            write!(f, "{}`{table}`", if at > 0 { ", " } else { "" })?;
        }
        write!(f, ": {count} of {asked} keys were not processed")
    }
}

/// Shows the same as `Display`: the keys are values.
impl fmt::Debug for UnprocessedKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UnprocessedKeys({self})")
    }
}

/// Shows no key.
impl fmt::Debug for UnprocessedTable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnprocessedTable")
            .field("table", &self.table)
            .field("asked", &self.asked)
            .field("count", &self.count())
            .finish_non_exhaustive()
    }
}

impl std::error::Error for UnprocessedKeys {}
