//! Pages of records.

use dynoxide::Database;
use dynoxide::actions::describe_stream::DescribeStreamRequest as EngineDescribe;
use dynoxide::actions::get_records::GetRecordsRequest as EngineRecords;
use dynoxide::actions::get_shard_iterator::encode_shard_iterator;
use serde_json::Value;

use super::table_stream::{OFFSET, TableStream};
use crate::streams::{PAGE_BYTES, StreamError, sequence};

pub(super) struct EnginePage {
    pub(super) records: Vec<Value>,
    /// The sequence number of the last record that the page has or leaves out.
    pub(super) after: u128,
    /// The stream is disabled, and has no further record.
    pub(super) is_end: bool,
}

/// The records behind a sequence number.
pub(super) fn page(
    database: &Database,
    stream: &TableStream,
    after: u128,
    limit: usize,
) -> Result<EnginePage, StreamError> {
    let found = read(database, stream, after, limit)?;
    let is_last = found.len() < limit;
    let mut page = EnginePage { records: Vec::new(), after, is_end: false };
    let (mut bytes, mut is_cut) = (0, false);
    for mut record in found {
        let size = record.to_string().len();
        // A record that is larger than a page has one for itself.
        is_cut = bytes > 0 && bytes + size > PAGE_BYTES;
        if is_cut {
            break;
        }
        bytes += size;
        page.after = number(&record).unwrap_or(page.after);
        if !changes_nothing(&record) {
            spell_identity(&mut record);
            page.records.push(record);
        }
    }
    page.is_end = !stream.is_enabled && is_last && !is_cut;
    Ok(page)
}

fn read(
    database: &Database,
    stream: &TableStream,
    after: u128,
    limit: usize,
) -> Result<Vec<Value>, StreamError> {
    let position = i64::try_from(after.saturating_sub(OFFSET)).unwrap_or(i64::MAX);
    let shard = dynoxide::streams::shard_id(&stream.table);
    let request = EngineRecords {
        shard_iterator: encode_shard_iterator(&stream.table, &shard, position),
        limit: Some(limit),
    };
    let answer = database.get_records(request).map_err(|error| StreamError::internal(&error))?;
    let records = answer.records.iter().map(serde_json::to_value).collect::<Result<_, _>>();
    records.map_err(|error| StreamError::internal(&error))
}

fn number(record: &Value) -> Option<u128> {
    sequence::parse(record["dynamodb"]["SequenceNumber"].as_str()?)
}

/// DynamoDB: a write that changes nothing makes no record. The engine makes one, which shows where both images are there.
fn changes_nothing(record: &Value) -> bool {
    let change = &record["dynamodb"];
    let (new, old) = (&change["NewImage"], &change["OldImage"]);
    record["eventName"] == "MODIFY" && !new.is_null() && new == old
}

/// DynamoDB: the members begin with capital letters, unlike those of other records and of Lambda's events.
fn spell_identity(record: &mut Value) {
    let Some(identity) = record.get_mut("userIdentity").and_then(Value::as_object_mut) else { return };
    for (engine, service) in [("type", "Type"), ("principalId", "PrincipalId")] {
        if let Some(value) = identity.remove(engine) {
            identity.insert(service.to_owned(), value);
        }
    }
}

/// The sequence number of the last record, or the lowest of the stream if it has none.
pub(super) fn last(database: &Database, stream: &TableStream) -> Result<u128, StreamError> {
    let last = if stream.is_enabled { last_enabled(database, stream)? } else { search(database, stream)? };
    Ok(last.max(stream.starting()))
}

fn last_enabled(database: &Database, stream: &TableStream) -> Result<u128, StreamError> {
    let request = EngineDescribe { stream_arn: stream.arn.clone(), ..EngineDescribe::default() };
    let answer = database.describe_stream(request).map_err(|error| StreamError::internal(&error))?;
    let shard = answer.stream_description.shards.first();
    let last = shard.and_then(|shard| shard.sequence_number_range.ending_sequence_number.as_deref());
    Ok(last.and_then(sequence::parse).unwrap_or_default())
}

/// Searches for the last record of a disabled stream, of which the engine says nothing, by bisection.
fn search(database: &Database, stream: &TableStream) -> Result<u128, StreamError> {
    let (mut low, mut high) = (stream.starting(), OFFSET + u128::from(u64::MAX >> 1));
    while low < high {
        let middle = low + (high - low) / 2;
        match read(database, stream, middle, 1)?.first().and_then(number) {
            Some(found) => low = found,
            None => high = middle,
        }
    }
    Ok(low)
}

/// The sequence number before those of this second: the engine takes them from its clock, in microseconds.
pub(super) fn before_time(seconds: f64) -> u128 {
    // Negative times become zero.
    OFFSET + (seconds.ceil() * 1_000_000.0) as u128 - 1
}
