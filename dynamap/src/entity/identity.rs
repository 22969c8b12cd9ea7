use super::{Entity, Item, Key, key_attributes};
use crate::value::Number;
use aws_sdk_dynamodb::types::AttributeValue;

/// The primary key of an item, to compare items by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Identity(KeyValue, Option<KeyValue>);

/// The value of a key attribute.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum KeyValue {
    S(String),
    /// DynamoDB: numbers are one key if they are equal by value, as `1` and `1.0` are.
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

impl Identity {
    /// The identity of an item or key; `None` if its key attributes are of no type that DynamoDB takes for keys.
    pub(crate) fn of<E: Entity>(item: &Item) -> Option<Self> {
        let (partition_key, sort_key) = key_attributes::<E::Table>(item);
        let sort_key = match sort_key {
            Some(value) => Some(KeyValue::of(&value)?),
            None => None,
        };
        Some(Self(KeyValue::of(&partition_key?)?, sort_key))
    }
}

/// The entity of a key.
pub(crate) const fn name_of<K: Key>() -> &'static str {
    <K::Entity as Entity>::NAME
}
