//! Keys as text, which items of other entities keep as references.

use super::{Item, Key, KeyBytes, TableOf, key_of, name_of};
use crate::{
    error::{DecodeError, KeyError},
    schema::{KeyAttribute, TableSchema},
    value::DataType,
};
use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use base64_simd::STANDARD;

pub(super) fn read<K: Key>(partition_key: &str, sort_key: Option<&str>) -> Result<K, DecodeError> {
    let in_entity = |error: DecodeError| error.in_entity(name_of::<K>());
    let mut item = Item::with_capacity(2);
    let mut insert = |attribute: KeyAttribute, text: &str| {
        item.insert(attribute.name.into(), value(attribute.data_type, text)?);
        Ok(())
    };
    insert(<TableOf<K>>::PARTITION_KEY, partition_key).map_err(in_entity)?;
    match (<TableOf<K>>::SORT_KEY, sort_key) {
        (Some(attribute), Some(text)) => insert(attribute, text).map_err(in_entity)?,
        (None, Some(_)) => return Err(in_entity(DecodeError::new("a key without a sort key", "one"))),
        // That one is missing is told by the key that is read.
        (_, None) => {}
    }
    let key: K = key_of::<K::Entity>(&item)?;
    let (mut own, stored) = (KeyBytes::default(), KeyBytes::of_item::<TableOf<K>>(&item));
    // As of items that are read: a text that another program wrote in another form would be the key of another item.
    match own.set_key(&key).is_ok() && own.as_slice() == stored.as_slice() {
        true => Ok(key),
        false => Err(in_entity(DecodeError::other_key())),
    }
}

fn value(data_type: DataType, text: &str) -> Result<AttributeValue, DecodeError> {
    Ok(match data_type {
        DataType::N => AttributeValue::N(text.to_owned()),
        DataType::B => {
            let bytes = STANDARD.decode_to_vec(text);
            AttributeValue::B(Blob::new(bytes.map_err(|_| DecodeError::new("base64", "another text"))?))
        }
        _ => AttributeValue::S(text.to_owned()),
    })
}

pub(super) fn write<K: Key>(key: &K) -> Result<(String, Option<String>), KeyError> {
    Ok((text(key.partition_key()?), key.sort_key()?.map(text)))
}

/// The text of the value of a key attribute, which is a string, a number or a binary value.
fn text(value: AttributeValue) -> String {
    match value {
        AttributeValue::S(text) | AttributeValue::N(text) => text,
        AttributeValue::B(bytes) => STANDARD.encode_to_string(bytes.as_ref()),
        _ => String::new(),
    }
}
