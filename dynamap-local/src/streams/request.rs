use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::error::StreamError;

/// DynamoDB: the longest page of GetRecords. More is refused, not cut.
const MOST_RECORDS: i64 = 1000;

/// A request of one of the operations of DynamoDB Streams.
pub(crate) enum StreamRequest {
    List(ListStreamsRequest),
    Describe(DescribeStreamRequest),
    Iterator(ShardIteratorRequest),
    Records(RecordsRequest),
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ListStreamsRequest {
    pub(crate) table_name: Option<String>,
    pub(crate) exclusive_start_stream_arn: Option<String>,
    pub(crate) limit: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct DescribeStreamRequest {
    pub(crate) stream_arn: String,
    pub(crate) limit: Option<i64>,
    pub(crate) exclusive_start_shard_id: Option<String>,
    shard_filter: Option<ShardFilterRequest>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ShardFilterRequest {
    r#type: Option<String>,
    shard_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ShardIteratorRequest {
    pub(crate) stream_arn: String,
    pub(crate) shard_id: String,
    pub(crate) shard_iterator_type: String,
    pub(crate) sequence_number: Option<String>,
    pub(crate) timestamp: Option<f64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct RecordsRequest {
    pub(crate) shard_iterator: String,
    pub(crate) limit: Option<i64>,
}

impl DescribeStreamRequest {
    /// The shard whose children are asked for.
    pub(crate) fn children_of(&self) -> Result<Option<&str>, StreamError> {
        let Some(filter) = &self.shard_filter else { return Ok(None) };
        match (filter.r#type.as_deref(), filter.shard_id.as_deref()) {
            (Some("CHILD_SHARDS"), Some(parent)) => Ok(Some(parent)),
            _ => Err(StreamError::validation("ShardFilter needs the type CHILD_SHARDS and a ShardId")),
        }
    }
}

impl RecordsRequest {
    /// The number of records that the page may have.
    pub(crate) fn page_limit(&self) -> Result<usize, StreamError> {
        match self.limit {
            Some(limit) if limit > MOST_RECORDS => Err(StreamError::limit()),
            limit => page_limit(limit, 1000),
        }
    }
}

impl StreamRequest {
    pub(crate) fn read(operation: &str, body: &[u8]) -> Option<Result<Self, StreamError>> {
        Some(match operation {
            "ListStreams" => read(body).map(Self::List),
            "DescribeStream" => read(body).map(Self::Describe),
            "GetShardIterator" => read(body).map(Self::Iterator),
            "GetRecords" => read(body).map(Self::Records),
            _ => return None,
        })
    }
}

/// The number of entries of a page, where the service gives at most `most` of them.
pub(crate) fn page_limit(limit: Option<i64>, most: usize) -> Result<usize, StreamError> {
    match limit.map(usize::try_from) {
        None => Ok(most),
        Some(Ok(limit @ 1..)) => Ok(limit.min(most)),
        Some(_) => Err(StreamError::validation("Limit must be greater than or equal to 1")),
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, StreamError> {
    let unreadable = || StreamError::new(400, "SerializationException", "");
    // The decoder would also take an array for a structure.
    let body = std::str::from_utf8(body).ok().filter(|body| body.trim_ascii_start().starts_with('{'));
    serde_json::from_str(body.ok_or_else(unreadable)?).map_err(|error| match error.to_string() {
        missing if missing.starts_with("missing field") => StreamError::validation(missing),
        _ => unreadable(),
    })
}
