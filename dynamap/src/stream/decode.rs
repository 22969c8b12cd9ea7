//! The way from a record to its typed changes.

use super::{
    Change, ChangeRecord, EventName, ItemOf, NewAndOldImages, RecordError, RecordErrorKind, SequenceNumber,
    StreamRecord, StreamView,
    change::ReaderOf,
    change_record::ChangePlace,
    image::Image,
    images::Images,
    side::{Membership, Side, read_side, side_of_keys},
};
use crate::{
    entity::{AnyKey, Item, KeyBytes, key_attributes},
    error::DecodeError,
    op::read::Queryable,
};
use std::{array, fmt, iter::FusedIterator, marker::PhantomData};

/// The changes of one record: one; two of an item that is of another entity than before; none of an item that is not
/// of `T`.
pub struct Changes<T: Queryable, V: StreamView = NewAndOldImages> {
    changes: array::IntoIter<Option<ChangeRecord<T, V>>, 2>,
    skipped: usize,
}

impl<T: Queryable, V: StreamView> Changes<T, V> {
    /// The number of changes that are not given, since the item is of another entity than `T`, or of no member of an
    /// item collection that skips those.
    pub fn skipped(&self) -> usize {
        self.skipped
    }
}

impl<T: Queryable, V: StreamView> Iterator for Changes<T, V> {
    type Item = ChangeRecord<T, V>;

    fn next(&mut self) -> Option<ChangeRecord<T, V>> {
        self.changes.by_ref().flatten().next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.changes.as_slice().iter().flatten().count();
        (left, Some(left))
    }
}

impl<T: Queryable, V: StreamView> ExactSizeIterator for Changes<T, V> {}

impl<T: Queryable, V: StreamView> FusedIterator for Changes<T, V> {}

/// Shows how many changes there are, and no value.
impl<T: Queryable, V: StreamView> fmt::Debug for Changes<T, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Changes").field("left", &self.len()).field("skipped", &self.skipped).finish()
    }
}

impl StreamRecord<'_> {
    /// Reads the changes of items of `T`, an entity or an item collection.
    ///
    /// An image is read as a stored item is: with the check of its key, defaults and upgrades. An item whose time to live
    /// is over is read as any other. An item of another entity than `T` is skipped and counted; one of no member of
    /// an item collection is treated as the collection says (`unknown = ..`). Where the record has no image, the form of
    /// the key tells the entity.
    ///
    /// # Errors
    /// The record is damaged, has not the images that `V` asks for, or its item cannot be read. The error gives the
    /// record back.
    pub fn changes<T: Queryable, V: StreamView>(&self) -> Result<Changes<T, V>, RecordError> {
        decode(self).map_err(|kind| RecordError::new(kind, self.clone().into_owned()))
    }
}

fn decode<T: Queryable, V: StreamView>(record: &StreamRecord<'_>) -> Result<Changes<T, V>, RecordErrorKind> {
    if let Some(damage) = &record.damage {
        return Err(RecordErrorKind::Damaged(damage.clone()));
    }
    V::check(record.view_type.as_ref())?;
    let event = record.event_name.ok_or_else(|| absent("the name of an event"))?;
    let decoder = Decoder::<T>::new(record)?;
    let old = || decoder.side(record.old_image.as_ref(), V::HAS_OLD);
    let new = || decoder.side(record.new_image.as_ref(), V::HAS_NEW);
    match event {
        EventName::Insert => {
            let new = new()?.map_or_else(|| decoder.side_of_keys(), Ok)?;
            decoder.give([None, decoder.insert(new, false)?], 1)
        }
        EventName::Remove => {
            let old = old()?.map_or_else(|| decoder.side_of_keys(), Ok)?;
            decoder.give([decoder.remove(old, false)?, None], 1)
        }
        EventName::Modify => match (old()?, new()?) {
            (Some(old), Some(new)) if old.of != new.of => {
                decoder.give([decoder.remove(old, true)?, decoder.insert(new, true)?], 2)
            }
            (Some(old), Some(new)) => decoder.modify(old, new),
            (Some(old), None) => {
                let new = Side { of: old.of, item: None };
                decoder.modify(old, new)
            }
            (None, Some(new)) => decoder.modify(Side { of: new.of, item: None }, new),
            (None, None) => {
                let of = decoder.side_of_keys()?.of;
                decoder.modify(Side { of, item: None }, Side { of, item: None })
            }
        },
    }
}

/// A record without a part that all records have.
#[cold]
fn absent(part: &'static str) -> RecordErrorKind {
    RecordErrorKind::Damaged(DecodeError::new(format!("a record with {part}"), "a record without it"))
}

