use crate::streams::{ShardPosition, StreamError, StreamRequest};
use crate::transport::Request;

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
