//! The parts of a batch get: the keys of each table, with the way to read them.

use super::{
    reading::{BatchGetSettings, MAX_KEYS},
    requested_keys::{ProjectionMembers, RequestedKeys},
};
use crate::{
    budget::{CallForm, Cost, Forecast},
    call::{
        Handle, Requests,
        item_status::{FoundBy, ReadFilter, marks, note_key},
        observe_all,
    },
    capacity::{ReadConsistency, read_units},
    direct::BATCH_GET_ITEM,
    entity::{Item, KeyBytes},
    error::ExpressionError,
    observe::Observing,
    outcome::{Error, InvalidBatch, InvalidBatchKind, Result},
    schema::{TableSchema, is_same_table},
    value::FieldTable,
    wire::{JsonReader, Marks},
};
use aws_sdk_dynamodb::types::KeysAndAttributes;
use std::{any::TypeId, collections::VecDeque, iter};

/// Keys of one table that are read alike.
pub(super) struct GetPart<O> {
    /// The schema by which the items are read.
    schema: TypeId,
    pub(super) handle: Handle,
    consistent_read: bool,
    include_expired: bool,
    pub(super) asked: RequestedKeys<O>,
    /// The projection of its requests.
    attributes: Option<ProjectionMembers>,
    /// The position of its first place among those of the batch.
    pub(super) first_place: usize,
    form: KeyForm<O>,
}

/// The form of a table's keys, without its type.
struct KeyForm<O> {
    set_item: fn(&mut KeyBytes, &Item) -> Option<()>,
    note: fn(&JsonReader<'_>, &mut KeyBytes) -> Option<()>,
    marks: fn(&FieldTable) -> Marks,
    now: fn(&Handle) -> i64,
    attributes: fn(&RequestedKeys<O>) -> Result<Option<ProjectionMembers>, ExpressionError>,
}

impl<O> GetPart<O> {
    pub(super) fn table(&self) -> &str {
        &self.handle.table
    }

    /// The position of the key of an item that the SDK has read.
    pub(super) fn position_of(&self, item: &Item, key: &mut KeyBytes) -> Option<usize> {
        (self.form.set_item)(key, item)?;
        self.asked.position(key)
    }

    /// The position of the key of the item that `r` read last.
    pub(super) fn noted_position(&self, r: &JsonReader<'_>, key: &mut KeyBytes) -> Option<usize> {
        (self.form.note)(r, key)?;
        self.asked.position(key)
    }

    pub(super) fn marks(&self, fields: &FieldTable) -> Marks {
        (self.form.marks)(fields)
    }

    /// The settings by which the items of a request are read that is sent now.
    pub(super) fn filter(&self) -> ReadFilter {
        let now = (self.form.now)(&self.handle);
        ReadFilter { found_by: FoundBy::Key, include_expired: self.include_expired, now }
    }

    /// The likely cost of reading so many keys.
    pub(super) fn forecast(&self, keys: usize) -> Forecast {
        let (consistent, entity) = (self.consistent_read, self.asked.entity());
        let consistency = if consistent { ReadConsistency::Strong } else { ReadConsistency::Eventual };
        let form = CallForm { operation: BATCH_GET_ITEM.name, entity, index: None, consistent };
        let cost = Cost::Average(read_units(1, consistency));
        Forecast { form, writes: false, index: None, cost, items: keys }
    }

    /// The part of a request with the keys at these positions, in the SDK's types.
    pub(super) fn values(&self, keys: &[usize]) -> KeysAndAttributes {
        let keys = keys.iter().map(|key| self.asked.item(*key)).collect();
        self.with_keys(keys, self.attributes.as_ref())
    }

    /// The same without its keys and its projection, which are written into the request.
    pub(super) fn empty(&self) -> KeysAndAttributes {
        self.with_keys(Vec::new(), None)
    }

    fn with_keys(&self, keys: Vec<Item>, attributes: Option<&ProjectionMembers>) -> KeysAndAttributes {
        let keys = KeysAndAttributes::builder()
            .set_keys(Some(keys))
            .set_consistent_read(self.consistent_read.then_some(true));
        let keys = match attributes {
            Some(ProjectionMembers { expression, names }) => {
                keys.projection_expression(expression).set_expression_attribute_names(Some(names.clone()))
            }
            None => keys,
        };
        match keys.build() {
            Ok(keys) => keys,
            Err(_) => unreachable!("`set_keys` gave the only member that is required"),
        }
    }

    /// Writes the members behind the keys of a request, and the end of its part.
    pub(super) fn write_end(&self, json: &mut Vec<u8>) {
        if self.consistent_read {
            json.extend_from_slice(b",\"ConsistentRead\":true");
        }
        if let Some(attributes) = &self.attributes {
            attributes.write(json);
        }
        json.push(b'}');
    }

