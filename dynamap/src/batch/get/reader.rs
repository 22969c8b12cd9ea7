//! Reads the items of a response, each as the entity whose key was asked for.

use super::{
    absence::Absence,
    outcome::KeyOutcome,
    parts::{GetPart, GetParts, PartKeys},
    requested_keys::EntityReader,
};
use crate::{
    call::item_status::ReadFilter,
    direct::Receiver,
    entity::{Item, KeyBytes},
    error::DecodeError,
    schema::named_table,
    wire::JsonReader,
};
use std::sync::Arc;

/// The items that a request found, by their places in the batch.
pub(super) type Read<O> = Vec<(usize, KeyOutcome<O>)>;

pub(super) struct BatchReader<O> {
    parts: Arc<GetParts<O>>,
    /// The parts of the request, with the way to read their items.
    of: Vec<(usize, ReadFilter)>,
    /// Of the part whose items are read.
    items: ReadFilter,
    /// Of the item before: the next one mostly is of the same.
    kind: usize,
    key: KeyBytes,
    read: Read<O>,
}

impl<O> BatchReader<O> {
    /// A reader for a request of these keys, of one part at least.
    pub(super) fn new(parts: Arc<GetParts<O>>, keys: &[PartKeys]) -> Self {
        let count = keys.iter().map(|of| of.keys.len()).sum();
        let of: Vec<_> = keys.iter().map(|of| (of.part, parts.all()[of.part].filter())).collect();
        let items = of[0].1;
        Self { parts, of, items, kind: 0, key: KeyBytes::default(), read: Vec::with_capacity(count) }
    }

    pub(super) fn take(&mut self) -> Read<O> {
        std::mem::take(&mut self.read)
    }

    /// Reads the item that is the next value: for each place of its key, since an entity may have no copy.
    fn read_item(&mut self, part: &GetPart<O>, r: &mut JsonReader<'_>) -> Result<(), DecodeError> {
        let (start, asked) = (r.scanner.place(), &part.asked);
        // At once as what the one before it was; where its key says another, once more.
        let mut first = Some(self.read_as(asked.kind(self.kind), r)?);
        let position = part.noted_position(r, &mut self.key);
        for place in asked.places_of(position.ok_or_else(not_asked_for)?) {
            let kind = asked.kind_at(place);
            let outcome = match first.take() {
                Some(first) if kind == self.kind => first,
                _ => {
                    r.go_back_to(start);
                    if kind != self.kind {
                        self.kind = kind;
                        self.set_marks(part, r);
                    }
                    self.read_as(asked.kind(kind), r)?
                }
            };
            self.read.push((part.first_place + place, outcome));
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

    fn set_marks(&self, part: &GetPart<O>, r: &mut JsonReader<'_>) {
        r.set_marks(part.marks(part.asked.kind(self.kind).fields));
    }

    /// Reads the items that the SDK has read, each with the position of its part in the request.
    pub(super) fn read_values(
        mut self,
        tables: impl Iterator<Item = (usize, Vec<Item>)>,
    ) -> Result<Read<O>, DecodeError> {
        let parts = self.parts.clone();
        for (at, items) in tables {
            let (part, filter) = self.of[at];
            let part = &parts.all()[part];
            self.items = filter;
            for item in items {
                let position = part.position_of(&item, &mut self.key);
                for place in part.asked.places_of(position.ok_or_else(not_asked_for)?) {
                    let outcome = self.value(part.asked.kind(part.asked.kind_at(place)), item.clone());
                    self.read.push((part.first_place + place, outcome));
                }
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

impl<O: Send + 'static> Receiver for BatchReader<O> {
    fn receive(&mut self, r: &mut JsonReader<'_>) -> Result<(), DecodeError> {
        let parts = self.parts.clone();
        self.read.clear();
        let mut first = true;
        r.scanner.expect(b'{', "the `{` of tables")?;
        while r.scanner.next_member(&mut first, b'}')? {
            let names = self.of.iter().map(|(part, _)| parts.all()[*part].table());
            let at = named_table(names, &r.scanner.key()?).ok_or_else(not_asked_for)?;
            let (part, filter) = self.of[at];
            let part = &parts.all()[part];
            (self.items, self.kind) = (filter, 0);
            self.set_marks(part, r);
            let mut first = true;
            r.scanner.expect(b'[', "the `[` of items")?;
            while r.scanner.next_member(&mut first, b']')? {
                self.read_item(part, r)?;
            }
        }
        Ok(())
    }
}
