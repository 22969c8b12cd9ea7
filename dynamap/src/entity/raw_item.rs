use super::{Entity, Item, KeyBytes, check_key, entity_type};
use crate::{error::DecodeError, value::FromDocument, wire};
use std::fmt;

/// An item that was not read yet, in the form in which it came.
#[derive(Clone)]
pub(crate) enum RawItem {
    /// DynamoDB-JSON.
    Json(Box<str>),
    /// The SDK's types.
    Values(Item),
}

/// Shows nothing of the item.
impl fmt::Debug for RawItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RawItem(..)")
    }
}

impl RawItem {
    pub(crate) fn read_entity<E: Entity>(&self) -> Result<E, DecodeError> {
        match self {
            Self::Values(item) => super::from_item(item.clone()),
            Self::Json(json) => Self::read_entity_of(json.as_bytes()),
        }
    }

    /// Reads the entity of a document.
    pub(crate) fn read_entity_of<E: Entity>(json: &[u8]) -> Result<E, DecodeError> {
        // It is rare that one entity is read by itself, so that a second pass for what tells whose item it is does not matter.
        let item = wire::item_from_json::<Item>(json).map_err(|error| error.in_entity(E::NAME))?;
        if entity_type::<E::Table>(&item).is_some_and(|name| name != E::NAME) {
            return Err(DecodeError::other_entity(E::NAME));
        }
        let entity = wire::item_from_json::<E>(json).map_err(|error| error.in_entity(E::NAME))?;
        check_key::<E, _>(&entity, &mut KeyBytes::default(), &KeyBytes::of_item::<E::Table>(&item))?;
        Ok(entity)
    }

    pub(crate) fn read<T: FromDocument>(&self) -> Result<T::Output, DecodeError> {
        match self {
            Self::Json(json) => wire::item_from_json::<T>(json.as_bytes()),
            Self::Values(item) => wire::item_from_attribute_values::<T>(item.clone()),
        }
    }
}

/// The entity that a document of DynamoDB-JSON stores, such as an image of a stream: `{"pk":{"S":"ORDER#7"},..}`.
///
/// # Errors
/// The same as [`from_item`](super::from_item); or the bytes are no such document.
pub fn from_json<E: Entity>(json: &[u8]) -> Result<E, DecodeError> {
    RawItem::read_entity_of(json)
}
