//! Types of serde as attributes.
//!
//! The stored form is that of `serde_dynamo`: structs and maps are maps (M), sequences and tuples lists (L),
//! unit variants strings (S), other variants maps of one member, `None` and units NULL. The markers
//! `serde_dynamo::{string_set, number_set, binary_set}` make sets.
//!
//! What serde cannot say, dynamap refuses with an error: numbers that are not finite or have more than 38
//! digits, and sets without members.

/// Methods of a `Serializer` for what it does not take, by the function `refused` of its module.
macro_rules! refused {
    ($($method:ident($($argument:ty),*) -> $result:ty;)*) => { $(
        fn $method(self $(, _: $argument)*) -> Result<$result, Self::Error> {
            refused()
        }
    )* };
}

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
