use super::{AnyKey, Entity, Item};
use crate::{
    error::{EncodeError, KeyError},
    schema::{TableSchema, primary_key},
    value::{DataType, Number, Reader, ToAttribute, Writer, scalar::Scalar},
    wire::JsonReader,
};
use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use std::{fmt, sync::Arc};

/// The key of an item, to be compared: DynamoDB takes equal keys for one, however their numbers are written.
///
/// It is one piece of bytes, as [`KeyBytes`] writes them, so that it is made, compared and hashed at little cost. A clone
/// is the same bytes.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct KeyValues(Arc<[u8]>);

impl KeyValues {
    /// Those of an item or key of the table `S`; `None` where DynamoDB has no such key.
    pub(crate) fn of_item<S: TableSchema>(item: &Item) -> Option<Self> {
        let mut bytes = KeyBytes::default();
        bytes.set_item::<S>(item)?;
        Some(bytes.to_key())
    }

    pub(crate) fn of<K: AnyKey>(key: &K) -> Result<Self, KeyError> {
        let mut bytes = KeyBytes::default();
        bytes.set_key(key)?;
        Ok(bytes.to_key())
    }

    /// Those of key attributes; `None` where DynamoDB has no such key.
    pub(crate) fn of_attributes(attributes: impl Iterator<Item = AttributeValue>) -> Option<Self> {
        let mut bytes = KeyBytes::default();
        attributes.map(|value| bytes.push_value(&value)).collect::<Option<()>>()?;
        (!bytes.0.is_empty()).then(|| bytes.to_key())
    }

    #[cfg(test)]
    pub(crate) fn text(text: &str) -> Self {
        KeyBytes::of_text(text).to_key()
    }

    /// The attribute values of the partition key, and of the sort key if there is one.
    pub(crate) fn values(&self) -> impl Iterator<Item = AttributeValue> {
        scalars(&self.0).map(|scalar| match scalar {
            Scalar::S(text) => AttributeValue::S(text.into_owned()),
            Scalar::N(text) => AttributeValue::N(text.into_owned()),
            Scalar::B(bytes) => AttributeValue::B(Blob::new(bytes.into_owned())),
        })
    }

    /// The key attributes of the table `S` by name.
    pub(crate) fn to_item<S: TableSchema>(&self) -> Item {
        let names = primary_key::<S>().map(|attribute| attribute.name.to_owned());
        names.zip(self.values()).collect()
    }
}

/// Shows no value.
impl fmt::Debug for KeyValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyValues").finish_non_exhaustive()
    }
}

const STRING: u8 = b'S';
const NUMBER: u8 = b'N';
const BYTES: u8 = b'B';

/// The bytes of a key, to be compared: of each key attribute its data type, its length, and its value. Numbers are written
/// in one way, as DynamoDB returns them: `1.50` as `1.5`.
#[derive(Default)]
pub struct KeyBytes(Vec<u8>);

impl KeyBytes {
    #[cfg(test)]
    pub(crate) fn of_text(text: &str) -> Self {
        let mut bytes = Self::default();
        bytes.text(text);
        bytes
    }

    /// Those of an item of the table `S`; empty where it has no key.
    pub(crate) fn of_item<S: TableSchema>(item: &Item) -> Self {
        let mut bytes = Self::default();
        if bytes.set_item::<S>(item).is_none() {
            bytes.0.clear();
        }
        bytes
    }

    /// Takes memory that is used again, by [`into_memory`](Self::into_memory).
    pub(crate) fn in_memory(memory: Vec<u8>) -> Self {
        Self(memory)
    }

    pub(crate) fn into_memory(self) -> Vec<u8> {
        self.0
    }

