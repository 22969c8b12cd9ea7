//! The two forms in which values travel: DynamoDB-JSON bytes and the SDK's `AttributeValue`.
//!
//! Requests and responses are DynamoDB-JSON, which [`to_json`] and [`from_json`] write and read with no value in between.
//! [`to_attribute_value`] and [`from_attribute_value`] serve where the SDK's types are in hand. Both pairs give the same
//! results and refuse the same values.
//!
//! # Nesting
//! An attribute's value is at level 1, the members of a map or list are one level deeper, and nothing may be
//! deeper than level [`MAX_DEPTH`](crate::value::MAX_DEPTH). A deeper value is refused when it is written and when it is read.

mod attribute_value;
mod json;
mod refusals;
mod size;

pub(crate) use attribute_value::data_type_of;
pub use attribute_value::{AttributeValueReader, AttributeValueWriter};
pub use json::{JsonReader, JsonWriter};
pub(crate) use json::{Marks, Scanner, push_string};
pub(crate) use size::attribute_size;
pub use size::item_size;

use crate::{
    error::{DecodeError, EncodeError},
    value::{FromAttribute, FromDocument, Reader, ToAttribute, ToDocument, Writer, serde},
};
use aws_sdk_dynamodb::types::AttributeValue;
use std::collections::HashMap;

/// Maps a value to the SDK's `AttributeValue`.
///
/// # Errors
/// DynamoDB cannot store the value.
pub fn to_attribute_value<T: ToAttribute + ?Sized>(value: &T) -> Result<AttributeValue, EncodeError> {
    let mut writer = AttributeValueWriter::new();
    value.write(&mut writer)?;
    writer.finish()
}

/// Maps the SDK's `AttributeValue` to a value.
///
/// # Errors
/// The attribute has another data type or form than `T` asks for.
pub fn from_attribute_value<T: FromAttribute>(value: AttributeValue) -> Result<T, DecodeError> {
    T::read(&mut AttributeValueReader::new(value))
}

/// Maps a value to DynamoDB-JSON, such as `{"S":"text"}`.
///
/// # Errors
/// DynamoDB cannot store the value.
pub fn to_json<T: ToAttribute + ?Sized>(value: &T) -> Result<Vec<u8>, EncodeError> {
    let mut json = Vec::new();
    value.write(&mut JsonWriter::new(&mut json))?;
    Ok(json)
}

/// Maps DynamoDB-JSON to a value.
///
/// # Errors
/// The bytes are not the JSON of one attribute value, or it has another form than `T` asks for.
pub fn from_json<T: FromAttribute>(json: &[u8]) -> Result<T, DecodeError> {
    let mut reader = JsonReader::new(json)?;
    let value = T::read(&mut reader)?;
    reader.finish()?;
    Ok(value)
}

/// Maps a document to an item of the SDK's `AttributeValue`s.
///
/// # Errors
/// DynamoDB cannot store one of the attributes.
pub fn item_to_attribute_values<T: ToDocument + ?Sized>(
    document: &T,
) -> Result<HashMap<String, AttributeValue>, EncodeError> {
    let mut writer = AttributeValueWriter::new();
    write_item(document, &mut writer)?;
    writer.finish_item()
}

/// Maps an item of the SDK's `AttributeValue`s to a document.
///
/// # Errors
/// The item has another form than `T` asks for.
pub fn item_from_attribute_values<T: FromDocument>(
    item: HashMap<String, AttributeValue>,
) -> Result<T::Output, DecodeError> {
    read_item::<T, _>(&mut AttributeValueReader::from_item(item))
}

/// Maps a document to the DynamoDB-JSON of an item, such as `{"pk":{"S":"text"}}`.
///
/// # Errors
/// DynamoDB cannot store one of the attributes.
pub fn item_to_json<T: ToDocument + ?Sized>(document: &T) -> Result<Vec<u8>, EncodeError> {
    let mut json = Vec::new();
    write_item(document, &mut JsonWriter::new(&mut json))?;
    Ok(json)
}

/// Maps the DynamoDB-JSON of an item to a document.
///
/// # Errors
/// The bytes are not the JSON of one item, or it has another form than `T` asks for.
pub fn item_from_json<T: FromDocument>(json: &[u8]) -> Result<T::Output, DecodeError> {
    let mut reader = JsonReader::new(json)?;
    let document = read_item::<T, _>(&mut reader)?;
    reader.finish()?;
    Ok(document)
}

/// Maps a value of any serde type to an item of the SDK's `AttributeValue`s, in the form of `serde_dynamo`.
///
/// # Errors
/// The value does not serialize as a struct or a map with string keys, or DynamoDB cannot store it.
pub fn item_from_serde<T: ::serde::Serialize + ?Sized>(
    value: &T,
) -> Result<HashMap<String, AttributeValue>, EncodeError> {
    let mut writer = AttributeValueWriter::of_map_as_item();
    serde::write(value, &mut writer)?;
    match writer.finish()? {
        AttributeValue::M(item) => Ok(item),
        _ => Err(EncodeError::new("only a struct or a map is an item")),
    }
}

/// Maps an item of the SDK's `AttributeValue`s, in the form of `serde_dynamo`, to a value of any serde type.
///
/// # Errors
/// The item has another form than the type's `Deserialize` asks for.
pub fn item_to_serde<T: ::serde::de::DeserializeOwned>(
    item: HashMap<String, AttributeValue>,
) -> Result<T, DecodeError> {
    serde::read(&mut AttributeValueReader::of_item_as_map(item))
}

/// Writes `document` as an item.
pub(crate) fn write_item<T: ToDocument + ?Sized, W: Writer>(
    document: &T,
    w: &mut W,
) -> Result<(), EncodeError> {
    w.begin_item()?;
    document.write_fields(w)?;
    w.end_item()
}

/// Reads the item that is the next value.
pub(crate) fn read_item<T: FromDocument, R: Reader>(r: &mut R) -> Result<T::Output, DecodeError> {
    T::read_item(r)
}
