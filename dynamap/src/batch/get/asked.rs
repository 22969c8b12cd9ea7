//! What a batch asks for, and how what comes back is read.

use super::reader::AnyEntity;
use crate::{
    batch::places::Places,
    entity::{self, Entity, Item},
    error::{DecodeError, KeyError},
    op::standing::{FoundBy, ReadItems, Standing},
    value::FieldTable,
    wire::JsonReader,
};

/// The keys of a batch: those of its first entity, then those of the next one.
pub(super) struct Asked<O> {
    pub(super) places: Places,
    /// Each entity, and where the places of its keys end.
    kinds: Vec<(usize, Kind<O>)>,
    /// Each key once, as requests want it.
    distinct: Vec<Item>,
}

/// How the items of an entity are read, without its type.
pub(super) struct Kind<O> {
    entity: &'static str,
    pub(super) fields: &'static FieldTable,
    /// Reads the item that is the next value into the option, if it counts.
    pub(super) read: fn(ReadItems, &mut JsonReader<'_>, &mut Option<O>) -> Result<Standing, DecodeError>,
    pub(super) standing: fn(&Item, ReadItems) -> Standing,
    pub(super) from_item: fn(Item) -> Result<O, DecodeError>,
}

/// What an entity is kept as until the batch is over.
pub(super) trait Keeps<E>: Sized {
    fn keep(entity: E) -> Self;
}

impl<E: Entity> Keeps<E> for E {
    fn keep(entity: E) -> Self {
        entity
    }
}

impl<E: Entity> Keeps<E> for AnyEntity {
    fn keep(entity: E) -> Self {
        Self(Box::new(entity))
    }
}

impl<O> Kind<O> {
    fn of<E: Entity>() -> Self
    where
        O: Keeps<E>,
    {
        Self {
            entity: E::NAME,
            fields: E::FIELDS,
            read: |items, r, kept| items.read::<E, E>(r, false, |entity| *kept = Some(O::keep(entity))),
            standing: |item, items| Standing::of::<E>(item, FoundBy::Key, items.now),
            from_item: |item| entity::from_item::<E>(item).map(O::keep),
        }
    }
}

impl<O> Asked<O> {
    pub(super) fn new() -> Self {
        Self { places: Places::default(), kinds: Vec::new(), distinct: Vec::new() }
    }

    /// Adds the keys of an entity.
    pub(super) fn add<E: Entity>(&mut self, keys: &[E::Key]) -> Result<(), KeyError>
    where
        O: Keeps<E>,
    {
        let start = self.len();
        for (place, key) in (start..).zip(keys) {
            self.places.add::<E::Table>(place, entity::key_item(key)?, &mut self.distinct);
        }
        self.kinds.push((start + keys.len(), Kind::of::<E>()));
        Ok(())
    }

    /// How many places there are.
    pub(super) fn len(&self) -> usize {
        self.kinds.last().map_or(0, |(end, _)| *end)
    }

    /// How many different keys are to be asked for.
    pub(super) fn distinct(&self) -> usize {
        self.distinct.len()
    }

    /// The name of the entity; empty if there are several.
    pub(super) fn entity(&self) -> &'static str {
        match self.kinds.as_slice() {
            [(_, kind)] => kind.entity,
            _ => "",
        }
    }

    pub(super) fn take_distinct(&mut self) -> Vec<Item> {
        std::mem::take(&mut self.distinct)
    }

    /// The position of the entity whose key is at a place.
    pub(super) fn kind_at(&self, place: usize) -> usize {
        self.kinds.partition_point(|(end, _)| *end <= place)
    }

    pub(super) fn kind(&self, position: usize) -> &Kind<O> {
        &self.kinds[position].1
    }
}
