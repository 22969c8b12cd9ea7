//! Updates of an entity in memory.

use super::{Chosen, Nothing, UpdateItem};
use crate::{
    direct::AttemptMark,
    entity::{self, Entity, Item, Versioned},
    expr::Update,
    op::{Handle, Precondition, writable::marked},
    value::{Version, VersionValue},
};
use aws_sdk_dynamodb::types::ReturnValue;
use std::sync::{Arc, OnceLock};

impl<'a, E: Versioned> UpdateItem<'a, E, Nothing, Chosen> {
    /// Changes an entity that was read: it expects its version, and when it has succeeded the entity in memory is as
    /// it is stored.
    pub(crate) fn of_instance(handle: Handle, entity: &'a mut E) -> Self {
        let update = UpdateItem::new(handle, entity.to_key(), Precondition::Present);
        let (old, base) = (entity.version().clone(), entity.version().lineage());
        let mut update = update.expect_version(&old);
        let actions = Arc::new(OnceLock::<Update<E>>::new());
        update.instance = Some(actions.clone());
        update.refreshed = Some(ReturnValue::AllNew);
        update.commit.advance = Some(Box::new(move |mark: Option<AttemptMark>, item: Option<&Item>| {
            let stored = item.and_then(|item| entity::from_item::<E>(item.clone()).ok());
            let computed = || {
                let update = actions.get().filter(|_| E::Value::COUNTS)?;
                let item = update.apply_to(&entity::to_item(&*entity).ok()?).ok()?;
                let mut computed = entity::from_item::<E>(item).ok()?;
                let version =
                    Version::loaded(old.stored().map_or_else(|| Some(E::Value::first()), E::Value::next)?);
                *computed.version_mut() = marked(version, base, mark);
                Some(computed)
            };
            // Where neither is known it keeps its version, so that what is written next is a conflict and no loss.
            if let Some(next) = stored.or_else(computed) {
                *entity = next;
            }
        }));
        update
    }
}

impl<E: Entity, V, C> UpdateItem<'_, E, V, C> {
    /// Tells the entity in memory what is sent.
    pub(super) fn note_update(&self) {
        if let (Some(instance), Ok(target)) = (&self.instance, &self.target) {
            let _ = instance.set(target.update.clone());
        }
    }
}
