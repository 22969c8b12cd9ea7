use super::{Change, NewAndOldImages, OperationId, SequenceNumber, StreamView, images::Images};
use crate::op::read::Queryable;
use std::{fmt, time::SystemTime};

/// A change of an item of `T`, with its key and its place in the stream.
pub struct ChangeRecord<T: Queryable, V: StreamView = NewAndOldImages> {
    /// The change.
    pub change: Change<T, V>,
    /// The primary key of the item.
    pub key: T::Key,
    pub(super) place: ChangePlace,
    /// The position of its member in an item collection; none of an item that is of no member.
    pub(super) member: Option<usize>,
    /// The images, if the view has both.
    pub(super) images: Images,
}

/// The place of a change in its stream.
#[derive(Debug, Clone)]
pub(super) struct ChangePlace {
    pub(super) sequence_number: SequenceNumber,
    pub(super) event_id: Option<Box<str>>,
    pub(super) time: Option<SystemTime>,
    pub(super) is_expired: bool,
    /// True of each of the two changes of a record whose item is of another entity than before.
    pub(super) is_half: bool,
}

impl<T: Queryable, V: StreamView> ChangeRecord<T, V> {
    /// The sequence number of the record.
    ///
    /// The two changes of a record whose item is of another entity than before have the same.
    pub fn sequence_number(&self) -> &SequenceNumber {
        &self.place.sequence_number
    }

    /// The approximate time of the change; DynamoDB rounds it down to a second.
    pub fn time(&self) -> Option<SystemTime> {
        self.place.time
    }

    /// True if DynamoDB deleted the item since its time to live was over.
    ///
    /// DynamoDB: in a global table only the stream of the Region that deleted the item says so.
    pub fn is_expired(&self) -> bool {
        self.place.is_expired
    }

    /// The id of the record's event, which is unique among all streams.
    pub fn event_id(&self) -> Option<&str> {
        self.place.event_id.as_deref()
    }

    /// The id of this change, the same in each delivery: for an effect that must happen once. See
    /// [`send_once`](crate::op::TransactWriteItems::send_once).
    pub fn operation_id(&self) -> OperationId {
        let place = &self.place;
        let id = place.event_id.as_deref().unwrap_or(place.sequence_number.as_str());
        match (place.is_half, &self.change) {
            (true, Change::Remove { .. }) => format!("{id}-remove").into(),
            (true, _) => format!("{id}-insert").into(),
            (false, _) => id.into(),
        }
    }
}

/// Shows the kind of the change and its place, and no value.
impl<T: Queryable, V: StreamView> fmt::Debug for ChangeRecord<T, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChangeRecord")
            .field("change", &self.change)
            .field("key", &self.key)
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}
