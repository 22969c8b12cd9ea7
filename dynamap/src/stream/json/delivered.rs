//! Records of Lambda events: those of DynamoDB Streams, and those of Kinesis, which carry one.

use super::{
    kinesis::kinesis_record,
    members::{members, string},
    record::record_with,
};
use crate::{error::DecodeError, stream::StreamRecord, wire::JsonReader};

/// Reads the record of an event that comes next. Whatever is JSON is a record, which may be damaged.
///
/// # Errors
/// The text is not JSON.
pub(super) fn delivered_record<'a>(r: &mut JsonReader<'a>) -> Result<StreamRecord<'a>, DecodeError> {
    let mut carried = None;
    let record = record_with(r, |r| {
        carried = Some(carried_record(r)?);
        Ok(())
    })?;
    Ok(match carried {
        Some(carried) => StreamRecord { source_arn: record.source_arn, json: record.json, ..carried },
        None => record,
    })
}

/// Reads the record that the member `kinesis` of a record of a Lambda event carries, in base64.
///
/// The id of its event is that of the change: the one of the record around it is another where Kinesis has a change twice.
fn carried_record(r: &mut JsonReader<'_>) -> Result<StreamRecord<'static>, DecodeError> {
    let (mut data, mut number) = (None, None);
    members(r, |name, r| {
        match name {
            "data" => data = string(r)?.value(),
            "sequenceNumber" => number = string(r)?.value(),
            _ => {
                r.raw()?;
            }
        }
        Ok(())
    })?;
    let data = data.and_then(|data| base64_simd::STANDARD.decode_to_vec(data.as_bytes()).ok());
    let number = number.unwrap_or_default();
    Ok(match data {
        Some(data) => kinesis_record(&data, &number).into_owned(),
        None => {
            let mut record = StreamRecord::default();
            record.note_damage(DecodeError::new("data in base64", "another value"));
            record.set_sequence_number(Some(&number));
            record
        }
    })
}
