//! Reads the items of a response, each as the entity whose key was asked for.

use super::{
    Absence,
    asked::{Asked, Kind},
};
use crate::{
    direct::Receiver,
    entity::{Item, key_attributes},
    error::DecodeError,
    op::standing::{ReadItems, Standing, marks, noted_key},
    schema::TableSchema,
    wire::JsonReader,
};
use std::{any::Any, marker::PhantomData, sync::Arc};

/// What is at one of the places of a batch. `O` is the entity, or an [`AnyEntity`].
#[derive(Debug)]
pub(super) enum Outcome<O> {
    Found(O),
    Absent(Absence),
    /// The item does not have the form of its entity.
    Malformed(DecodeError),
}

/// An entity of a mixed batch.
pub(super) struct AnyEntity(pub(super) Box<dyn Any + Send>);

/// What a request found, by the places of its keys.
pub(super) type Read<O> = Vec<(usize, Outcome<O>)>;

pub(super) struct BatchReader<S, O> {
    items: ReadItems,
    asked: Arc<Asked<O>>,
    /// Of the item before: the next one mostly is of the same.
    kind: usize,
    read: Read<O>,
    of: PhantomData<fn() -> S>,
}

impl<S: TableSchema, O> BatchReader<S, O> {
    pub(super) fn new(items: ReadItems, asked: Arc<Asked<O>>) -> Self {
        Self { items, asked, kind: 0, read: Vec::new(), of: PhantomData }
    }

    pub(super) fn take(&mut self) -> Read<O> {
        std::mem::take(&mut self.read)
    }

    /// Reads the item that is the next value: for each place of its key, since an entity may have no copy.
    fn read_item(&mut self, r: &mut JsonReader<'_>) -> Result<(), DecodeError> {
        let asked = self.asked.clone();
        let start = r.scanner.place();
        // At once as what the one before it was; where its key says another, once more.
        let mut first = Some(self.read_as(asked.kind(self.kind), r)?);
        let key = noted_key::<S>(r);
        let places = asked.places.get(&key);
        for place in places {
            let kind = asked.kind_at(*place);
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
            self.read.push((*place, outcome));
        }
        if places.is_empty() { Err(not_asked_for()) } else { Ok(()) }
    }

    /// Reads an item, and is behind it afterwards also where it has another form.
    fn read_as(&self, kind: &Kind<O>, r: &mut JsonReader<'_>) -> Result<Outcome<O>, DecodeError> {
        let (start, mut entity) = (r.scanner.place(), None);
        match (kind.read)(self.items, r, &mut entity) {
            Ok(standing) => Ok(entity.map_or_else(|| Outcome::Absent(Absence::of(standing)), Outcome::Found)),
            Err(error) => {
                r.go_back_to(start);
                r.reset_marks();
                r.skip_item()?;
                Ok(Outcome::Malformed(error))
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
            let places = asked.places.get(&key_attributes::<S>(&item));
            let Some((last, others)) = places.split_last() else { return Err(not_asked_for()) };
            for place in others {
                self.read.push((*place, self.value(asked.kind(asked.kind_at(*place)), item.clone())));
            }
            self.read.push((*last, self.value(asked.kind(asked.kind_at(*last)), item)));
        }
        Ok(self.read)
    }

    fn value(&self, kind: &Kind<O>, item: Item) -> Outcome<O> {
        let standing: Standing = (kind.standing)(&item, self.items);
        match self.items.counts(standing) {
            true => (kind.from_item)(item).map_or_else(Outcome::Malformed, Outcome::Found),
            false => Outcome::Absent(Absence::of(standing)),
        }
    }
}

#[cold]
fn not_asked_for() -> DecodeError {
    DecodeError::new("an item with one of the keys", "an item with another key")
}

impl<S: TableSchema, O: Send + 'static> Receiver for BatchReader<S, O> {
    fn receive(&mut self, r: &mut JsonReader<'_>) -> Result<(), DecodeError> {
        self.read.clear();
        self.set_marks(r);
        let mut first = true;
        r.scanner.expect(b'{', "the `{` of tables")?;
        while r.scanner.next_member(&mut first, b'}')? {
            r.scanner.key()?;
            let mut first = true;
            r.scanner.expect(b'[', "the `[` of items")?;
            while r.scanner.next_member(&mut first, b']')? {
                self.read_item(r)?;
            }
        }
        Ok(())
    }
}
