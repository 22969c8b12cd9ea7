use super::{SequenceNumber, image::Image};
use crate::{entity::Item, error::DecodeError};
use aws_sdk_dynamodb::types::StreamViewType;
use std::{borrow::Cow, fmt, time::SystemTime};

/// The kind of a change, as records name it (`eventName`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EventName {
    /// `INSERT`: there was no item, and there is one.
    Insert,
    /// `MODIFY`: the item was changed.
    Modify,
    /// `REMOVE`: the item was deleted.
    Remove,
}

impl EventName {
    /// The event by DynamoDB's name of it.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        [Self::Insert, Self::Modify, Self::Remove].into_iter().find(|event| event.as_str() == name)
    }

    /// DynamoDB's name: `INSERT`, `MODIFY` or `REMOVE`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Insert => "INSERT",
            Self::Modify => "MODIFY",
            Self::Remove => "REMOVE",
        }
    }
}

impl fmt::Display for EventName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A record of a stream, of any source, whose images are not read yet.
///
/// The sources make it: [`json`](super::json) from the bytes of an event, which it borrows, and `From` the types of the
/// SDK's crate for streams (feature `streams`) and of `aws_lambda_events` (feature `lambda`).
/// [`changes`](Self::changes) reads it.
///
/// Nothing is checked when it is made: a record that is damaged, such as one without a sequence number, is an error when its
/// changes are read, so that the records around it are read all the same.
#[derive(Clone, Default)]
pub struct StreamRecord<'a> {
    pub(super) event_id: Option<Cow<'a, str>>,
    pub(super) event_name: Option<EventName>,
    pub(super) source_arn: Option<Cow<'a, str>>,
    pub(super) table_name: Option<Cow<'a, str>>,
    pub(super) sequence_number: Option<SequenceNumber>,
    pub(super) time: Option<SystemTime>,
    pub(super) view_type: Option<StreamViewType>,
    pub(super) is_expired: bool,
    pub(super) size: Option<u64>,
    pub(super) keys: Option<Image<'a>>,
    pub(super) new_image: Option<Image<'a>>,
    pub(super) old_image: Option<Image<'a>>,
    /// The place among the records of its batch.
    pub(super) index: Option<usize>,
    /// The whole record as JSON.
    pub(super) json: Option<Cow<'a, [u8]>>,
    /// The first part that is not as DynamoDB writes it.
    pub(super) damage: Option<DecodeError>,
}

impl<'a> StreamRecord<'a> {
    /// The id of the event, which is unique among all streams; the same in each delivery.
    pub fn event_id(&self) -> Option<&str> {
        self.event_id.as_deref()
    }

    /// The kind of the change; `None` if the record does not say it.
    pub fn event_name(&self) -> Option<EventName> {
        self.event_name
    }

    /// The ARN of the stream, if the source says it.
    pub fn source_arn(&self) -> Option<&str> {
        self.source_arn.as_deref()
    }

    /// The name of the table, if the source says it: records in Kinesis do.
    pub fn table_name(&self) -> Option<&str> {
        self.table_name.as_deref()
    }

    /// The sequence number; `None` if the record has none, or one that is no number.
    pub fn sequence_number(&self) -> Option<&SequenceNumber> {
        self.sequence_number.as_ref()
    }

    /// The approximate time of the change (`ApproximateCreationDateTime`); DynamoDB rounds it down to a second.
    pub fn time(&self) -> Option<SystemTime> {
        self.time
    }

    /// The view type of the stream, if the record says it.
    pub fn view_type(&self) -> Option<&StreamViewType> {
        self.view_type.as_ref()
    }

    /// True if DynamoDB deleted the item since its time to live was over.
    ///
    /// DynamoDB: in a global table only the stream of the Region that deleted the item says so.
    pub fn is_expired(&self) -> bool {
        self.is_expired
    }

    /// The size of the record in bytes (`SizeBytes`).
    pub fn size(&self) -> Option<u64> {
        self.size
    }

    /// The place among the records of its event, from 0, if it came in one.
    pub fn index(&self) -> Option<usize> {
        self.index
    }

    /// The key attributes of the item. They are values: keep them out of logs.
    ///
    /// # Errors
    /// They are not attribute values.
    pub fn keys_unredacted(&self) -> Result<Option<Item>, DecodeError> {
        self.keys.as_ref().map(Image::to_item).transpose()
    }

    /// The item as it is after the change, if the record has it. It holds values: keep it out of logs.
    ///
    /// # Errors
    /// It is not an item.
    pub fn new_image_unredacted(&self) -> Result<Option<Item>, DecodeError> {
        self.new_image.as_ref().map(Image::to_item).transpose()
    }

    /// The item as it was before the change, if the record has it. It holds values: keep it out of logs.
    ///
    /// # Errors
    /// It is not an item.
    pub fn old_image_unredacted(&self) -> Result<Option<Item>, DecodeError> {
        self.old_image.as_ref().map(Image::to_item).transpose()
    }

    /// The whole record as it came, if it came as JSON. It holds values: keep it out of logs.
    pub fn json_unredacted(&self) -> Option<&[u8]> {
        self.json.as_deref()
    }

    /// The same record without a borrow of the event that it came in.
    pub fn into_owned(self) -> StreamRecord<'static> {
        let owned = |text: Option<Cow<'a, str>>| text.map(|text| Cow::Owned(text.into_owned()));
        StreamRecord {
            event_id: owned(self.event_id),
            event_name: self.event_name,
            source_arn: owned(self.source_arn),
            table_name: owned(self.table_name),
            sequence_number: self.sequence_number,
            time: self.time,
            view_type: self.view_type,
            is_expired: self.is_expired,
            size: self.size,
            keys: self.keys.map(Image::into_owned),
            new_image: self.new_image.map(Image::into_owned),
            old_image: self.old_image.map(Image::into_owned),
            index: self.index,
            json: self.json.map(|json| Cow::Owned(json.into_owned())),
            damage: self.damage,
        }
    }

    /// Takes the text of a sequence number, if there is one.
    pub(super) fn set_sequence_number(&mut self, text: Option<&str>) {
        match text.map(str::parse) {
            Some(Ok(number)) => self.sequence_number = Some(number),
            Some(Err(_)) => self.note_damage(DecodeError::new("a sequence number", "another text")),
            None => {}
        }
    }

    /// Notes a part that is not as DynamoDB writes it; the first counts.
    pub(super) fn note_damage(&mut self, damage: DecodeError) {
        self.damage.get_or_insert(damage);
    }
}

/// Shows the place of the record and its parts, and no value.
impl fmt::Debug for StreamRecord<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StreamRecord")
            .field("event_id", &self.event_id)
            .field("event_name", &self.event_name)
            .field("source_arn", &self.source_arn)
            .field("sequence_number", &self.sequence_number)
            .field("time", &self.time)
            .field("view_type", &self.view_type)
            .field("is_expired", &self.is_expired)
            .field("size", &self.size)
            .field("keys", &self.keys)
            .field("new_image", &self.new_image)
            .field("old_image", &self.old_image)
            .field("index", &self.index)
            .field("damage", &self.damage)
            .finish_non_exhaustive()
    }
}
