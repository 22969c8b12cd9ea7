//! DynamoDB Streams, as the service answers it, over the records that the engine keeps.
//!
//! The engine's own answers would mislead a reader: an open shard has an ending sequence number, the identity of the
//! service is lost on the way to the SDK, and the ARN of an earlier stream of a table reads the present one.

mod records;
mod table_stream;

use std::time::{SystemTime, UNIX_EPOCH};

use dynoxide::Database;
use dynoxide::actions::list_tables::ListTablesRequest;
use serde_json::{Value, json};

use crate::streams::{
    DescribeStreamRequest, ListStreamsRequest, PAGE_ENTRIES, RecordsRequest, ShardIteratorRequest,
    ShardPosition, StreamError, StreamRequest, page_limit, sequence,
};
use crate::transport::Response;
use table_stream::TableStream;

/// Answers a request of DynamoDB Streams. None if the operation is another.
pub(super) fn answer(database: &Database, operation: &str, body: &[u8]) -> Option<Response> {
    let request = StreamRequest::read(operation, body)?;
    let answer = request.and_then(|request| match request {
        StreamRequest::List(request) => list_streams(database, &request),
        StreamRequest::Describe(request) => describe_stream(database, &request),
        StreamRequest::Iterator(request) => shard_iterator(database, &request),
        StreamRequest::Records(request) => get_records(database, &request),
    });
    Some(match answer {
        Ok(json) => Response::new(200, json.to_string()),
        Err(error) => error.response(),
    })
}

fn list_streams(database: &Database, request: &ListStreamsRequest) -> Result<Value, StreamError> {
    let limit = page_limit(request.limit, PAGE_ENTRIES)?;
    let names = match &request.table_name {
        Some(name) => vec![name.clone()],
        None => table_names(database)?,
    };
    let mut streams = Vec::new();
    for name in names {
        streams.extend(TableStream::of_table(database, &name)?);
    }
    streams.sort_by(|one, other| one.arn.cmp(&other.arn));
    let start = request.exclusive_start_stream_arn.as_ref();
    streams.retain(|stream| start.is_none_or(|start| stream.arn > *start));
    let is_cut = streams.len() > limit;
    streams.truncate(limit);
    let mut answer = json!({ "Streams": streams.iter().map(TableStream::summary).collect::<Vec<_>>() });
    if let Some(last) = streams.last().filter(|_| is_cut) {
        answer["LastEvaluatedStreamArn"] = last.arn.as_str().into();
    }
    Ok(answer)
}

fn table_names(database: &Database) -> Result<Vec<String>, StreamError> {
    let mut names: Vec<String> = Vec::new();
    loop {
        let request =
            ListTablesRequest { exclusive_start_table_name: names.last().cloned(), limit: Some(100) };
        let page = database.list_tables(request).map_err(|error| StreamError::internal(&error))?;
        names.extend(page.table_names);
        if page.last_evaluated_table_name.is_none() {
            return Ok(names);
        }
    }
}

fn describe_stream(database: &Database, request: &DescribeStreamRequest) -> Result<Value, StreamError> {
    page_limit(request.limit, PAGE_ENTRIES)?;
    let stream = TableStream::find(database, &request.stream_arn)?;
    let mut description = stream.description();
    let shard = stream.shard_id();
    // The only shard is no child, and has none.
    let is_listed = request.children_of()?.is_none()
        && request.exclusive_start_shard_id.as_ref().is_none_or(|start| *start < shard);
    let mut shards = Vec::new();
    if is_listed {
        let mut range = json!({ "StartingSequenceNumber": sequence::text(stream.starting()) });
        if !stream.is_enabled {
            range["EndingSequenceNumber"] = sequence::text(records::last(database, &stream)?).into();
        }
        shards.push(json!({ "ShardId": shard, "SequenceNumberRange": range }));
    }
    description["Shards"] = shards.into();
    Ok(json!({ "StreamDescription": description }))
}

fn shard_iterator(database: &Database, request: &ShardIteratorRequest) -> Result<Value, StreamError> {
    let stream = TableStream::find(database, &request.stream_arn)?;
    let shard = stream.shard_id();
    if request.shard_id != shard {
        return Err(StreamError::no_shard(&request.shard_id));
    }
    let after = position(database, &stream, request)?;
    Ok(json!({ "ShardIterator": iterator(&stream, after) }))
}

/// The sequence number behind which the iterator begins.
fn position(
    database: &Database,
    stream: &TableStream,
    request: &ShardIteratorRequest,
) -> Result<u128, StreamError> {
    let horizon = stream.starting().saturating_sub(1);
    let number = request.sequence_number.as_deref();
    match request.shard_iterator_type.as_str() {
        "TRIM_HORIZON" if number.is_none() => Ok(horizon),
        "LATEST" if number.is_none() => records::last(database, stream),
        "AT_SEQUENCE_NUMBER" => Ok(in_stream(stream, number)?.saturating_sub(1)),
        "AFTER_SEQUENCE_NUMBER" => in_stream(stream, number),
        "AT_TIMESTAMP" if number.is_none() => match request.timestamp {
            Some(seconds) if seconds <= now() => Ok(records::before_time(seconds).max(horizon)),
            _ => Err(StreamError::validation("Timestamp must be given, and must not be in the future")),
        },
        _ => Err(StreamError::validation("ShardIteratorType is unknown, or takes no SequenceNumber")),
    }
}

fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64()
}

fn in_stream(stream: &TableStream, number: Option<&str>) -> Result<u128, StreamError> {
    let number = number.ok_or_else(|| StreamError::validation("SequenceNumber cannot be null"))?;
    let number = sequence::parse(number).filter(|number| *number >= stream.starting());
    number.ok_or_else(|| StreamError::validation("Invalid SequenceNumber for the shard"))
}

fn iterator(stream: &TableStream, after: u128) -> String {
    let (shard, issued) = (stream.shard_id(), std::time::Duration::ZERO);
    ShardPosition { stream: stream.arn.clone(), shard, after, issued, generation: 0 }.encode()
}

fn get_records(database: &Database, request: &RecordsRequest) -> Result<Value, StreamError> {
    let limit = request.page_limit()?;
    let position = ShardPosition::decode(&request.shard_iterator);
    let position = position.ok_or_else(|| StreamError::validation("Invalid ShardIterator"))?;
    let stream = TableStream::find(database, &position.stream)?;
    let page = records::page(database, &stream, position.after, limit)?;
    let mut answer = json!({ "Records": page.records });
    if !page.is_end {
        answer["NextShardIterator"] = iterator(&stream, page.after).into();
    }
    Ok(answer)
}
