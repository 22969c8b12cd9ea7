//! The keys that a batch requests, and the readers of its items.

use super::keys::KeySet;
use crate::{
    call::item_status::{ItemStatus, ReadFilter},
    entity::{AnyKey, Item, KeyBytes},
    error::{DecodeError, ExpressionError, KeyError, KeyErrorKind},
    expr::{Placeholders, ProjectionExpression},
    op::{ReadShapeOne, read::Queryable},
    schema::{TableSchema, primary_key},
    value::FieldTable,
    wire::{self, JsonReader, JsonWriter, push_string},
};
use std::{any::Any, collections::HashMap};

/// The keys of a batch: those of its first entity, then those of the next one. `O` is the type that an item is kept as.
///
/// A key that is given several times is asked for once, and has several places.
pub struct RequestedKeys<O> {
    keys: KeySet,
    /// The positions of each key, and its JSON.
    of_keys: Vec<OfKey>,
    /// The JSON of all keys, as requests want them.
    json: Vec<u8>,
    /// Each entity, and where the places of its keys end.
    kinds: Vec<(usize, EntityReader<O>)>,
}

struct OfKey {
    json_end: usize,
    place: usize,
    more_places: Vec<usize>,
}

/// The reader of an entity's items, without its type.
pub(super) struct EntityReader<O> {
    entity: &'static str,
    /// The position of the member whose keys these are, of an item collection.
    at: usize,
    /// Adds the attributes that are requested; false if that is the whole item.
    ask: fn(&mut ProjectionExpression) -> bool,
    pub(super) fields: &'static FieldTable,
    read: fn(usize, ReadFilter, &mut JsonReader<'_>, &mut Option<O>) -> Result<ItemStatus, DecodeError>,
    take: fn(usize, ReadFilter, Item, &mut Option<O>) -> Result<ItemStatus, DecodeError>,
}

/// Items are kept as the type that they were read as.
pub(super) enum Typed {}

/// Items are kept as an [`ErasedItem`].
pub(super) enum Erased {}

/// An entity or projection of a mixed batch.
pub struct ErasedItem(pub(super) Box<dyn Any + Send>);

/// The form in which items are kept until the batch is over.
pub(super) trait Keep<T> {
    type Kept;
    fn keep(read: T) -> Self::Kept;
}

impl<T> Keep<T> for Typed {
    type Kept = T;

    fn keep(read: T) -> T {
        read
    }
}

impl<T: Send + 'static> Keep<T> for Erased {
    type Kept = ErasedItem;

    fn keep(read: T) -> ErasedItem {
        ErasedItem(Box::new(read))
    }
}

impl<O> EntityReader<O> {
    fn of<E: Queryable, T: ReadShapeOne<E>, K: Keep<T::Output, Kept = O>>(at: usize) -> Self {
        Self {
            entity: E::SUBJECT,
            at,
            ask: T::ask,
            fields: T::fields(at),
            read: |at, items, r, kept| {
                let mut read = None;
                let standing = T::read(at, items, r, &mut read)?;
                *kept = read.map(K::keep);
                Ok(standing)
            },
            take: |at, items, item, kept| {
                let mut read = None;
                let standing = T::take(at, items, item, &mut read)?;
                *kept = read.map(K::keep);
                Ok(standing)
            },
        }
    }

    /// Reads the item that is the next value into `kept`, if it counts.
    pub(super) fn read(
        &self,
        items: ReadFilter,
        r: &mut JsonReader<'_>,
        kept: &mut Option<O>,
    ) -> Result<ItemStatus, DecodeError> {
        (self.read)(self.at, items, r, kept)
    }

    /// Makes `kept` of an item that the SDK has read, if it counts.
    pub(super) fn take(
        &self,
        items: ReadFilter,
        item: Item,
        kept: &mut Option<O>,
    ) -> Result<ItemStatus, DecodeError> {
        (self.take)(self.at, items, item, kept)
    }
}

impl<O> RequestedKeys<O> {
    pub(super) fn new() -> Self {
        Self { keys: KeySet::new(), of_keys: Vec::new(), json: Vec::new(), kinds: Vec::new() }
    }

