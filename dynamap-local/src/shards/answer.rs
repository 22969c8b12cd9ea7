//! Answers of the service, from the state of its streams.

use std::time::Duration;

use serde_json::{Value, json};

use super::log::ShardAnswer;
use super::shard::ShardState;
use super::stream::StreamState;
use crate::streams::{
    DescribeStreamRequest, ListStreamsRequest, PAGE_ENTRIES, RecordsRequest, ShardIteratorRequest,
    ShardPosition, StreamError, page_limit, sequence,
};
use crate::transport::Response;

/// An answer of the service, and the log's note of it.
pub(super) type Answered = Result<(Response, ShardAnswer), StreamError>;

/// The page that GetRecords is to give.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum PageLength {
    Full,
    /// At most so many records, and an iterator to go on.
    AtMost(usize),
}

/// The clocks of a model: its own, and the number of times that all iterators have expired.
#[derive(Clone, Copy)]
pub(super) struct ModelTime {
    pub(super) now: Duration,
    /// Seconds since the epoch.
    pub(super) epoch: f64,
    pub(super) iterator_life: Duration,
    pub(super) generation: u64,
}

pub(super) fn list_streams(streams: &[StreamState], request: &ListStreamsRequest) -> Answered {
    let limit = page_limit(request.limit, PAGE_ENTRIES)?;
    let wanted = streams
        .iter()
        .map(|stream| &stream.about)
        .filter(|about| request.table_name.as_ref().is_none_or(|table| *table == about.table))
        .filter(|about| request.exclusive_start_stream_arn.as_ref().is_none_or(|start| about.arn > *start));
    let mut wanted: Vec<_> = wanted.collect();
    wanted.sort_by(|one, other| one.arn.cmp(&other.arn));
    let is_cut = wanted.len() > limit;
    wanted.truncate(limit);
    let listed = wanted
        .iter()
        .map(|about| json!({"StreamArn": about.arn, "TableName": about.table, "StreamLabel": about.label}));
    let mut body = json!({ "Streams": listed.collect::<Vec<_>>() });
    if let Some(last) = wanted.last().filter(|_| is_cut) {
        body["LastEvaluatedStreamArn"] = last.arn.as_str().into();
    }
    Ok((ok(&body), ShardAnswer::Streams(wanted.len())))
}

pub(super) fn describe_stream(
    stream: &StreamState,
    request: &DescribeStreamRequest,
    page_size: usize,
    now: Duration,
) -> Answered {
    let limit = page_limit(request.limit, page_size)?;
    let children_of = request.children_of()?;
    let start = request.exclusive_start_shard_id.as_deref();
    let listed = stream
        .shards
        .iter()
        .filter(|shard| shard.listed_at <= now && shard.gone_at.is_none_or(|gone| gone > now))
        .filter(|shard| start.is_none_or(|start| shard.id.as_str() > start))
        .filter(|shard| children_of.is_none_or(|parent| shard.lineage.parent.as_deref() == Some(parent)));
    let mut shards: Vec<_> = listed.take(limit + 1).collect();
    let is_cut = shards.len() > limit;
    shards.truncate(limit);
    let about = &stream.about;
    let mut description = json!({
        "StreamArn": about.arn,
        "StreamLabel": about.label,
        "StreamStatus": if stream.is_enabled { "ENABLED" } else { "DISABLED" },
        "StreamViewType": about.view,
        "TableName": about.table,
        "KeySchema": about.key_schema,
        "CreationRequestDateTime": about.created,
        "Shards": shards.iter().map(|shard| described(shard, now)).collect::<Vec<_>>(),
    });
    if let Some(last) = shards.last().filter(|_| is_cut) {
        description["LastEvaluatedShardId"] = last.id.as_str().into();
    }
    Ok((ok(&json!({ "StreamDescription": description })), ShardAnswer::Shards(shards.len())))
}

fn described(shard: &ShardState, now: Duration) -> Value {
    let mut range = json!({ "StartingSequenceNumber": sequence::text(shard.starting) });
    if let Some(closing) = shard.closing.as_ref().filter(|closing| closing.listed_at <= now) {
        range["EndingSequenceNumber"] = sequence::text(closing.ending).into();
    }
    let mut described = json!({ "ShardId": shard.id, "SequenceNumberRange": range });
    if let Some(parent) = &shard.lineage.parent {
        described["ParentShardId"] = parent.as_str().into();
    }
    described
}

