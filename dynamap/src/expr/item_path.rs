use super::{Attribute, Path, condition, path::Steps};
use aws_sdk_dynamodb::types::AttributeValue;

/// A place in an item of an entity: an [`Attribute`], such as `Order::STATUS`, or a [`Path`] inside one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no attribute of an entity",
    label = "expected an attribute such as `Order::STATUS`, or a path inside one"
)]
pub trait ItemPath {
    /// The entity.
    type Entity;
    /// The type of the value.
    type Value;

    #[doc(hidden)]
    fn into_place(self) -> ItemPlace;
}

/// The steps to a place in an item.
#[doc(hidden)]
pub struct ItemPlace(Steps);

impl ItemPlace {
    /// The name of the attribute that the place is in.
    pub(crate) fn attribute(&self) -> &str {
        &self.0.attribute
    }

    /// The value at the place, in the value of the attribute.
    pub(crate) fn find<'v>(&self, attribute: &'v AttributeValue) -> Option<&'v AttributeValue> {
        condition::find_inside(&self.0, attribute)
    }
}

impl<E, T, R> ItemPath for Attribute<E, T, R> {
    type Entity = E;
    type Value = T;

    fn into_place(self) -> ItemPlace {
        ItemPlace(Path::from(self).steps)
    }
}

impl<E, T, R> ItemPath for Path<E, T, R> {
    type Entity = E;
    type Value = T;

    fn into_place(self) -> ItemPlace {
        ItemPlace(self.steps)
    }
}
