use crate::{entity::Item, error::DecodeError, wire};
use std::{borrow::Cow, fmt, sync::Arc};

/// The attributes of an item, or its keys, in the form in which a source has them.
#[derive(Clone)]
pub(super) enum Image<'a> {
    /// DynamoDB-JSON.
    Json(Cow<'a, str>),
    /// The SDK's types.
    Values(Arc<Item>),
}

/// Shows nothing of the item.
impl fmt::Debug for Image<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Image(..)")
    }
}

impl Image<'_> {
    pub(super) fn into_owned(self) -> Image<'static> {
        match self {
            Self::Json(json) => Image::Json(Cow::Owned(json.into_owned())),
            Self::Values(item) => Image::Values(item),
        }
    }

    /// The attributes by name.
    pub(super) fn to_item(&self) -> Result<Item, DecodeError> {
        match self {
            Self::Json(json) => wire::item_from_json::<Item>(json.as_bytes()),
            Self::Values(item) => Ok(Item::clone(item)),
        }
    }
}
