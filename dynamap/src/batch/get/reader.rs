//! Reads the items of a response, each as the entity whose key was asked for.

use super::{
    absence::Absence,
    outcome::KeyOutcome,
    requested_keys::{EntityReader, RequestedKeys},
};
use crate::{
    call::item_status::{ReadFilter, marks, note_key},
    direct::Receiver,
    entity::{Item, KeyBytes},
    error::DecodeError,
    schema::{TableSchema, is_same_table},
    wire::JsonReader,
};
use std::{marker::PhantomData, sync::Arc};

/// The items that a request found, by the positions of their keys.
pub(super) type Read<O> = Vec<(usize, KeyOutcome<O>)>;

pub(super) struct BatchReader<S, O> {
    items: ReadFilter,
    asked: Arc<RequestedKeys<O>>,
    table: Arc<str>,
    /// Of the item before: the next one mostly is of the same.
    kind: usize,
    key: KeyBytes,
    read: Read<O>,
    of: PhantomData<fn() -> S>,
}

impl<S: TableSchema, O> BatchReader<S, O> {
    /// A reader for a request of so many `keys`.
    pub(super) fn new(items: ReadFilter, asked: Arc<RequestedKeys<O>>, table: Arc<str>, keys: usize) -> Self {
        let (key, read) = (KeyBytes::default(), Vec::with_capacity(keys));
        Self { items, asked, table, kind: 0, key, read, of: PhantomData }
    }

    pub(super) fn take(&mut self) -> Read<O> {
        std::mem::take(&mut self.read)
    }

    /// Reads the item that is the next value: for each place of its key, since an entity may have no copy.
    fn read_item(&mut self, asked: &RequestedKeys<O>, r: &mut JsonReader<'_>) -> Result<(), DecodeError> {
        let start = r.scanner.place();
        // At once as what the one before it was; where its key says another, once more.
        let mut first = Some(self.read_as(asked.kind(self.kind), r)?);
        let position = note_key::<S>(r, &mut self.key).and_then(|()| asked.position(&self.key));
        for place in asked.places_of(position.ok_or_else(not_asked_for)?) {
            let kind = asked.kind_at(place);
            let outcome = match first.take() {
                Some(first) if kind == self.kind => first,
                _ => {
                    r.go_back_to(start);
                    if kind != self.kind {
                        self.kind = kind;
                        self.set_marks(r);
                    }
                    self.read_as(asked.kind(kind), r)?
                }
            };
            self.read.push((place, outcome));
        }
        Ok(())
    }

    /// Reads an item, and is behind it afterwards also where it has another form.
    fn read_as(&self, kind: &EntityReader<O>, r: &mut JsonReader<'_>) -> Result<KeyOutcome<O>, DecodeError> {
        let (start, mut entity) = (r.scanner.place(), None);
        match kind.read(self.items, r, &mut entity) {
            Ok(standing) => {
                Ok(entity.map_or_else(|| KeyOutcome::Absent(Absence::of(standing)), KeyOutcome::Found))
            }
            Err(error) => {
                r.go_back_to(start);
                r.reset_marks();
                r.skip_item()?;
                Ok(KeyOutcome::Malformed(error))
            }
        }
    }

    fn set_marks(&self, r: &mut JsonReader<'_>) {
        r.set_marks(marks::<S>(self.asked.kind(self.kind).fields, std::iter::empty()));
    }

    /// Reads the items that the SDK has read.
    pub(super) fn read_values(mut self, items: impl Iterator<Item = Item>) -> Result<Read<O>, DecodeError> {
        let asked = self.asked.clone();
        for item in items {
            let position = self.key.set_item::<S>(&item).and_then(|()| asked.position(&self.key));
            for place in asked.places_of(position.ok_or_else(not_asked_for)?) {
                self.read.push((place, self.value(asked.kind(asked.kind_at(place)), item.clone())));
            }
        }
        Ok(self.read)
    }

    fn value(&self, kind: &EntityReader<O>, item: Item) -> KeyOutcome<O> {
        let mut kept = None;
        match kind.take(self.items, item, &mut kept) {
            Ok(standing) => kept.map_or_else(|| KeyOutcome::Absent(Absence::of(standing)), KeyOutcome::Found),
            Err(error) => KeyOutcome::Malformed(error),
        }
    }
}

#[cold]
pub(super) fn not_asked_for() -> DecodeError {
    DecodeError::new("an item with one of the keys", "an item with another key")
}

impl<S: TableSchema, O: Send + 'static> Receiver for BatchReader<S, O> {
    fn receive(&mut self, r: &mut JsonReader<'_>) -> Result<(), DecodeError> {
        let asked = self.asked.clone();
        self.read.clear();
        self.set_marks(r);
        let mut first = true;
        r.scanner.expect(b'{', "the `{` of tables")?;
        while r.scanner.next_member(&mut first, b'}')? {
            if !is_same_table(&self.table, &r.scanner.key()?) {
                return Err(not_asked_for());
            }
            let mut first = true;
            r.scanner.expect(b'[', "the `[` of items")?;
            while r.scanner.next_member(&mut first, b']')? {
                self.read_item(&asked, r)?;
            }
        }
        Ok(())
    }
}
