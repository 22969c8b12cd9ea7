//! Types of serde as attributes.
//!
//! The stored form is that of `serde_dynamo`: structs and maps are maps (M), sequences and tuples lists (L),
//! unit variants strings (S), other variants maps of one member, `None` and units NULL. The markers
//! `serde_dynamo::{string_set, number_set, binary_set}` make sets.
//!
//! What serde cannot say, dynamap refuses with an error: numbers that are not finite or have more than 38
//! digits, and sets without members.

mod absent;
mod access;
mod compound;
mod deserializer;
mod error;
mod map_key;
mod serializer;
mod set;

pub(crate) use absent::{absent, is_absent};

use super::{Reader, Writer};
use crate::error::{DecodeError, EncodeError};
use ::serde::{Serialize, de::DeserializeOwned};
use aws_sdk_dynamodb::types::AttributeValue;
use std::collections::HashMap;

/// Writes a serde value as one attribute value.
///
/// # Errors
/// DynamoDB cannot store the value, or its `Serialize` refuses it.
pub fn write<T: Serialize + ?Sized, W: Writer>(value: &T, w: &mut W) -> Result<(), EncodeError> {
    value.serialize(serializer::Serializer(w)).map_err(EncodeError::from)
}

/// Reads a serde value from one attribute value.
///
/// # Errors
/// The attribute has another form than the type's `Deserialize` asks for.
pub fn read<T: DeserializeOwned, R: Reader>(r: &mut R) -> Result<T, DecodeError> {
    T::deserialize(deserializer::Deserializer(r)).map_err(DecodeError::from)
}

/// Maps a serde value to an item of the SDK's `AttributeValue`s, by `serde_dynamo`.
///
/// # Errors
/// The value is not a struct or a map with string keys.
pub fn to_item<T: Serialize>(value: &T) -> Result<HashMap<String, AttributeValue>, EncodeError> {
    // The source is dropped: its message may quote the value.
    serde_dynamo::to_item(value).map_err(|_| {
        EncodeError::new(format!("`{}` does not serialize as an item", std::any::type_name::<T>()))
    })
}

/// Maps an item of the SDK's `AttributeValue`s to a serde value, by `serde_dynamo`.
///
/// # Errors
/// The item has another form than the type's `Deserialize` asks for.
pub fn from_item<T: DeserializeOwned>(item: HashMap<String, AttributeValue>) -> Result<T, DecodeError> {
    let expected = || format!("an item in the serde form of `{}`", std::any::type_name::<T>());
    // `serde_dynamo` panics on them.
    if item.values().any(holds_unknown) {
        return Err(DecodeError::new(expected(), "an unknown data type"));
    }
    // The source is dropped: its message may quote the value.
    serde_dynamo::from_item(item).map_err(|_| DecodeError::new(expected(), "another form"))
}

fn holds_unknown(value: &AttributeValue) -> bool {
    use AttributeValue as A;
    match value {
        A::M(members) => members.values().any(holds_unknown),
        A::L(elements) => elements.iter().any(holds_unknown),
        A::S(_) | A::N(_) | A::B(_) | A::Bool(_) | A::Null(_) | A::Ss(_) | A::Ns(_) | A::Bs(_) => false,
        _ => true,
    }
}