/// Reads the parts of one record.
struct Decoder<'r, T> {
    record: &'r StreamRecord<'r>,
    number: &'r SequenceNumber,
    keys: Item,
    /// The keys, to be compared.
    key: KeyBytes,
    of: PhantomData<fn() -> T>,
}

impl<'r, T: Queryable> Decoder<'r, T> {
    fn new(record: &'r StreamRecord<'r>) -> Result<Self, RecordErrorKind> {
        let number = record.sequence_number.as_ref().ok_or_else(|| absent("a sequence number"))?;
        let keys = record.keys.as_ref().ok_or_else(|| absent("the keys of an item"))?;
        let keys = keys.to_item().map_err(RecordErrorKind::Damaged)?;
        let key = KeyBytes::of_item::<T::Table>(&keys);
        if key.as_slice().is_empty() {
            return Err(absent("the keys of its table"));
        }
        Ok(Self { record, number, keys, key, of: PhantomData })
    }

    /// Reads the item before or after the change, if its image is there.
    fn side(
        &self,
        image: Option<&Image<'_>>,
        wanted: bool,
    ) -> Result<Option<Side<ItemOf<T>>>, RecordErrorKind> {
        match image {
            Some(image) => read_side::<ReaderOf<T>>(image, &self.key, wanted).map(Some),
            None if wanted => Err(absent("the images of its view")),
            None => Ok(None),
        }
    }

    fn side_of_keys(&self) -> Result<Side<ItemOf<T>>, RecordErrorKind> {
        side_of_keys::<ReaderOf<T>>(&self.keys)
    }

    fn insert<V: StreamView>(
        &self,
        side: Side<ItemOf<T>>,
        is_half: bool,
    ) -> Result<Option<ChangeRecord<T, V>>, RecordErrorKind> {
        match (side.of, V::new_of(side.item)) {
            (Membership::Other, _) | (_, None) => Ok(None),
            (of, Some(new)) => self.change(of, Change::Insert { new }, is_half).map(Some),
        }
    }

    fn remove<V: StreamView>(
        &self,
        side: Side<ItemOf<T>>,
        is_half: bool,
    ) -> Result<Option<ChangeRecord<T, V>>, RecordErrorKind> {
        match (side.of, V::old_of(side.item)) {
            (Membership::Other, _) | (_, None) => Ok(None),
            (of, Some(old)) => self.change(of, Change::Remove { old }, is_half).map(Some),
        }
    }

    /// The change of an item that is of one entity before and after it.
    fn modify<V: StreamView>(
        &self,
        old: Side<ItemOf<T>>,
        new: Side<ItemOf<T>>,
    ) -> Result<Changes<T, V>, RecordErrorKind> {
        let change = match (new.of, V::old_of(old.item), V::new_of(new.item)) {
            (of, Some(old), Some(new)) if of != Membership::Other => {
                Some(self.change(of, Change::Modify { old, new }, false)?)
            }
            _ => None,
        };
        self.give([change, None], 1)
    }

    /// The changes of the record, which has as many as `all`.
    fn give<V: StreamView>(
        &self,
        changes: [Option<ChangeRecord<T, V>>; 2],
        all: usize,
    ) -> Result<Changes<T, V>, RecordErrorKind> {
        let skipped = all - changes.iter().flatten().count();
        Ok(Changes { changes: changes.into_iter(), skipped })
    }

    fn change<V: StreamView>(
        &self,
        of: Membership,
        change: Change<T, V>,
        is_half: bool,
    ) -> Result<ChangeRecord<T, V>, RecordErrorKind> {
        let member = match of {
            Membership::Member(member) => Some(member),
            Membership::Kept | Membership::Other => None,
        };
        let (partition_key, sort_key) = key_attributes::<T::Table>(&self.keys);
        let key = T::Key::of_member(member, partition_key, sort_key).map_err(RecordErrorKind::Decode)?;
        let place = ChangePlace {
            sequence_number: self.number.clone(),
            event_id: self.record.event_id().map(Into::into),
            time: self.record.time,
            is_expired: self.record.is_expired,
            is_half,
        };
        Ok(ChangeRecord { images: self.images(&change), change, key, place, member })
    }

    /// The images of a change, of a view that has both.
    fn images<V: StreamView>(&self, change: &Change<T, V>) -> Images {
        if !(V::HAS_OLD && V::HAS_NEW) {
            return Images::default();
        }
        let event = change.event_name();
        let old = self.record.old_image.as_ref().filter(|_| event != EventName::Insert);
        let new = self.record.new_image.as_ref().filter(|_| event != EventName::Remove);
        Images { old: old.map(Image::to_static), new: new.map(Image::to_static) }
    }
}
