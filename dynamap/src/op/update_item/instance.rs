//! Updates of an entity in memory.

use super::{Chosen, Nothing, Returns, UpdateItem};
use crate::{
    call::Handle,
    direct::AttemptMark,
    entity::{self, Entity, Item, Versioned},
    op::write::Precondition,
};
use aws_sdk_dynamodb::types::ReturnValue;

impl<'a, E: Versioned> UpdateItem<'a, E, Nothing, Chosen> {
    /// Changes an entity that was read: it expects its version, and when it has succeeded the entity in memory is as
    /// it is stored.
    pub(crate) fn of_instance(handle: Handle, entity: &'a mut E) -> Self {
        let update = UpdateItem::new(handle, entity.to_key(), Precondition::Present);
        let mut update = update.expect_version(entity.version());
        update.refreshed = Some(ReturnValue::AllNew);
        update.settlement.advance = Some(Box::new(move |_: Option<AttemptMark>, item: Option<&Item>| {
            // Where the item was not returned, the entity keeps its version: what is written next is a conflict and no loss.
            if let Some(Ok(stored)) = item.map(|item| entity::from_item::<E>(item.clone())) {
                *entity = stored;
            }
        }));
        update
    }
}

impl<E: Entity, V: Returns<E>, C> UpdateItem<'_, E, V, C> {
    /// True if the response has the values that the entity in memory needs.
    pub(super) fn is_refreshed(&self) -> bool {
        match (&self.refreshed, V::RETURN_VALUE) {
            (None, _) => false,
            (Some(_), None | Some(ReturnValue::AllNew)) => true,
            (Some(needed), Some(returned)) => *needed == returned,
        }
    }
}
