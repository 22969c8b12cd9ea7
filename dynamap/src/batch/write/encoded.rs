use crate::{
    call::{Handle, check_item_size, max_item_size},
    capacity::{Billing, write_units},
    direct::{self, AttemptMarks},
    entity::{Entity, Item, Key, KeyBytes, KeyValues, TableOf, WholeWrite, key_item},
    error::KeyError,
    outcome::{Error, Result},
    schema::TableSchema,
    wire,
};
use std::{
    borrow::Cow,
    sync::{Arc, OnceLock},
};

/// The reason why a put does not compile.
pub(in crate::batch) const SHAPED_PUT: &str = "a batch checks nothing, so a put of it could replace an item of a newer shape, which another \
     program has written: write an entity with `shape` by single calls or transactions, or spell it out by `put_unchecked`";

/// A put or a delete, as it stands in the document of a request.
#[derive(Debug)]
pub(in crate::batch) struct EncodedWrite {
    key: KeyValues,
    json: Vec<u8>,
    /// The marks that give each attempt a version of its own; `None` if the write leaves none, or checks it.
    marks: Option<Arc<AttemptMarks>>,
    billing: Billing,
    /// The cost, if that is known.
    units: OnceLock<Option<f64>>,
}

/// The memory that encoding one write leaves to the next.
#[derive(Default)]
pub(super) struct Scratch {
    key: KeyBytes,
    /// The length of the last JSON. The next one is as long at a guess, and is rarely moved.
    length: usize,
    /// The memory of writes that are settled: it is in the processor's caches, and costs no allocation.
    spare: Vec<Vec<u8>>,
}

impl Scratch {
    /// The number of writes of two requests.
    const MAX_SPARE: usize = 50;
    /// Larger pieces would hold much memory for small writes.
    const MAX_SPARE_BYTES: usize = 16 * 1024;
    /// The least that a put gets.
    const MIN_BYTES: usize = 512;

    /// Takes the memory of a write that is settled.
    pub(super) fn give_back(&mut self, mut json: Vec<u8>) {
        let fits = (Self::MIN_BYTES..=Self::MAX_SPARE_BYTES).contains(&json.capacity());
        if fits && self.spare.len() < Self::MAX_SPARE {
            json.clear();
            self.spare.push(json);
        }
    }

    fn json(&mut self) -> Vec<u8> {
        let new = || Vec::with_capacity((self.length + self.length / 8).max(Self::MIN_BYTES));
        self.spare.pop().unwrap_or_else(new)
    }
}

/// A write that cannot be sent.
#[derive(Debug)]
pub(super) struct Unencoded {
    /// The key, if one can be made.
    pub(super) key: Option<Item>,
    pub(super) error: Box<Error>,
}

impl Unencoded {
    fn new<K: Key>(key: &K, error: Error) -> Self {
        Self { key: key_item(key).ok(), error: Box::new(error) }
    }
}

impl From<KeyError> for Unencoded {
    fn from(error: KeyError) -> Self {
        Self { key: None, error: Box::new(error.into()) }
    }
}

impl EncodedWrite {
    /// A put of `entity`, with the stamps that it gets now, and if it has a version with one that no entity in memory has.
    pub(super) fn put<E: Entity>(
        handle: &Handle,
        entity: &E,
        scratch: &mut Scratch,
    ) -> Result<Self, Unencoded> {
        scratch.key.set_entity(entity)?;
        let mut json = || {
            let now = || handle.time();
            let stamped =
                if E::STAMPS.is_empty() { None } else { entity.stamped(now(), WholeWrite::Replaced)? };
            let entity = stamped.as_ref().unwrap_or(entity);
            let random = handle.random.as_ref();
            let (json, marks) = direct::put_request_ignoring_version(entity, scratch.json(), random)?;
            let item = || direct::item_of_put_request(&json).map(Cow::Owned);
            check_item_size(json.len(), item).map_err(|error| error.in_entity(E::NAME))?;
            Ok((json, marks.map(Arc::new)))
        };
        let (json, marks) = json().map_err(|error| Unencoded::new(&entity.to_key(), error))?;
        scratch.length = json.len();
        Ok(Self { marks, ..Self::new::<E::Table>(scratch.key.to_key(), json) })
    }

    pub(super) fn delete<K: Key>(key: &K, scratch: &mut Scratch) -> Result<Self, Unencoded> {
        scratch.key.set_key(key)?;
        let json = direct::delete_request::<TableOf<K>>(&scratch.key);
        let json = json.map_err(|error| Unencoded::new(key, error))?;
        Ok(Self::new::<TableOf<K>>(scratch.key.to_key(), json))
    }

    fn new<S: TableSchema>(key: KeyValues, json: Vec<u8>) -> Self {
        Self { key, json, marks: None, billing: Billing::of::<S>(), units: OnceLock::new() }
    }

    /// A put of the item with this JSON, which has this key.
    pub(in crate::batch) fn put_json<S: TableSchema>(key: KeyValues, item: &[u8]) -> Self {
        Self::new::<S>(key, direct::put_request_of(item))
    }

    #[cfg(test)]
    pub(super) fn of_text(key: &str, bytes: usize) -> Self {
        let (key, json, units) = (KeyValues::text(key), vec![b'x'; bytes], OnceLock::new());
        Self { key, json, marks: None, billing: Billing::default(), units }
    }

    pub(super) fn key(&self) -> &KeyValues {
        &self.key
    }

    /// The write units of the largest item.
    pub(super) fn most_units(&self) -> f64 {
        write_units(max_item_size(self.billing))
    }

    pub(in crate::batch) fn json(&self) -> &[u8] {
        &self.json
    }

    pub(super) fn marks(&self) -> Option<&Arc<AttemptMarks>> {
        self.marks.as_ref()
    }

    pub(super) fn into_json(self) -> Vec<u8> {
        self.json
    }

    /// The write units of a put, unless the item is smaller than the one before it; `None` for a delete.
    ///
    /// It is computed on request: only a budget needs it.
    pub(super) fn units(&self) -> Option<f64> {
        *self.units.get_or_init(|| {
            let item = direct::json_of_put_item(&self.json)?;
            // No item is larger than its JSON, where each number of a vector has more than four bytes.
            let size = match item.len() <= KILOBYTE {
                true => item.len(),
                false => {
                    let item_size = |item| self.billing.item_size(&item);
                    wire::item_from_json::<Item>(item).map_or(item.len(), item_size)
                }
            };
            Some(write_units(size))
        })
    }
}

/// DynamoDB: what is smaller costs no less.
const KILOBYTE: usize = 1024;
