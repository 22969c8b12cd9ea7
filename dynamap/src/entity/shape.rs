//! The shapes in which the items of an entity are stored.

use crate::{
    error::EncodeError,
    value::{FromDocument, ToDocument, Writer},
};
use aws_sdk_dynamodb::types::AttributeValue;
use std::collections::HashMap;

/// The shapes of an entity's items, which are numbered from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntityShape {
    /// The attribute that holds the number. An item without it has the shape 1.
    pub attribute: &'static str,
    /// The shape of the entity itself: the newest that it reads.
    pub known: u32,
    /// The shape that is written, which is `known` or one before it.
    pub written: u32,
}

impl EntityShape {
    /// The shape of an item without the attribute.
    pub const FIRST: u32 = 1;

    pub(crate) fn write<W: Writer>(self, w: &mut W) -> Result<(), EncodeError> {
        w.key(self.attribute)?;
        w.number(&self.written.to_string())
    }

    /// The shape that an item is stored in; `None` if the attribute is no such number.
    pub(crate) fn of(self, item: &HashMap<String, AttributeValue>) -> Option<u32> {
        match item.get(self.attribute) {
            None => Some(Self::FIRST),
            Some(AttributeValue::N(number)) => number.parse().ok(),
            Some(_) => None,
        }
    }
}

/// A struct whose fields are those of items of an older shape.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no older shape of items",
    label = "does not read items",
    note = "an older shape is the struct as it was: derive `dynamap::Attribute` for it, or `dynamap::Entity` with the same table and keys if it has fields that are stored in keys only"
)]
pub trait OlderShape: FromDocument<Output = Self> + ToDocument + Sized {}

#[diagnostic::do_not_recommend]
impl<T: FromDocument<Output = T> + ToDocument> OlderShape for T {}
