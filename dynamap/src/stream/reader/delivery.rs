//! Deliveries of a shard, and their acknowledgements.

use super::shard_link::ShardLink;
use crate::{
    op::read::Queryable,
    stream::{Changes, NewAndOldImages, RecordError, SequenceNumber, StreamView},
};
use std::{fmt, sync::Arc};

/// A record of a shard, or a gap between its records, which is to be acknowledged.
///
/// The checkpoint of the shard passes a delivery once it and all before it are acknowledged; the order does not matter. One that
/// is dropped without an acknowledgement ends the stream of the shard: the shard is read again from its checkpoint on, by
/// this or another worker.
pub struct Delivery<T: Queryable, V: StreamView = NewAndOldImages> {
    /// The content.
    pub event: ShardEvent<T, V>,
    /// The acknowledgement of the delivery.
    pub acknowledgement: Acknowledgement,
    pub(super) place: RecordPlace,
}

/// The place of a delivery: its number, and the item that was changed.
#[derive(Debug, Clone, Default)]
pub(super) struct RecordPlace {
    pub(super) number: Option<SequenceNumber>,
    /// The bytes of the item's key. Deliveries of one item are handled in their order.
    pub(super) key: Option<Box<[u8]>>,
}

/// The content of a [`Delivery`].
#[non_exhaustive]
pub enum ShardEvent<T: Queryable, V: StreamView = NewAndOldImages> {
    /// The changes of a record: one, or two of an item that is of another entity than before.
    Changes(Box<Changes<T, V>>),
    /// A record that cannot be read.
    Unreadable(RecordError),
    /// Records that the stream did not have any more when they were to be read.
    Gap(Gap),
}

/// Records that the stream did not have any more when they were to be read: they were older than 24 hours.
///
/// Records may be missing between the last delivery of the shard, or of its parent, and the next one. A consumer that
/// keeps a copy of the table reads the table again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    pub(super) shard_id: Arc<str>,
    pub(super) after: Option<SequenceNumber>,
}

impl Gap {
    /// The shard.
    pub fn shard_id(&self) -> &str {
        &self.shard_id
    }

    /// The last record of the shard before the gap; `None` if there was none.
    pub fn after(&self) -> Option<&SequenceNumber> {
        self.after.as_ref()
    }
}

impl<T: Queryable, V: StreamView> Delivery<T, V> {
    /// Acknowledges it: it is done, and need not be delivered again.
    pub fn acknowledge(self) {
        self.acknowledgement.acknowledge();
    }

    /// The sequence number of the record; `None` of a gap.
    pub fn sequence_number(&self) -> Option<&SequenceNumber> {
        self.place.number.as_ref()
    }
}

/// The acknowledgement of a [`Delivery`]. It can be moved to the task that completes the work.
#[must_use = "a delivery whose acknowledgement is dropped is delivered again"]
pub struct Acknowledgement {
    link: Arc<ShardLink>,
    ticket: u64,
    is_given: bool,
}

impl Acknowledgement {
    pub(super) fn new(link: Arc<ShardLink>, ticket: u64) -> Self {
        Self { link, ticket, is_given: false }
    }

    /// Acknowledges the delivery.
    pub fn acknowledge(mut self) {
        self.is_given = true;
        self.link.acknowledge(self.ticket);
    }
}

impl Drop for Acknowledgement {
    fn drop(&mut self) {
        if !self.is_given {
            self.link.refuse();
        }
    }
}

impl fmt::Debug for Acknowledgement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Acknowledgement").field("shard_id", self.link.shard_id()).finish_non_exhaustive()
    }
}

impl<T: Queryable, V: StreamView> fmt::Debug for ShardEvent<T, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changes(changes) => f.debug_tuple("Changes").field(changes).finish(),
            Self::Unreadable(error) => f.debug_tuple("Unreadable").field(error).finish(),
            Self::Gap(gap) => f.debug_tuple("Gap").field(gap).finish(),
        }
    }
}

/// Shows the place of the record, and no value.
impl<T: Queryable, V: StreamView> fmt::Debug for Delivery<T, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery")
            .field("event", &self.event)
            .field("sequence_number", &self.place.number)
            .finish_non_exhaustive()
    }
}
