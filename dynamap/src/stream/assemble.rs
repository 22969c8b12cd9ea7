//! The changes of a record whose images were read.

use super::{
    Change, ChangeRecord, Changes, EventName, ItemOf, RecordErrorKind, SequenceNumber, StreamRecord,
    StreamView,
    change::ReaderOf,
    change_record::ChangePlace,
    images::Images,
    side::{Membership, Side, side_of_keys},
};
use crate::{call::item_status::KeyAttributes, entity::AnyKey, error::DecodeError, op::read::Queryable};

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

/// Makes the changes of a record, which has these keys; `old` and `new` are the images that it has, of which `images` keeps
/// those that are asked for.
pub(super) fn assemble<T: Queryable, V: StreamView>(
    record: &StreamRecord<'_>,
    number: SequenceNumber,
    event: EventName,
    keys: KeyAttributes,
    [old, new]: [Option<&mut Side<ItemOf<T>>>; 2],
    images: &dyn Fn([bool; 2]) -> Images,
) -> Result<Changes<T, V>, RecordErrorKind> {
    let assembly = Assembly { record, number, keys, images };
    let is_absent = |side: &Option<_>, wanted| wanted && side.is_none();
    if event != EventName::Insert && is_absent(&old, V::HAS_OLD)
        || event != EventName::Remove && is_absent(&new, V::HAS_NEW)
    {
        return Err(absent("the images of its view"));
    }
    match (event, old, new) {
        (EventName::Insert, _, Some(new)) => Ok(give(assembly.insert(new, false)?, None, 1)),
        (EventName::Insert, _, None) => {
            let mut new = assembly.side_of_keys::<T>()?;
            Ok(give(assembly.insert(&mut new, false)?, None, 1))
        }
        (EventName::Remove, Some(old), _) => Ok(give(assembly.remove(old, false)?, None, 1)),
        (EventName::Remove, None, _) => {
            let mut old = assembly.side_of_keys::<T>()?;
            Ok(give(assembly.remove(&mut old, false)?, None, 1))
        }
        (EventName::Modify, Some(old), Some(new)) if old.of != new.of => {
            Ok(give(assembly.clone().remove(old, true)?, assembly.insert(new, true)?, 2))
        }
        (EventName::Modify, Some(old), Some(new)) => assembly.modify(old, new),
        (EventName::Modify, Some(old), None) => {
            let mut new = Side { of: old.of, item: None };
            assembly.modify(old, &mut new)
        }
        (EventName::Modify, None, Some(new)) => {
            let mut old = Side { of: new.of, item: None };
            assembly.modify(&mut old, new)
        }
        (EventName::Modify, None, None) => {
            let of = assembly.side_of_keys::<T>()?.of;
            assembly.modify(&mut Side { of, item: None }, &mut Side { of, item: None })
        }
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

#[derive(Clone)]
struct Assembly<'r> {
    record: &'r StreamRecord<'r>,
    number: SequenceNumber,
    keys: KeyAttributes,
    images: &'r dyn Fn([bool; 2]) -> Images,
}

impl Assembly<'_> {
    fn side_of_keys<T: Queryable>(&self) -> Result<Side<ItemOf<T>>, RecordErrorKind> {
        side_of_keys::<ReaderOf<T>>(&self.keys)
    }

    fn insert<T: Queryable, V: StreamView>(
        self,
        side: &mut Side<ItemOf<T>>,
        is_half: bool,
    ) -> OneChange<T, V> {
        match (side.of, V::new_of(side.item.take())) {
            (Membership::Other, _) | (_, None) => Ok(None),
            (of, Some(new)) => self.change(of, Change::Insert { new }, is_half).map(Some),
        }
    }

    fn remove<T: Queryable, V: StreamView>(
        self,
        side: &mut Side<ItemOf<T>>,
        is_half: bool,
    ) -> OneChange<T, V> {
        match (side.of, V::old_of(side.item.take())) {
            (Membership::Other, _) | (_, None) => Ok(None),
            (of, Some(old)) => self.change(of, Change::Remove { old }, is_half).map(Some),
        }
    }

    /// The change of an item that is of one entity before and after it.
    fn modify<T: Queryable, V: StreamView>(
        self,
        old: &mut Side<ItemOf<T>>,
        new: &mut Side<ItemOf<T>>,
    ) -> Result<Changes<T, V>, RecordErrorKind> {
        let change = match (new.of, V::old_of(old.item.take()), V::new_of(new.item.take())) {
            (of, Some(old), Some(new)) if of != Membership::Other => {
                Some(self.change(of, Change::Modify { old, new }, false)?)
            }
            _ => None,
        };
        Ok(give(change, None, 1))
    }

    fn change<T: Queryable, V: StreamView>(
        self,
        of: Membership,
        change: Change<T, V>,
        is_half: bool,
    ) -> Result<Box<ChangeRecord<T, V>>, RecordErrorKind> {
        let member = match of {
            Membership::Member(member) => Some(member),
            Membership::Kept | Membership::Other => None,
        };
        let (partition_key, sort_key) = self.keys;
        let key = T::Key::of_member(member, partition_key, sort_key).map_err(RecordErrorKind::Decode)?;
        let event = change.event_name();
        let images = match V::HAS_OLD && V::HAS_NEW {
            true => (self.images)([event != EventName::Insert, event != EventName::Remove]),
            false => Images::default(),
        };
        let place = ChangePlace {
            sequence_number: self.number,
            event_id: self.record.event_id().map(Into::into),
            time: self.record.time,
            is_expired: self.record.is_expired,
            is_half,
        };
        Ok(Box::new(ChangeRecord { change, key, place, member, images }))
    }
}
