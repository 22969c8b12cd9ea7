use super::{members::without_mark, record::record};
use crate::{error::DecodeError, stream::StreamRecord, wire::JsonReader};
use std::borrow::Cow;

/// Reads the data of a record that DynamoDB has sent to a Kinesis data stream, which the record borrows.
///
/// The data has no sequence number of its own: `sequence_number` is that of the Kinesis record.
///
/// Whatever the data is, it becomes a record: a damaged one is an error when its [changes](StreamRecord::changes) are read,
/// which gives the data back. Kinesis records have both images.
///
/// DynamoDB: a Kinesis data stream may have a change twice, and changes of one item out of order. Their
/// [time](StreamRecord::time) tells the order, to the microsecond with `ApproximateCreationDateTimePrecision`.
pub fn kinesis_record<'a>(data: &'a [u8], sequence_number: &str) -> StreamRecord<'a> {
    let mut own = match whole_record(data) {
        Ok(record) => record,
        Err(damage) => StreamRecord { damage: Some(damage), ..StreamRecord::default() },
    };
    own.json = Some(Cow::Borrowed(data));
    own.set_sequence_number(Some(sequence_number));
    own
}

fn whole_record(data: &[u8]) -> Result<StreamRecord<'_>, DecodeError> {
    let mut r = JsonReader::new(without_mark(data))?;
    let record = record(&mut r)?;
    r.finish()?;
    Ok(record)
}
