//! Requests of a stream's client, and the errors that refuse them.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::iterator::ShardPosition;
use crate::transport::{Request, Response};

/// A request of a stream's client: read, or refused.
pub(super) struct ReadRequest {
    pub(super) operation: String,
    pub(super) content: Result<StreamRequest, StreamError>,
    /// The position of the iterator, if the request has one.
    pub(super) position: Option<ShardPosition>,
}

impl ReadRequest {
    /// Reads a request. None if the operation is not one of DynamoDB Streams.
    pub(super) fn new(request: &Request) -> Option<Self> {
        let content = StreamRequest::read(&request.operation, &request.body)?;
        let position = match &content {
            Ok(StreamRequest::Records(records)) => ShardPosition::decode(&records.shard_iterator),
            _ => None,
        };
        Some(Self { operation: request.operation.clone(), content, position })
    }

    /// The ARN of the stream that the request is for.
    pub(super) fn stream(&self) -> Option<&str> {
        match &self.content {
            Ok(StreamRequest::Describe(request)) => Some(&request.stream_arn),
            Ok(StreamRequest::Iterator(request)) => Some(&request.stream_arn),
            _ => self.position.as_ref().map(|position| position.stream.as_str()),
        }
    }

    /// The id of the shard that the request is for.
    pub(super) fn shard(&self) -> Option<&str> {
        match &self.content {
            Ok(StreamRequest::Iterator(request)) => Some(&request.shard_id),
            _ => self.position.as_ref().map(|position| position.shard.as_str()),
        }
    }
}

/// A request of one of the operations of DynamoDB Streams.
pub(super) enum StreamRequest {
    List(ListStreamsRequest),
    Describe(DescribeStreamRequest),
    Iterator(ShardIteratorRequest),
    Records(RecordsRequest),
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListStreamsRequest {
    pub(super) table_name: Option<String>,
    pub(super) exclusive_start_stream_arn: Option<String>,
    pub(super) limit: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DescribeStreamRequest {
    pub(super) stream_arn: String,
    pub(super) limit: Option<i64>,
    pub(super) exclusive_start_shard_id: Option<String>,
    pub(super) shard_filter: Option<ShardFilterRequest>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ShardFilterRequest {
    pub(super) r#type: Option<String>,
    pub(super) shard_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ShardIteratorRequest {
    pub(super) stream_arn: String,
    pub(super) shard_id: String,
    pub(super) shard_iterator_type: String,
    pub(super) sequence_number: Option<String>,
    pub(super) timestamp: Option<f64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct RecordsRequest {
    pub(super) shard_iterator: String,
    pub(super) limit: Option<i64>,
}

impl StreamRequest {
    fn read(operation: &str, body: &[u8]) -> Option<Result<Self, StreamError>> {
        Some(match operation {
            "ListStreams" => read(body).map(Self::List),
            "DescribeStream" => read(body).map(Self::Describe),
            "GetShardIterator" => read(body).map(Self::Iterator),
            "GetRecords" => read(body).map(Self::Records),
            _ => return None,
        })
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, StreamError> {
    serde_json::from_slice(body)
        .map_err(|_| StreamError::validation("The request is not one of this operation"))
}

/// An error of the service.
#[derive(Clone)]
pub(super) struct StreamError {
    status: u16,
    pub(super) code: &'static str,
    message: String,
}

impl StreamError {
    pub(super) fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }

    pub(super) fn validation(message: impl Into<String>) -> Self {
        Self::new(400, "ValidationException", message)
    }

    pub(super) fn no_stream(arn: &str) -> Self {
        Self::new(
            400,
            "ResourceNotFoundException",
            format!("Requested resource not found: Stream: {arn} not found"),
        )
    }

    pub(super) fn no_shard(id: &str) -> Self {
        let message = format!("Requested resource not found: Shard: {id} does not exist");
        Self::new(400, "ResourceNotFoundException", message)
    }

    pub(super) fn trimmed() -> Self {
        let message = "The operation attempted to read past the oldest stream record in a shard.";
        Self::new(400, "TrimmedDataAccessException", message)
    }

    pub(super) fn expired() -> Self {
        let message = "The shard iterator has expired and can no longer be used to retrieve stream records.";
        Self::new(400, "ExpiredIteratorException", message)
    }

    pub(super) fn limit() -> Self {
        Self::new(400, "LimitExceededException", "Too many operations for a given subscriber.")
    }

    pub(super) fn response(&self) -> Response {
        Response::error(self.status, self.code, &self.message)
    }
}
