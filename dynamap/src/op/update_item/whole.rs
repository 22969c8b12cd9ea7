//! Updates that write all attributes of an entity.

use super::{Chosen, Nothing, Target, UpdateItem};
use crate::{
    call::Handle,
    entity::Entity,
    expr::Update,
    op::write::{
        Precondition, ShapeDemand, WriteCondition,
        writable::{EncodedEntity, StoredState, Writable, WriteHandle},
    },
};
use aws_sdk_dynamodb::types::ReturnValue;

impl<'a, E: Entity> UpdateItem<'a, E, Nothing, Chosen> {
    /// Writes all attributes of an entity that is there.
    pub(crate) fn save<W: Writable<'a, Entity = E>>(handle: Handle, entity: W) -> Self {
        Self::of_whole(handle, entity, StoredState::Yes, Precondition::Present)
    }

    /// Writes all attributes of an entity that may be there.
    pub(crate) fn save_or_create<W: Writable<'a, Entity = E>>(handle: Handle, entity: W) -> Self {
        Self::of_whole(handle, entity, StoredState::Perhaps, Precondition::Upsert)
    }

    fn of_whole<W: Writable<'a, Entity = E>>(
        handle: Handle,
        entity: W,
        stored: StoredState,
        precondition: Precondition,
    ) -> Self {
        let now = handle.time_of_write();
        let EncodedEntity { encoded, check, settlement } =
            entity.encode(stored, WriteHandle(&handle), |entity| {
                Ok(Target::new(entity.to_key(), Update::of_entity(entity, now)?))
            });
        let refreshed = E::STAMPS.iter().any(|stamp| stamp.kind.is_known_to_item())
            && E::STAMPS.iter().all(|stamp| stamp.version.is_none());
        let refreshed = refreshed.then_some(ReturnValue::UpdatedNew);
        let condition = WriteCondition::new(precondition, ShapeDemand::UpTo, check);
        Self { refreshed, ..Self::of(handle, encoded, condition, settlement) }
    }
}