pub(super) fn shard_iterator(
    stream: &StreamState,
    request: &ShardIteratorRequest,
    time: ModelTime,
) -> Answered {
    let shard = stream.shard(&request.shard_id).filter(|shard| shard.gone_at.is_none());
    let shard = shard.ok_or_else(|| StreamError::no_shard(&request.shard_id))?;
    let after = position(shard, request, time.epoch)?;
    if shard.is_trimmed(after) {
        return Err(StreamError::trimmed());
    }
    let iterator = iterator(&stream.about.arn, &shard.id, after, time);
    Ok((ok(&json!({ "ShardIterator": iterator })), ShardAnswer::Iterator))
}

/// The sequence number behind which the iterator begins.
fn position(shard: &ShardState, request: &ShardIteratorRequest, epoch: f64) -> Result<u128, StreamError> {
    let number = request.sequence_number.as_deref();
    match request.shard_iterator_type.as_str() {
        "TRIM_HORIZON" if number.is_none() => Ok(shard.trim_horizon()),
        "LATEST" if number.is_none() => Ok(shard.latest()),
        "AT_SEQUENCE_NUMBER" => Ok(in_shard(shard, number)?.saturating_sub(1)),
        "AFTER_SEQUENCE_NUMBER" => in_shard(shard, number),
        "AT_TIMESTAMP" if number.is_none() => match request.timestamp {
            Some(seconds) if seconds <= epoch => Ok(shard.at_time(seconds).max(shard.trim_horizon())),
            _ => Err(StreamError::validation("Timestamp must be given, and must not be in the future")),
        },
        _ => Err(StreamError::validation("ShardIteratorType is unknown, or takes no SequenceNumber")),
    }
}

fn in_shard(shard: &ShardState, number: Option<&str>) -> Result<u128, StreamError> {
    let number = number.ok_or_else(|| StreamError::validation("SequenceNumber cannot be null"))?;
    let invalid = || StreamError::validation(format!("Invalid SequenceNumber for the shard {}", shard.id));
    let number = sequence::parse(number).ok_or_else(invalid)?;
    let is_behind_end = shard.closing.as_ref().is_some_and(|closing| number > closing.ending);
    if number < shard.starting || is_behind_end { Err(invalid()) } else { Ok(number) }
}

fn iterator(arn: &str, shard: &str, after: u128, time: ModelTime) -> String {
    let (issued, generation) = (time.now, time.generation);
    ShardPosition { stream: arn.to_owned(), shard: shard.to_owned(), after, issued, generation }.encode()
}

pub(super) fn records(
    stream: &StreamState,
    position: &ShardPosition,
    request: &RecordsRequest,
    length: PageLength,
    time: ModelTime,
) -> Answered {
    let limit = request.page_limit()?;
    let shard = stream.shard(&position.shard).ok_or_else(|| StreamError::no_shard(&position.shard))?;
    let is_old = time.now.saturating_sub(position.issued) >= time.iterator_life;
    if is_old || position.generation != time.generation {
        return Err(StreamError::expired());
    }
    if shard.is_trimmed(position.after) {
        return Err(StreamError::trimmed());
    }
    let limit = match length {
        PageLength::Full => limit,
        PageLength::AtMost(most) => limit.min(most),
    };
    let page = shard.page(position.after, limit);
    let last = page.records.last().map(|record| record.sequence);
    let is_end = page.is_end && length == PageLength::Full;
    let after = last.unwrap_or(position.after);
    let next = (!is_end).then(|| iterator(&stream.about.arn, &shard.id, after, time));
    let records: Vec<&str> = page.records.iter().map(|record| record.json.as_str()).collect();
    let next = next.map(|next| format!(r#","NextShardIterator":"{next}""#)).unwrap_or_default();
    let body = format!(r#"{{"Records":[{}]{next}}}"#, records.join(","));
    let through = last.map(sequence::text);
    Ok((Response::new(200, body), ShardAnswer::Records { records: records.len(), through, is_end }))
}

fn ok(body: &Value) -> Response {
    Response::new(200, body.to_string())
}
