use crate::{
    capacity::write_units,
    direct,
    entity::KeyValues,
    entity::{Entity, Item, Key, KeyPair, WholeWrite},
    error::{EncodeError, Error, KeyError, Result},
    op::{Handle, MAX_ITEM},
    schema::TableSchema,
    wire,
};
use std::sync::OnceLock;

/// A put or a delete, as it stands in the document of a request.
#[derive(Debug)]
pub(in crate::batch) struct Encoded {
    key: KeyValues,
    json: Vec<u8>,
    /// What it costs, if that is known.
    units: OnceLock<Option<f64>>,
}

/// A write that cannot be sent.
#[derive(Debug)]
pub(super) struct Unencoded {
    /// The key, if one can be made.
    pub(super) key: Option<Item>,
    pub(super) error: Box<Error>,
}

impl From<KeyError> for Unencoded {
    fn from(error: KeyError) -> Self {
        Self { key: None, error: Box::new(error.into()) }
    }
}

impl Encoded {
    /// A put of `entity`, with the stamps that it gets now; `length` is how long its JSON will be at a guess.
    pub(super) fn put<E: Entity>(handle: &Handle, entity: &E, length: usize) -> Result<Self, Unencoded> {
        let key = KeyPair::of(&entity.to_key())?;
        let json = || {
            let now = || handle.time();
            let stamped =
                if E::STAMPS.is_empty() { None } else { entity.stamped(now(), WholeWrite::Replaced)? };
            let json = direct::put_request(stamped.as_ref().unwrap_or(entity), length)?;
            check_size(&json).map_err(|error| error.in_entity(E::NAME))?;
            Ok(json)
        };
        Self::new::<E::Table>(key, json())
    }

    pub(super) fn delete<K: Key>(key: &K) -> Result<Self, Unencoded> {
        type TableOf<K> = <<K as Key>::Entity as Entity>::Table;
        let key = KeyPair::of(key)?;
        let json = direct::delete_request::<TableOf<K>>(&key);
        Self::new::<TableOf<K>>(key, json)
    }

    fn new<S: TableSchema>(key: KeyPair, json: Result<Vec<u8>>) -> Result<Self, Unencoded> {
        let error = match (KeyValues::of_pair(&key), json) {
            (Some(key), Ok(json)) => return Ok(Self { key, json, units: OnceLock::new() }),
            (_, Err(error)) => error,
            (None, Ok(_)) => {
                EncodeError::new("a key attribute is neither a string nor a number nor bytes").into()
            }
        };
        Err(Unencoded { key: Some(key.into_item::<S>()), error: Box::new(error) })
    }

    /// A put of the item with this JSON, which has this key.
    pub(in crate::batch) fn put_json(key: KeyValues, item: &[u8]) -> Self {
        Self { key, json: direct::put_request_of(item), units: OnceLock::new() }
    }

    #[cfg(test)]
    pub(super) fn of_text(key: &str, bytes: usize) -> Self {
        Self { key: KeyValues::text(key), json: vec![b'x'; bytes], units: OnceLock::new() }
    }

    pub(super) fn key(&self) -> &KeyValues {
        &self.key
    }

    pub(in crate::batch) fn json(&self) -> &[u8] {
        &self.json
    }

    /// The write units of a put, unless the item is smaller than the one before it; `None` for a delete.
    ///
    /// It is counted when somebody asks: only a budget does.
    pub(super) fn units(&self) -> Option<f64> {
        *self.units.get_or_init(|| {
            let item = direct::json_of_put_item(&self.json)?;
            // No item is larger than its JSON.
            let size = match item.len() <= KILOBYTE {
                true => item.len(),
                false => wire::item_from_json::<Item>(item).map_or(item.len(), |item| wire::item_size(&item)),
            };
            Some(write_units(size))
        })
    }
}

/// DynamoDB: what is smaller costs no less.
const KILOBYTE: usize = 1024;

fn check_size(put_request: &[u8]) -> Result<(), EncodeError> {
    // No item is larger than its JSON.
    if put_request.len() <= MAX_ITEM {
        return Ok(());
    }
    let item = direct::item_of_put_request(put_request);
    match item.map(|item| wire::item_size(&item)) {
        Ok(size) if size > MAX_ITEM => {
            Err(EncodeError::new(format!("the item has {size} bytes, and DynamoDB takes {MAX_ITEM}")))
        }
        // What is no item is for DynamoDB to refuse.
        _ => Ok(()),
    }
}
