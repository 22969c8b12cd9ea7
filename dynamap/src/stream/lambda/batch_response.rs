use crate::stream::SequenceNumber;
use serde::{Serialize, Serializer, ser::SerializeStruct};

/// The response of a function to an event: the records from which Lambda is to deliver again.
///
/// It is JSON as the event source mapping takes it with `ReportBatchItemFailures`:
/// `{"batchItemFailures":[{"itemIdentifier":"4421584500000000017450439091"}]}`. Without failures the list is empty, and Lambda goes
/// on behind the event.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BatchResponse {
    failures: Vec<BatchItemFailure>,
}

/// The record of a shard from which Lambda is to deliver again. All before it in its shard are done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchItemFailure {
    sequence_number: SequenceNumber,
}

impl BatchResponse {
    pub(super) fn new(failures: impl Iterator<Item = SequenceNumber>) -> Self {
        Self { failures: failures.map(|sequence_number| BatchItemFailure { sequence_number }).collect() }
    }

    /// The lowest record of each shard that is not done, which is one at most: Lambda delivers records of one shard in an
    /// event.
    pub fn failures(&self) -> &[BatchItemFailure] {
        &self.failures
    }

    /// True if all records are done.
    pub fn is_complete(&self) -> bool {
        self.failures.is_empty()
    }
}

impl BatchItemFailure {
    /// The sequence number of the record.
    pub fn sequence_number(&self) -> &SequenceNumber {
        &self.sequence_number
    }
}

impl Serialize for BatchResponse {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("BatchResponse", 1)?;
        object.serialize_field("batchItemFailures", &self.failures)?;
        object.end()
    }
}

impl Serialize for BatchItemFailure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("BatchItemFailure", 1)?;
        object.serialize_field("itemIdentifier", self.sequence_number.as_str())?;
        object.end()
    }
}
