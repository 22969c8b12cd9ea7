//! The SDK, and a conversion as a careful person writes it by hand against `HashMap<String, AttributeValue>`.

mod event;
mod mixed;
mod order;
mod wallet;

use super::Item;
use aws_sdk_dynamodb::types::AttributeValue;
use std::str::FromStr;

/// An entity with a conversion of its own.
pub(crate) trait Hand: Sized {
    /// The item of this entity.
    fn to_item(&self) -> Item;

    /// The entity of `item`, or the attribute that is wrong.
    fn from_item(item: Item) -> Result<Self, Wrong>;
}

/// The name of an attribute that is absent or not of the form expected.
pub(crate) type Wrong = &'static str;

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

fn integer(value: impl itoa::Integer) -> AttributeValue {
    AttributeValue::N(itoa::Buffer::new().format(value).to_owned())
}

fn float(value: f64) -> AttributeValue {
    AttributeValue::N(zmij::Buffer::new().format(value).to_owned())
}

fn take_text(item: &mut Item, name: Wrong) -> Result<String, Wrong> {
    match item.remove(name) {
        Some(AttributeValue::S(text)) => Ok(text),
        _ => Err(name),
    }
}

fn take_optional_text(item: &mut Item, name: Wrong) -> Result<Option<String>, Wrong> {
    match item.remove(name) {
        None | Some(AttributeValue::Null(_)) => Ok(None),
        Some(AttributeValue::S(text)) => Ok(Some(text)),
        _ => Err(name),
    }
}

fn take_number<T: FromStr>(item: &mut Item, name: Wrong) -> Result<T, Wrong> {
    match item.remove(name) {
        Some(AttributeValue::N(number)) => number.parse().map_err(|_| name),
        _ => Err(name),
    }
}

fn take_boolean(item: &mut Item, name: Wrong) -> Result<bool, Wrong> {
    match item.remove(name) {
        Some(AttributeValue::Bool(boolean)) => Ok(boolean),
        _ => Err(name),
    }
}

fn take_map(item: &mut Item, name: Wrong) -> Result<Item, Wrong> {
    match item.remove(name) {
        Some(AttributeValue::M(map)) => Ok(map),
        _ => Err(name),
    }
}

fn take_list(item: &mut Item, name: Wrong) -> Result<Vec<AttributeValue>, Wrong> {
    match item.remove(name) {
        Some(AttributeValue::L(list)) => Ok(list),
        _ => Err(name),
    }
}

fn take_string_set(item: &mut Item, name: Wrong) -> Result<Vec<String>, Wrong> {
    match item.remove(name) {
        Some(AttributeValue::Ss(set)) => Ok(set),
        _ => Err(name),
    }
}
