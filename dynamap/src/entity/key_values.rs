use super::{Entity, Item, key_attributes};
use crate::value::Number;
use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};

/// The key of an item, to be compared: DynamoDB takes equal keys for one, however their numbers are written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct KeyValues(KeyValue, Option<KeyValue>);

/// The value of a key attribute. Numbers are equal by value: DynamoDB returns `1.50` as `1.5`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
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

impl KeyValues {
    /// The values of the partition key and the sort key; `None` where DynamoDB has no such key.
    pub(crate) fn of((partition, sort): &(Option<AttributeValue>, Option<AttributeValue>)) -> Option<Self> {
        let sort = match sort {
            Some(value) => Some(KeyValue::of(value)?),
            None => None,
        };
        Some(Self(KeyValue::of(partition.as_ref()?)?, sort))
    }

    /// Those of an item or key of `E`.
    pub(crate) fn of_item<E: Entity>(item: &Item) -> Option<Self> {
        Self::of(&key_attributes::<E::Table>(item))
    }

    /// The attribute values of the partition key, and of the sort key if there is one.
    pub(crate) fn values(&self) -> impl Iterator<Item = AttributeValue> {
        let value = |value: &KeyValue| match value {
            KeyValue::S(text) => AttributeValue::S(text.clone()),
            KeyValue::N(number) => AttributeValue::N(number.to_string()),
            KeyValue::B(bytes) => AttributeValue::B(Blob::new(bytes.clone())),
        };
        [Some(value(&self.0)), self.1.as_ref().map(value)].into_iter().flatten()
    }

    #[cfg(test)]
    pub(crate) fn text(text: &str) -> Self {
        Self(KeyValue::S(text.to_owned()), None)
    }
}

#[cfg(test)]
mod tests {
    use super::{AttributeValue, KeyValues};

    #[test]
    fn numbers_are_equal_by_value() {
        let number = |text: &str| Some(AttributeValue::N(text.into()));
        let of = |partition, sort| KeyValues::of(&(partition, sort));
        assert_eq!(of(number("1.50"), None), of(number("1.5"), None));
        assert_eq!(of(number("1"), None), of(number("01.0"), None));
        assert_ne!(of(number("15"), None), of(number("1.5"), None));
        assert_ne!(of(number("1"), number("2")), of(number("2"), number("1")));
        assert_ne!(of(number("1"), None), of(Some(AttributeValue::S("1".into())), None));
        assert_eq!(of(Some(AttributeValue::Bool(true)), None), None);
    }
}
