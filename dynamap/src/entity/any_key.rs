use super::{Item, Key, KeyBytes, key_item, name_of};
use crate::error::{DecodeError, KeyError};
use aws_sdk_dynamodb::types::AttributeValue;
use std::fmt::Debug;

/// The primary key of an item: of an entity, or of a member of an item collection.
#[doc(hidden)]
pub trait AnyKey: Clone + Debug + Send + Sync + 'static {
    /// The position of the member whose key it is; 0 of an entity.
    fn member(&self) -> usize;

    /// The key of a member of an item collection, or of none that it knows; of an entity, its key.
    fn of_member(
        member: Option<usize>,
        partition_key: Option<AttributeValue>,
        sort_key: Option<AttributeValue>,
    ) -> Result<Self, DecodeError>;

    /// Writes the values of the key attributes, to be compared.
    fn write_to(&self, bytes: &mut KeyBytes) -> Result<(), KeyError>;

    /// The key attributes by name, as requests want them.
    fn to_item(&self) -> Result<Item, KeyError>;
}

impl<K: Key> AnyKey for K {
    fn member(&self) -> usize {
        0
    }

    fn of_member(
        _: Option<usize>,
        partition_key: Option<AttributeValue>,
        sort_key: Option<AttributeValue>,
    ) -> Result<Self, DecodeError> {
        K::from_attributes(partition_key, sort_key).map_err(|error| error.in_entity(name_of::<K>()))
    }

    fn write_to(&self, bytes: &mut KeyBytes) -> Result<(), KeyError> {
        self.write_values(bytes)
    }

    fn to_item(&self) -> Result<Item, KeyError> {
        key_item(self)
    }
}