    /// Adds keys of `E`, whose items are read as `T`.
    pub(super) fn add<E: Queryable, T: ReadShapeOne<E>, K: Keep<T::Output, Kept = O>>(
        &mut self,
        keys: &[E::Key],
    ) -> Result<(), KeyError> {
        let start = self.places();
        self.keys.reserve(keys.len());
        self.of_keys.reserve(keys.len());
        let (mut bytes, mut at) = (KeyBytes::default(), 0);
        for (place, key) in (start..).zip(keys) {
            if key.member() != at {
                if place > start {
                    self.kinds.push((place, EntityReader::of::<E, T, K>(at)));
                }
                at = key.member();
            }
            bytes.set_key(key)?;
            let (position, is_new) = self.keys.add(&bytes);
            if !is_new {
                self.of_keys[position].more_places.push(place);
                continue;
            }
            let attribute = T::Table::PARTITION_KEY.name;
            bytes
                .write::<T::Table>(&mut JsonWriter::new(&mut self.json))
                .map_err(|error| KeyError::in_attribute(attribute, KeyErrorKind::Encode(error)))?;
            self.of_keys.push(OfKey { json_end: self.json.len(), place, more_places: Vec::new() });
        }
        self.kinds.push((start + keys.len(), EntityReader::of::<E, T, K>(at)));
        Ok(())
    }

    /// The number of positions.
    pub(super) fn places(&self) -> usize {
        self.kinds.last().map_or(0, |(end, _)| *end)
    }

    /// The number of different keys. Each has a position, from 0.
    pub(super) fn distinct(&self) -> usize {
        self.keys.len()
    }

    /// The position of a key.
    pub(super) fn position(&self, key: &KeyBytes) -> Option<usize> {
        self.keys.position(key)
    }

    /// The places of the key at a position.
    pub(super) fn places_of(&self, position: usize) -> impl Iterator<Item = usize> {
        let OfKey { place, more_places, .. } = &self.of_keys[position];
        std::iter::once(*place).chain(more_places.iter().copied())
    }

    /// The JSON of the key at a position.
    pub(super) fn json(&self, position: usize) -> &[u8] {
        let start = position.checked_sub(1).map_or(0, |before| self.of_keys[before].json_end);
        &self.json[start..self.of_keys[position].json_end]
    }

    /// The key at a position, as the SDK has it.
    pub(super) fn item(&self, position: usize) -> Item {
        // It was written here, so it can be read.
        wire::item_from_json::<Item>(self.json(position)).unwrap_or_default()
    }

    /// The name of the entity; empty if there are several.
    pub(super) fn entity(&self) -> &'static str {
        let mut names = self.kinds.iter().map(|(_, kind)| kind.entity);
        let first = names.next().unwrap_or_default();
        if names.all(|name| name == first) { first } else { "" }
    }

    /// The position of the entity whose key is at a place.
    pub(super) fn kind_at(&self, place: usize) -> usize {
        self.kinds.partition_point(|(end, _)| *end <= place)
    }

    pub(super) fn kind(&self, position: usize) -> &EntityReader<O> {
        &self.kinds[position].1
    }

    /// The attributes that all projections of the batch need, with those that tell the entity of an item and whether
    /// it counts; `None` if whole items are requested.
    pub(super) fn attributes<S: TableSchema>(&self) -> Result<Option<ProjectionMembers>, ExpressionError> {
        let mut asked = ProjectionExpression::default();
        for (_, kind) in &self.kinds {
            // DynamoDB: a request has one projection for all keys of a table.
            if !(kind.ask)(&mut asked) {
                return Ok(None);
            }
        }
        let marks = primary_key::<S>().map(|attribute| attribute.name).chain(S::ENTITY_TYPE).chain(S::TTL);
        marks.for_each(|name| asked.add_whole(name));
        let mut placeholders = Placeholders::default();
        let expression = asked.render(&mut placeholders)?;
        Ok(Some(ProjectionMembers { expression, names: placeholders.take_names().unwrap_or_default() }))
    }
}

/// The projection of a request.
#[derive(Debug, Clone)]
pub(super) struct ProjectionMembers {
    pub(super) expression: String,
    pub(super) names: HashMap<String, String>,
}

impl ProjectionMembers {
    /// Writes the projection as members of a request, behind others.
    pub(super) fn write(&self, json: &mut Vec<u8>) {
        json.extend_from_slice(b",\"ProjectionExpression\":");
        push_string(json, &self.expression);
        json.extend_from_slice(b",\"ExpressionAttributeNames\":");
        let mut names: Vec<(&String, &String)> = self.names.iter().collect();
        names.sort_unstable();
        for (at, (placeholder, name)) in names.into_iter().enumerate() {
            json.push(if at == 0 { b'{' } else { b',' });
            push_string(json, placeholder);
            json.push(b':');
            push_string(json, name);
        }
        json.push(b'}');
    }
}
