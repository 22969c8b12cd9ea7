//! One record: `{"eventID":..,"eventName":..,"dynamodb":{"Keys":..,"NewImage":..,..},..}`.

use super::{
    members::{MemberValue, members, number_or_string, object, pass, string},
    time::time,
};
use crate::{
    error::DecodeError,
    stream::{EventName, StreamRecord, expiry::is_time_to_live, image::Image},
    wire::JsonReader,
};
use aws_sdk_dynamodb::types::StreamViewType;
use std::borrow::Cow;

/// Reads the record that comes next. Whatever is JSON is a record, which may be damaged.
///
/// # Errors
/// The text is not JSON.
pub(super) fn record<'a>(r: &mut JsonReader<'a>) -> Result<StreamRecord<'a>, DecodeError> {
    record_with(r, |r| pass(r).map(drop))
}

/// Reads the record that comes next, of which `kinesis` reads the member of that name.
pub(super) fn record_with<'a>(
    r: &mut JsonReader<'a>,
    mut kinesis: impl FnMut(&mut JsonReader<'a>) -> Result<(), DecodeError>,
) -> Result<StreamRecord<'a>, DecodeError> {
    r.scanner.pass_whitespace();
    let start = r.scanner.offset();
    let mut record = StreamRecord::default();
    let read = members(r, |name, r| match name {
        "dynamodb" => body(&mut record, r),
        "kinesis" => kinesis(r),
        _ => member(&mut record, name, r),
    })?;
    if !matches!(read, MemberValue::Value(())) {
        record.note_damage(DecodeError::new("an object", "another JSON value"));
    }
    record.json = r.scanner.bytes().get(start..r.scanner.offset()).map(Cow::Borrowed);
    Ok(record)
}

fn body<'a>(record: &mut StreamRecord<'a>, r: &mut JsonReader<'a>) -> Result<(), DecodeError> {
    // Of a member that stands twice the last counts.
    *record = StreamRecord {
        sequence_number: None,
        time: None,
        view_type: None,
        size: None,
        keys: None,
        new_image: None,
        old_image: None,
        ..std::mem::take(record)
    };
    members(r, |name, r| body_member(record, name, r))?;
    Ok(())
}

/// Reads the member `name` of a record, but its body.
pub(super) fn member<'a>(
    record: &mut StreamRecord<'a>,
    name: &str,
    r: &mut JsonReader<'a>,
) -> Result<(), DecodeError> {
    match name {
        "eventID" => record.event_id = string(r)?.value().filter(|id| !id.is_empty()),
        "eventName" => record.event_name = string(r)?.value().and_then(|name| EventName::from_name(&name)),
        "eventSourceARN" => record.source_arn = string(r)?.value(),
        "tableName" => record.table_name = string(r)?.value(),
        "userIdentity" => record.is_expired = identity(r)?,
        _ => {
            pass(r)?;
        }
    }
    Ok(())
}

/// Reads the member `name` of the body of a record.
pub(super) fn body_member<'a>(
    record: &mut StreamRecord<'a>,
    name: &str,
    r: &mut JsonReader<'a>,
) -> Result<(), DecodeError> {
    match name {
        "SequenceNumber" => match string(r)? {
            MemberValue::Value(text) => record.set_sequence_number(Some(&text)),
            MemberValue::Null => record.sequence_number = None,
            MemberValue::Other => record.note_damage(not_a_string().in_field("SequenceNumber")),
        },
        "Keys" => record.keys = image(record, r, "Keys")?,
        "NewImage" => record.new_image = image(record, r, "NewImage")?,
        "OldImage" => record.old_image = image(record, r, "OldImage")?,
        "ApproximateCreationDateTime" => {
            record.time = number_or_string(r)?.value().and_then(|text| time(&text));
        }
        "StreamViewType" => {
            record.view_type = string(r)?.value().map(|view| StreamViewType::from(&*view));
        }
        "SizeBytes" => record.size = number_or_string(r)?.value().and_then(|text| text.parse().ok()),
        _ => {
            pass(r)?;
        }
    }
    Ok(())
}

/// Passes the image that comes next, which is read with the changes; of a member that stands twice the last counts.
fn image<'a>(
    record: &mut StreamRecord<'a>,
    r: &mut JsonReader<'a>,
    name: &'static str,
) -> Result<Option<Image<'a>>, DecodeError> {
    Ok(match object(r)? {
        MemberValue::Value(json) => Some(Image::Json(Cow::Borrowed(json))),
        MemberValue::Null => None,
        MemberValue::Other => {
            record.note_damage(DecodeError::new("an item", "another JSON value").in_field(name));
            None
        }
    })
}

/// True if the identity is that of DynamoDB itself.
fn identity(r: &mut JsonReader<'_>) -> Result<bool, DecodeError> {
    let (mut kind, mut principal) = (None, None);
    members(r, |name, r| {
        // The documentation writes these names in both cases.
        match name {
            "type" | "Type" => kind = string(r)?.value(),
            "principalId" | "PrincipalId" => principal = string(r)?.value(),
            _ => {
                r.raw()?;
            }
        }
        Ok(())
    })?;
    Ok(is_time_to_live(kind.as_deref(), principal.as_deref()))
}

#[cold]
fn not_a_string() -> DecodeError {
    DecodeError::new("a string", "another JSON value")
}
