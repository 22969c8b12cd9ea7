use crate::{
    entity::{Entity, Item, key_of},
    error::DecodeError,
};
use std::fmt;

/// Keys of a batch that DynamoDB did not process, though they were asked for again and again: there is no throughput.
///
/// It holds the keys, so that they can be asked for later, and never shows them.
pub struct UnprocessedKeys {
    operation: &'static str,
    table: String,
    asked: usize,
    keys: Vec<Item>,
}

impl UnprocessedKeys {
    pub(crate) fn new(operation: &'static str, table: &str, asked: usize, keys: Vec<Item>) -> Self {
        Self { operation, table: table.into(), asked, keys }
    }

    /// The DynamoDB operation, such as `BatchGetItem`.
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// The table's name.
    pub fn table(&self) -> &str {
        &self.table
    }

    /// The number of different keys of the batch.
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
    pub fn raw_keys(&self) -> &[Item] {
        &self.keys
    }
}

impl fmt::Display for UnprocessedKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self { operation, table, asked, .. }, count) = (self, self.count());
        write!(f, "{operation} on table `{table}`: {count} of {asked} keys were not processed")
    }
}

/// Shows the same as `Display`: the keys are values.
impl fmt::Debug for UnprocessedKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UnprocessedKeys({self})")
    }
}

impl std::error::Error for UnprocessedKeys {}
