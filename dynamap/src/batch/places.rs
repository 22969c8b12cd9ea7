use crate::entity::KeyValues;
use crate::{
    entity::{Item, key_attributes},
    schema::TableSchema,
};
use aws_sdk_dynamodb::types::AttributeValue;
use std::collections::HashMap;

/// Where the item of each key belongs: its positions among the keys of a batch.
#[derive(Debug, Default)]
pub(super) struct Places(HashMap<KeyValues, Vec<usize>>);

impl Places {
    /// Adds a place, and the key to those that are asked for unless it is there already.
    pub(super) fn add<S: TableSchema>(&mut self, place: usize, key: Item, distinct: &mut Vec<Item>) {
        // A key attribute is a string, a number or bytes: at any other, DynamoDB would find no item.
        let Some(values) = KeyValues::of(&key_attributes::<S>(&key)) else { return };
        let places = self.0.entry(values).or_default();
        if places.is_empty() {
            distinct.push(key);
        }
        places.push(place);
    }

    /// The places of the item with these key attributes.
    pub(super) fn get(&self, key: &KeyAttributes) -> &[usize] {
        let places = KeyValues::of(key).and_then(|values| self.0.get(&values));
        places.map_or(&[], Vec::as_slice)
    }
}

/// The partition key and the sort key of an item.
type KeyAttributes = (Option<AttributeValue>, Option<AttributeValue>);
