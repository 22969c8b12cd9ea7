//! Methods that an update does not have, so that the compiler says which it has.

use super::UpdateItem;
use crate::entity::Entity;

impl<E: Entity, V, C> UpdateItem<'_, E, V, C> {
    /// An update takes its actions by `apply`.
    #[doc(hidden)]
    pub fn set<A, O>(self, _: A, _: O) -> Self
    where
        (A, O): SetOfAnUpdate,
    {
        self
    }
}

/// The argument of `set` of an update, which no type is.
#[diagnostic::on_unimplemented(
    message = "an update takes actions of attributes: `.apply(attribute.set(value))`",
    label = "`set` is a method of the attribute"
)]
pub trait SetOfAnUpdate {}