    /// True if keys that are read by these settings can be in this part.
    fn takes<S: TableSchema>(&self, settings: &BatchGetSettings) -> bool {
        let BatchGetSettings { handle, consistent_read, include_expired, .. } = settings;
        (&self.handle.table, self.handle.mapping) == (&handle.table, handle.mapping)
            && (self.consistent_read, self.include_expired) == (*consistent_read, *include_expired)
            && self.schema == TypeId::of::<S>()
            && self.handle.has_clock_and_metering_of(handle)
    }
}

/// The parts of a batch, of which the client of the first one sends all requests.
pub struct GetParts<O>(Vec<GetPart<O>>);

impl<O> GetParts<O> {
    pub(super) fn new() -> Self {
        Self(Vec::new())
    }

    /// Begins the batch, if somebody observes one of its tables.
    pub(super) fn observe(&mut self) -> Observing {
        if !self.0.iter().any(|part| part.handle.is_to_be_observed()) {
            return Observing::none();
        }
        let handles = self.0.iter_mut().map(|part| &mut part.handle);
        observe_all(handles, &BATCH_GET_ITEM, None, Requests::Several)
    }

    /// The parts of a batch of one table.
    pub(super) fn one<S: TableSchema>(settings: &BatchGetSettings, asked: RequestedKeys<O>) -> Result<Self> {
        let mut parts = Self::new();
        parts.push::<S>(settings, asked);
        parts.ready()
    }

    /// The position of the part for keys that are read by these settings, which is made if there is none.
    pub(super) fn part<S: TableSchema>(&mut self, settings: &BatchGetSettings) -> Result<usize> {
        if let Some(first) = self.0.first()
            && let Some((first, region)) = first.handle.regions_apart(&settings.handle)
        {
            let kind = InvalidBatchKind::OtherRegion { region, first };
            return Err(InvalidBatch::new(BATCH_GET_ITEM.name, &settings.handle.table, kind).into());
        }
        if let Some(position) = self.0.iter().position(|part| part.takes::<S>(settings)) {
            return Ok(position);
        }
        self.push::<S>(settings, RequestedKeys::new());
        Ok(self.0.len() - 1)
    }

    fn push<S: TableSchema>(&mut self, settings: &BatchGetSettings, asked: RequestedKeys<O>) {
        let BatchGetSettings { handle, consistent_read, include_expired, .. } = settings;
        self.0.push(GetPart {
            handle: handle.clone(),
            schema: TypeId::of::<S>(),
            consistent_read: *consistent_read,
            include_expired: *include_expired,
            asked,
            attributes: None,
            first_place: 0,
            form: KeyForm {
                set_item: KeyBytes::set_item::<S>,
                note: note_key::<S>,
                marks: |fields| marks::<S>(fields, iter::empty()),
                now: Handle::now::<S>,
                attributes: RequestedKeys::attributes::<S>,
            },
        });
    }

    pub(super) fn asked_mut(&mut self, part: usize) -> &mut RequestedKeys<O> {
        &mut self.0[part].asked
    }

    /// The parts, to which all keys were added.
    pub(super) fn ready(mut self) -> Result<Self> {
        let mut places = 0;
        for part in &mut self.0 {
            part.attributes = (part.form.attributes)(&part.asked).map_err(Error::from)?;
            part.first_place = places;
            places += part.asked.places();
        }
        Ok(self)
    }

    pub(super) fn all(&self) -> &[GetPart<O>] {
        &self.0
    }

    /// The number of places of all parts.
    pub(super) fn places(&self) -> usize {
        self.0.iter().map(|part| part.asked.places()).sum()
    }

    /// All keys in their order: the position of the part of each, and its position there.
    pub(super) fn keys(&self) -> VecDeque<(usize, usize)> {
        let of = |(at, part): (usize, &GetPart<O>)| (0..part.asked.distinct()).map(move |key| (at, key));
        self.0.iter().enumerate().flat_map(of).collect()
    }

    /// True if keys of the two parts cannot be in one request.
    ///
    /// DynamoDB: a request names a table once, with one projection and one consistency.
    fn are_of_one_table(&self, one: usize, other: usize) -> bool {
        is_same_table(self.0[one].table(), self.0[other].table())
    }

    /// Takes the keys of the next request, up to 100; those of parts that are apart go in requests of their own.
    pub(super) fn next(&self, pending: &mut VecDeque<(usize, usize)>, is_apart: &[bool]) -> RequestKeys {
        let mut parts: RequestKeys = Vec::new();
        for _ in 0..MAX_KEYS {
            let Some((part, key)) = pending.front().copied() else { break };
            match parts.iter_mut().rfind(|of| of.part == part) {
                Some(of) => of.keys.push(key),
                None => {
                    let cannot_join = |of: &PartKeys| {
                        is_apart[of.part] || is_apart[part] || self.are_of_one_table(of.part, part)
                    };
                    if parts.iter().any(cannot_join) {
                        break;
                    }
                    let mut keys = Vec::with_capacity(pending.len().min(MAX_KEYS));
                    keys.push(key);
                    parts.push(PartKeys { part, keys });
                }
            }
            pending.pop_front();
        }
        parts
    }
}

/// The keys of a request, by their parts.
pub(super) type RequestKeys = Vec<PartKeys>;

/// Keys of a part, by their positions.
pub(super) struct PartKeys {
    pub(super) part: usize,
    pub(super) keys: Vec<usize>,
}
