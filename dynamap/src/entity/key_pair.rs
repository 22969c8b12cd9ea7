use super::{Entity, Item, Key};
use crate::{
    error::{EncodeError, KeyError},
    schema::TableSchema,
    value::{ToAttribute, Writer},
};
use aws_sdk_dynamodb::types::AttributeValue;

/// The attribute values of a primary key.
#[derive(Clone)]
pub(crate) struct KeyPair {
    pub(super) partition: AttributeValue,
    pub(super) sort: Option<AttributeValue>,
}

impl KeyPair {
    pub(crate) fn of<K: Key>(key: &K) -> Result<Self, KeyError> {
        let partition = key.partition_key()?;
        let has_sort_key = <K::Entity as Entity>::Table::SORT_KEY.is_some();
        let sort = if has_sort_key { key.sort_key()? } else { None };
        Ok(Self { partition, sort })
    }

    /// By name, as the SDK has it.
    pub(crate) fn into_item<S: TableSchema>(self) -> Item {
        let mut item = Item::with_capacity(2);
        item.insert(S::PARTITION_KEY.name.into(), self.partition);
        if let (Some(attribute), Some(value)) = (S::SORT_KEY, self.sort) {
            item.insert(attribute.name.into(), value);
        }
        item
    }

    /// Writes it as an item.
    pub(crate) fn write<S: TableSchema, W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
        w.begin_item()?;
        w.key(S::PARTITION_KEY.name)?;
        self.partition.write(w)?;
        if let (Some(attribute), Some(value)) = (S::SORT_KEY, &self.sort) {
            w.key(attribute.name)?;
            value.write(w)?;
        }
        w.end_item()
    }
}
