use crate::{
    entity::{Entity, Item, Key, key_attributes, key_item},
    error::KeyError,
    value::Number,
};
use aws_sdk_dynamodb::types::AttributeValue;
use std::collections::HashMap;

/// Where the item of each key belongs: its positions among the keys of a batch.
#[derive(Debug, Default)]
pub(super) struct Places(HashMap<KeyValues, Vec<usize>>);

type KeyValues = (KeyValue, Option<KeyValue>);

/// The value of a key attribute. Numbers are equal by value: DynamoDB returns `1.50` as `1.5`.
#[derive(Debug, PartialEq, Eq, Hash)]
enum KeyValue {
    S(String),
    N(Number),
    B(Vec<u8>),
}

impl KeyValue {
    fn of(value: &AttributeValue) -> Option<Self> {
        match value {
            AttributeValue::S(text) => Some(Self::S(text.clone())),
            AttributeValue::N(number) => number.parse().ok().map(Self::N),
            AttributeValue::B(bytes) => Some(Self::B(bytes.as_ref().to_vec())),
            _ => None,
        }
    }
}

impl Places {
    /// The places of `keys`, and each key once as requests want it.
    pub(super) fn of<K: Key>(keys: &[K]) -> Result<(Self, Vec<Item>), KeyError> {
        let (mut places, mut distinct) = (Self::default(), Vec::new());
        for (place, key) in keys.iter().enumerate() {
            let item = key_item(key)?;
            // A key attribute is a string, a number or bytes: at any other, DynamoDB would find no item.
            let Some(values) = key_values(&key_attributes::<TableOf<K>>(&item)) else { continue };
            let places = places.0.entry(values).or_default();
            if places.is_empty() {
                distinct.push(item);
            }
            places.push(place);
        }
        Ok((places, distinct))
    }

    /// The places of the item with these key attributes.
    pub(super) fn get(&self, key: &KeyAttributes) -> &[usize] {
        let places = key_values(key).and_then(|values| self.0.get(&values));
        places.map_or(&[], Vec::as_slice)
    }
}

/// The partition key and the sort key of an item.
type KeyAttributes = (Option<AttributeValue>, Option<AttributeValue>);

type TableOf<K> = <<K as Key>::Entity as Entity>::Table;

fn key_values((partition, sort): &KeyAttributes) -> Option<KeyValues> {
    let sort = match sort {
        Some(value) => Some(KeyValue::of(value)?),
        None => None,
    };
    Some((KeyValue::of(partition.as_ref()?)?, sort))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_equal_by_value() {
        let number = |text: &str| Some(AttributeValue::N(text.into()));
        assert_eq!(key_values(&(number("1.50"), None)), key_values(&(number("1.5"), None)));
        assert_ne!(key_values(&(number("15"), None)), key_values(&(number("1.5"), None)));
        assert_ne!(key_values(&(number("1"), number("2"))), key_values(&(number("2"), number("1"))));
        assert_ne!(
            key_values(&(number("1"), None)),
            key_values(&(Some(AttributeValue::S("1".into())), None))
        );
    }
}