    pub(crate) fn as_slice(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn to_key(&self) -> KeyValues {
        KeyValues(Arc::from(self.0.as_slice()))
    }

    /// Becomes those of an item or key of the table `S`; `None` where DynamoDB has no such key.
    pub(crate) fn set_item<S: TableSchema>(&mut self, item: &Item) -> Option<()> {
        self.0.clear();
        self.push_value(item.get(S::PARTITION_KEY.name)?)?;
        match S::SORT_KEY.and_then(|attribute| item.get(attribute.name)) {
            Some(value) => self.push_value(value),
            None => Some(()),
        }
    }

    pub(crate) fn set_key<K: AnyKey>(&mut self, key: &K) -> Result<(), KeyError> {
        self.0.clear();
        key.write_to(self)
    }

    /// Becomes these.
    pub(crate) fn set_values(&mut self, key: &KeyValues) {
        self.0.clear();
        self.0.extend_from_slice(&key.0);
    }

    /// Becomes those of an entity's key.
    pub(crate) fn set_entity<E: Entity>(&mut self, entity: &E) -> Result<(), KeyError> {
        self.0.clear();
        entity.write_key_values(self)
    }

    /// Adds a key attribute that is a string.
    pub fn text(&mut self, text: &str) {
        self.push(STRING, text.as_bytes());
    }

    /// Adds a key attribute; false, and nothing is added, if it is no number.
    pub(crate) fn scalar(&mut self, scalar: &Scalar<'_>) -> bool {
        let added = match scalar {
            Scalar::S(text) => self.push(STRING, text.as_bytes()),
            Scalar::N(text) => self.push_number(text),
            Scalar::B(bytes) => self.push(BYTES, bytes),
        };
        added.is_some()
    }

    /// Writes the key as an item of the table `S`.
    pub(crate) fn write<S: TableSchema>(&self, w: &mut impl Writer) -> Result<(), EncodeError> {
        w.begin_item()?;
        for (attribute, value) in primary_key::<S>().zip(scalars(&self.0)) {
            w.key(attribute.name)?;
            value.write(w)?;
        }
        w.end_item()
    }

    /// Becomes those of the key attributes that these readers are in front of.
    pub(crate) fn set_read(&mut self, partition: JsonReader<'_>, sort: Option<JsonReader<'_>>) -> Option<()> {
        self.0.clear();
        self.push_read(partition)?;
        sort.map_or(Some(()), |sort| self.push_read(sort))
    }

    fn push_read(&mut self, mut r: JsonReader<'_>) -> Option<()> {
        match r.data_type().ok()? {
            DataType::S => self.push(STRING, r.str().ok()?.as_bytes()),
            DataType::N => self.push_number(&r.number().ok()?),
            DataType::B => self.push(BYTES, &r.bytes().ok()?),
            _ => None,
        }
    }

    fn push_value(&mut self, value: &AttributeValue) -> Option<()> {
        match value {
            AttributeValue::S(text) => self.push(STRING, text.as_bytes()),
            AttributeValue::N(number) => self.push_number(number),
            AttributeValue::B(bytes) => self.push(BYTES, bytes.as_ref()),
            _ => None,
        }
    }

    fn push_number(&mut self, text: &str) -> Option<()> {
        // Most are written as they are returned.
        if matches!(text.as_bytes(), [b'1'..=b'9', digits @ ..] if digits.len() < 38 && digits.iter().all(u8::is_ascii_digit))
        {
            return self.push(NUMBER, text.as_bytes());
        }
        let number: Number = text.parse().ok()?;
        self.push(NUMBER, number.to_string().as_bytes())
    }

    fn push(&mut self, kind: u8, value: &[u8]) -> Option<()> {
        self.0.push(kind);
        self.0.extend_from_slice(&u32::try_from(value.len()).ok()?.to_le_bytes());
        self.0.extend_from_slice(value);
        Some(())
    }
}

/// The values in the bytes of a key.
fn scalars(mut bytes: &[u8]) -> impl Iterator<Item = Scalar<'_>> {
    std::iter::from_fn(move || {
        let (header, following) = bytes.split_first_chunk::<5>()?;
        let [kind, length @ ..] = *header;
        let (value, following) = following.split_at_checked(u32::from_le_bytes(length) as usize)?;
        bytes = following;
        // Whatever is no text was pushed as bytes.
        Some(match (kind, str::from_utf8(value)) {
            (STRING, Ok(text)) => Scalar::S(text.into()),
            (NUMBER, Ok(text)) => Scalar::N(text.into()),
            _ => Scalar::B(value.into()),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::{AttributeValue, Blob, KeyBytes, KeyValues, Number};

    fn of(partition: AttributeValue, sort: Option<AttributeValue>) -> Option<KeyValues> {
        let mut bytes = KeyBytes::default();
        for value in std::iter::once(partition).chain(sort) {
            bytes.push_value(&value)?;
        }
        Some(bytes.to_key())
    }

    fn number(text: &str) -> AttributeValue {
        AttributeValue::N(text.into())
    }

    #[test]
    fn numbers_are_equal_by_value() {
        assert_eq!(of(number("1.50"), None), of(number("1.5"), None));
        assert_eq!(of(number("1"), None), of(number("01.0"), None));
        assert_eq!(of(number("0"), None), of(number("-0.0"), None));
        assert_ne!(of(number("15"), None), of(number("1.5"), None));
        assert_ne!(of(number("1"), Some(number("2"))), of(number("2"), Some(number("1"))));
        assert_ne!(of(number("1"), None), of(AttributeValue::S("1".into()), None));
        assert_eq!(of(AttributeValue::Bool(true), None), None);
    }

    /// A number that is compared as it is written equals the same number written in any other way.
    #[test]
    fn plain_numbers_are_written_as_numbers_are() {
        for digits in 1..=38 {
            for text in ["9".repeat(digits), format!("1{}", "0".repeat(digits - 1))] {
                let parsed: Result<Number, _> = text.parse();
                assert_eq!(parsed.map(|number| number.to_string()).ok(), Some(text.clone()));
                assert_eq!(of(number(&text), None), of(number(&format!("+{text}.0")), None), "{text}");
            }
        }
    }

    #[test]
    fn the_values_of_a_key_are_those_it_was_made_of() {
        let text = |text: &str| AttributeValue::S(text.into());
        let bytes = AttributeValue::B(Blob::new([0, 255]));
        for (partition, sort) in [
            (text("a"), None),
            (text(""), Some(text("aS"))),
            (text("ä\u{1F600}"), Some(number("-1.5"))),
            (bytes.clone(), Some(bytes)),
        ] {
            let key = of(partition.clone(), sort.clone());
            let values = key.iter().flat_map(KeyValues::values);
            assert_eq!(Vec::from_iter(values), Vec::from_iter([Some(partition), sort].into_iter().flatten()));
        }
        assert_ne!(of(text("a"), Some(text("b"))), of(text("ab"), Some(text(""))));
    }
}
