use super::{SequenceNumber, StreamRecord};
use crate::error::{DecodeError, ItemCollectionError};
use std::{error, fmt};

/// A record that could not be read: it says which one and why, and gives the record back.
///
/// `Display` and `Debug` show no value of the item.
pub struct RecordError(Box<Inner>);

struct Inner {
    kind: RecordErrorKind,
    record: StreamRecord<'static>,
}

/// The reason why a record could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecordErrorKind {
    /// The record is not as DynamoDB writes it: a part is absent, or has another form.
    Damaged(DecodeError),
    /// The key or an image does not have the form that its Rust type asks for.
    Decode(DecodeError),
    /// The item is of no member of the item collection, which takes that for an error.
    UnknownEntity(ItemCollectionError),
    /// The view type of the stream does not have the images that the code asks for.
    View {
        /// The view type that the code asks for.
        wanted: &'static str,
        /// The view type of the stream.
        found: &'static str,
    },
}

impl RecordError {
    pub(super) fn new(kind: RecordErrorKind, record: StreamRecord<'static>) -> Self {
        Self(Box::new(Inner { kind, record }))
    }

    /// The reason.
    pub fn kind(&self) -> &RecordErrorKind {
        &self.0.kind
    }

    /// The sequence number of the record, if it has one.
    pub fn sequence_number(&self) -> Option<&SequenceNumber> {
        self.0.record.sequence_number()
    }

    /// The id of the record's event, if it has one.
    pub fn event_id(&self) -> Option<&str> {
        self.0.record.event_id()
    }

    /// The ARN of the stream, if the source says it.
    pub fn source_arn(&self) -> Option<&str> {
        self.0.record.source_arn()
    }

    /// The place among the records of its event, from 0, if it came in one.
    pub fn index(&self) -> Option<usize> {
        self.0.record.index()
    }

    /// The record. It holds the values of the item, which only its methods `.._unredacted` show.
    pub fn record(&self) -> &StreamRecord<'static> {
        &self.0.record
    }

    /// Gives the record back.
    pub fn into_record(self) -> StreamRecord<'static> {
        self.0.record
    }
}

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("record")?;
        if let Some(number) = self.sequence_number() {
            write!(f, " {number}")?;
        }
        if let Some(index) = self.index() {
            write!(f, " (index {index})")?;
        }
        if let Some(arn) = self.source_arn() {
            write!(f, " of `{arn}`")?;
        }
        match self.kind() {
            RecordErrorKind::Damaged(_) => f.write_str(": not a record of a stream"),
            RecordErrorKind::Decode(_) => f.write_str(": its item could not be read"),
            RecordErrorKind::UnknownEntity(_) => f.write_str(": its item is of an unknown entity"),
            RecordErrorKind::View { wanted, found } => {
                write!(f, ": {wanted} was asked for, and the view type of the stream is {found}")
            }
        }
    }
}

/// Shows the reason and the place of the record, and no value.
impl fmt::Debug for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordError").field("kind", &self.0.kind).field("record", &self.0.record).finish()
    }
}

impl error::Error for RecordError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self.kind() {
            RecordErrorKind::Damaged(error) | RecordErrorKind::Decode(error) => Some(error),
            RecordErrorKind::UnknownEntity(error) => Some(error),
            RecordErrorKind::View { .. } => None,
        }
    }
}
