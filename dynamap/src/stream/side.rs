//! The item before or after a change.

use super::{RecordErrorKind, image::Image};
use crate::{
    call::item_status::{
        FoundBy, ItemStatus, KeyAttributes, ReadFilter, is_noted_key, marks, note_key, noted_entity_type,
        noted_key,
    },
    entity::{Item, KeyBytes, entity_type, key_attributes},
    error::DecodeError,
    op::read::{ItemReader, unknown_entity},
    schema::{TableSchema, primary_key},
    value::FieldTable,
    wire::JsonReader,
};
use std::iter;

/// The item before or after a change.
pub(super) struct Side<I> {
    pub(super) of: Membership,
    /// The item, if it was asked for and is one of those that are read.
    pub(super) item: Option<I>,
}

/// The entity of an item, among those that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Membership {
    /// The item is of this member of an item collection; of an entity, the first.
    Member(usize),
    /// The item is of no member of an item collection, which keeps it.
    Kept,
    /// The item is of another entity.
    Other,
}

/// DynamoDB: an image is the item as it was stored, whether its time was over or not.
const AS_STORED: ReadFilter = ReadFilter { found_by: FoundBy::Page, include_expired: true, now: 0 };

/// Reads an image, which must have the key `key`; the item of it only if it is `wanted`.
pub(super) fn read_side<R: ItemReader>(
    image: &Image<'_>,
    key: &KeyBytes,
    wanted: bool,
) -> Result<Side<R::Output>, RecordErrorKind> {
    match image {
        Image::Values(item) => read_values::<R>(item, key, wanted),
        Image::Json(_) => read_json::<R>(image.json().unwrap_or_default(), key, wanted),
    }
}

/// Reads the keys of a record, and the same to be compared; none if they are not those of the table `S`.
pub(super) fn read_keys<S: TableSchema>(
    keys: &Image<'_>,
) -> Result<Option<(KeyAttributes, KeyBytes)>, RecordErrorKind> {
    match keys {
        Image::Values(keys) => {
            let bytes = KeyBytes::of_item::<S>(keys);
            Ok((!bytes.as_slice().is_empty()).then(|| (key_attributes::<S>(keys), bytes)))
        }
        Image::Json(_) => {
            let json = keys.json().unwrap_or_default();
            let mut r = JsonReader::new(json.as_bytes()).map_err(RecordErrorKind::Damaged)?;
            r.set_marks(marks::<S>(&FieldTable::EMPTY, iter::empty()));
            r.reset_marks();
            r.skip_item().map_err(RecordErrorKind::Damaged)?;
            let mut bytes = KeyBytes::default();
            Ok(note_key::<S>(&r, &mut bytes).map(|()| (noted_key::<S>(&r), bytes)))
        }
    }
}

/// The side of an item of which only the key is known.
pub(super) fn side_of_keys<R: ItemReader>(keys: &KeyAttributes) -> Result<Side<R::Output>, RecordErrorKind> {
    let names = primary_key::<R::Table>().map(|attribute| attribute.name.to_owned());
    let keys: Item = names.zip([&keys.0, &keys.1].into_iter().flatten().cloned()).collect();
    match R::standing(&keys, AS_STORED) {
        ItemStatus::Unknown => Err(unknown::<R>(None)),
        status => Ok(Side { of: membership(status, || R::member(&keys)), item: None }),
    }
}

/// Reads the image that is the next value, which is read on the way with what is around it, and has the keys `keys` as they
/// are written, into `side`.
///
/// # Errors
/// The image cannot be read, has other keys, or is one that is an error: read by itself, it says why.
pub(super) fn read_next<R: ItemReader>(
    r: &mut JsonReader<'_>,
    hint: &mut R::MemberHint,
    keys: [&str; 2],
    wanted: bool,
    side: &mut Option<Side<R::Output>>,
) -> Result<(), DecodeError> {
    // An item may be large: it is put where it stays.
    let side = side.insert(Side { of: Membership::Other, item: None });
    let status = match wanted {
        true => R::read(r, AS_STORED, hint, |read| side.item = Some(read))?,
        false => R::look(r, AS_STORED)?,
    };
    if status == ItemStatus::Unknown || !is_noted_key::<R::Table>(r, keys) {
        return Err(DecodeError::new("an image of a known entity", "another one"));
    }
    side.of = membership(status, || R::noted_member(r));
    Ok(())
}

fn read_json<R: ItemReader>(
    json: &str,
    key: &KeyBytes,
    wanted: bool,
) -> Result<Side<R::Output>, RecordErrorKind> {
    let mut r = JsonReader::new(json.as_bytes()).map_err(RecordErrorKind::Damaged)?;
    let mut hint = R::begin(&mut r, iter::empty());
    let mut item = None;
    let read = match wanted {
        true => R::read(&mut r, AS_STORED, &mut hint, |read| item = Some(read)),
        false => R::look(&mut r, AS_STORED),
    };
    let status = read.map_err(RecordErrorKind::Decode)?;
    let mut own = KeyBytes::default();
    let has_key = note_key::<R::Table>(&r, &mut own).is_some();
    check_key(has_key && own.as_slice() == key.as_slice())?;
    match status {
        ItemStatus::Unknown => Err(unknown::<R>(noted_entity_type::<R::Table>(&r).as_deref())),
        status => Ok(Side { of: membership(status, || R::noted_member(&r)), item }),
    }
}

fn read_values<R: ItemReader>(
    item: &Item,
    key: &KeyBytes,
    wanted: bool,
) -> Result<Side<R::Output>, RecordErrorKind> {
    let status = R::standing(item, AS_STORED);
    let read = (wanted && AS_STORED.counts(status)).then(|| R::from_values(item.clone()));
    let read = read.transpose().map_err(RecordErrorKind::Decode)?;
    check_key(KeyBytes::of_item::<R::Table>(item).as_slice() == key.as_slice())?;
    match status {
        ItemStatus::Unknown => Err(unknown::<R>(entity_type::<R::Table>(item))),
        status => Ok(Side { of: membership(status, || R::member(item)), item: read }),
    }
}

fn membership(status: ItemStatus, member: impl FnOnce() -> Option<usize>) -> Membership {
    match status {
        ItemStatus::OtherEntity => Membership::Other,
        _ => member().map_or(Membership::Kept, Membership::Member),
    }
}

fn check_key(is_same: bool) -> Result<(), RecordErrorKind> {
    match is_same {
        true => Ok(()),
        false => {
            let error = DecodeError::new("an image with the key of its record", "one with another key");
            Err(RecordErrorKind::Damaged(error))
        }
    }
}

#[cold]
fn unknown<R: ItemReader>(entity_type: Option<&str>) -> RecordErrorKind {
    RecordErrorKind::UnknownEntity(unknown_entity::<R>(entity_type))
}
