//! The changes of a record whose images were read.

use super::{
    Change, ChangeRecord, Changes, EventName, ItemOf, RecordErrorKind, SequenceNumber, StreamRecord,
    StreamView,
    change::ReaderOf,
    change_record::ChangePlace,
    image::Image,
    images::Images,
    side::{Membership, Side, side_of_keys},
};
use crate::{call::item_status::KeyAttributes, entity::AnyKey, error::DecodeError, op::read::Queryable};
use std::mem;

/// A record without a part that all records have.
#[cold]
pub(super) fn absent(part: &'static str) -> RecordErrorKind {
    RecordErrorKind::Damaged(DecodeError::new(format!("a record with {part}"), "a record without it"))
}

/// Checks all of a record but its keys and images.
pub(super) fn check_record<V: StreamView>(record: &StreamRecord<'_>) -> Result<EventName, RecordErrorKind> {
    if let Some(damage) = &record.damage {
        return Err(RecordErrorKind::Damaged(damage.clone()));
    }
    V::check(record.view_type.as_ref())?;
    record.event_name.ok_or_else(|| absent("the name of an event"))
}

/// Makes the changes of a record, which has these keys; `old` and `new` are the images that it has, which `keep` makes
/// independent of the record.
pub(super) fn assemble<T: Queryable, V: StreamView>(
    record: &StreamRecord<'_>,
    number: SequenceNumber,
    event: EventName,
    keys: KeyAttributes,
    [old, new]: [Option<Side<ItemOf<T>>>; 2],
    keep: &dyn Fn(&Image<'_>) -> Image<'static>,
) -> Result<Changes<T, V>, RecordErrorKind> {
    let mut assembly = Assembly { record, number, keys, keep };
    let is_absent = |side: &Option<_>, wanted| wanted && side.is_none();
    if event != EventName::Insert && is_absent(&old, V::HAS_OLD)
        || event != EventName::Remove && is_absent(&new, V::HAS_NEW)
    {
        return Err(absent("the images of its view"));
    }
    match event {
        EventName::Insert => {
            let new = new.map_or_else(|| assembly.side_of_keys::<T>(), Ok)?;
            Ok(give(assembly.insert(new, false)?, None, 1))
        }
        EventName::Remove => {
            let old = old.map_or_else(|| assembly.side_of_keys::<T>(), Ok)?;
            Ok(give(assembly.remove(old, false)?, None, 1))
        }
        EventName::Modify => match (old, new) {
            (Some(old), Some(new)) if old.of != new.of => {
                Ok(give(assembly.remove(old, true)?, assembly.insert(new, true)?, 2))
            }
            (Some(old), Some(new)) => assembly.modify(old, new),
            (Some(old), None) => {
                let new = Side { of: old.of, item: None };
                assembly.modify(old, new)
            }
            (None, Some(new)) => assembly.modify(Side { of: new.of, item: None }, new),
            (None, None) => {
                let of = assembly.side_of_keys::<T>()?.of;
                assembly.modify(Side { of, item: None }, Side { of, item: None })
            }
        },
    }
}

/// The changes of a record that has as many as `all`.
fn give<T: Queryable, V: StreamView>(
    first: Option<Box<ChangeRecord<T, V>>>,
    second: Option<Box<ChangeRecord<T, V>>>,
    all: usize,
) -> Changes<T, V> {
    let skipped = all - usize::from(first.is_some()) - usize::from(second.is_some());
    Changes { first, second, skipped }
}

type OneChange<T, V> = Result<Option<Box<ChangeRecord<T, V>>>, RecordErrorKind>;

struct Assembly<'r> {
    record: &'r StreamRecord<'r>,
    number: SequenceNumber,
    /// The values of the keys, which a change that is the only one takes.
    keys: KeyAttributes,
    keep: &'r dyn Fn(&Image<'_>) -> Image<'static>,
}

impl Assembly<'_> {
    fn side_of_keys<T: Queryable>(&self) -> Result<Side<ItemOf<T>>, RecordErrorKind> {
        side_of_keys::<ReaderOf<T>>(&self.keys)
    }

    fn insert<T: Queryable, V: StreamView>(
        &mut self,
        side: Side<ItemOf<T>>,
        is_half: bool,
    ) -> OneChange<T, V> {
        match (side.of, V::new_of(side.item)) {
            (Membership::Other, _) | (_, None) => Ok(None),
            (of, Some(new)) => self.change(of, Change::Insert { new }, is_half).map(Some),
        }
    }

    fn remove<T: Queryable, V: StreamView>(
        &mut self,
        side: Side<ItemOf<T>>,
        is_half: bool,
    ) -> OneChange<T, V> {
        match (side.of, V::old_of(side.item)) {
            (Membership::Other, _) | (_, None) => Ok(None),
            (of, Some(old)) => self.change(of, Change::Remove { old }, is_half).map(Some),
        }
    }

    /// The change of an item that is of one entity before and after it.
    fn modify<T: Queryable, V: StreamView>(
        &mut self,
        old: Side<ItemOf<T>>,
        new: Side<ItemOf<T>>,
    ) -> Result<Changes<T, V>, RecordErrorKind> {
        let change = match (new.of, V::old_of(old.item), V::new_of(new.item)) {
            (of, Some(old), Some(new)) if of != Membership::Other => {
                Some(self.change(of, Change::Modify { old, new }, false)?)
            }
            _ => None,
        };
        Ok(give(change, None, 1))
    }

    fn change<T: Queryable, V: StreamView>(
        &mut self,
        of: Membership,
        change: Change<T, V>,
        is_half: bool,
    ) -> Result<Box<ChangeRecord<T, V>>, RecordErrorKind> {
        let member = match of {
            Membership::Member(member) => Some(member),
            Membership::Kept | Membership::Other => None,
        };
        let (partition_key, sort_key) = if is_half { self.keys.clone() } else { mem::take(&mut self.keys) };
        let key = T::Key::of_member(member, partition_key, sort_key).map_err(RecordErrorKind::Decode)?;
        let record = self.record;
        let place = ChangePlace {
            sequence_number: self.number.clone(),
            event_id: record.event_id().map(Into::into),
            time: record.time,
            is_expired: record.is_expired,
            is_half,
        };
        Ok(Box::new(ChangeRecord { images: self.images(&change), change, key, place, member }))
    }

    /// The images of a change, of a view that has both.
    fn images<T: Queryable, V: StreamView>(&self, change: &Change<T, V>) -> Images {
        if !(V::HAS_OLD && V::HAS_NEW) {
            return Images::default();
        }
        let event = change.event_name();
        let old = self.record.old_image.as_ref().filter(|_| event != EventName::Insert);
        let new = self.record.new_image.as_ref().filter(|_| event != EventName::Remove);
        Images { old: old.map(self.keep), new: new.map(self.keep) }
    }
}
