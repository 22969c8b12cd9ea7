use super::{Entity, Item};
use crate::{error::DecodeError, value::FromDocument, wire};

/// An item that was not read yet, in the form in which it came.
#[derive(Debug, Clone)]
pub(crate) enum RawItem {
    /// DynamoDB-JSON.
    Json(Box<str>),
    /// The SDK's types.
    Values(Item),
}

impl RawItem {
    pub(crate) fn read_entity<E: Entity>(&self) -> Result<E, DecodeError> {
        self.read::<E>().map_err(|error| error.in_entity(E::NAME))
    }

    pub(crate) fn read<T: FromDocument>(&self) -> Result<T::Output, DecodeError> {
        match self {
            Self::Json(json) => wire::item_from_json::<T>(json.as_bytes()),
            Self::Values(item) => wire::item_from_attribute_values::<T>(item.clone()),
        }
    }
}
