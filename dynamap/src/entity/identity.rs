//! The identity of an entity that was read: its key is that of its item.
//!
//! Fields are read from their own attributes, and the key of an entity is made of its fields. Where another program wrote the
//! key or an attribute in another form, such as a UUID in upper case, the two are not the same. Then a write of the entity
//! would change another item than the one that was read, so reading refuses.

use super::{Entity, KeyBytes};
use crate::error::DecodeError;
use std::any::{Any, TypeId};

/// True if an item is read as the entity `E` itself, whose key is to be checked. A projection cannot be written.
pub(crate) fn is_checked<E: Entity, O: 'static>() -> bool {
    E::CHECKS_KEY && TypeId::of::<E>() == TypeId::of::<O>()
}

/// Refuses `read` if it is an entity `E` with another key than its item, which has the key `stored`; where that is empty,
/// the item has none to compare, such as one that a mock made. `own` is overwritten.
pub(crate) fn check_key<E: Entity, O: 'static>(
    read: &O,
    own: &mut KeyBytes,
    stored: &KeyBytes,
) -> Result<(), DecodeError> {
    if !E::CHECKS_KEY {
        return Ok(());
    }
    let Some(entity) = (read as &dyn Any).downcast_ref::<E>() else { return Ok(()) };
    match stored.as_slice().is_empty()
        || own.set_entity(entity).is_ok() && own.as_slice() == stored.as_slice()
    {
        true => Ok(()),
        false => Err(refused::<E>(stored)),
    }
}

#[cold]
fn refused<E: Entity>(stored: &KeyBytes) -> DecodeError {
    DecodeError::other_key().in_entity(E::NAME).with_item_key(stored.to_key().to_item::<E::Table>())
}
