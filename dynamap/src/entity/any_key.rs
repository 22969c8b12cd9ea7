use super::{Item, Key, KeyBytes, key_item};
use crate::error::KeyError;
use std::fmt::Debug;

/// The primary key of an item: of an entity, or of a member of an item collection.
#[doc(hidden)]
pub trait AnyKey: Clone + Debug + Send + Sync + 'static {
    /// The position of the member whose key it is; 0 of an entity.
    fn member(&self) -> usize;

    /// Writes the values of the key attributes, to be compared.
    fn write_to(&self, bytes: &mut KeyBytes) -> Result<(), KeyError>;

    /// The key attributes by name, as requests want them.
    fn to_item(&self) -> Result<Item, KeyError>;
}

impl<K: Key> AnyKey for K {
    fn member(&self) -> usize {
        0
    }

    fn write_to(&self, bytes: &mut KeyBytes) -> Result<(), KeyError> {
        self.write_values(bytes)
    }

    fn to_item(&self) -> Result<Item, KeyError> {
        key_item(self)
    }
}
