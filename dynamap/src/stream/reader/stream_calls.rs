//! The requests of DynamoDB Streams.

use super::{
    observed_calls::observed,
    read_position::{IteratorType, ReadFailure},
    reader_error::{StreamReaderError, is_transient},
    shard_graph::ListedShard,
};
use crate::{
    error::{ServiceError, ServiceErrorKind},
    stream::{SequenceNumber, StreamRecord},
    value::EpochSeconds,
};
use aws_sdk_dynamodbstreams::{
    Client,
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
    primitives::DateTime,
    types::{Record, Shard, ShardFilter, ShardFilterType, ShardIteratorType, StreamStatus},
};
use std::{sync::Arc, time::Duration};
use tokio::time::timeout;

/// The time after which a request without an answer is repeated, the SDK's own retries included.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// The requests for one stream.
#[derive(Clone)]
pub(super) struct StreamCalls {
    client: Client,
    stream_arn: Arc<str>,
}

/// All shards of a stream.
#[derive(Debug)]
pub(super) struct ShardListing {
    pub(super) shards: Vec<ListedShard>,
    /// True if records may still be written to the stream.
    pub(super) is_enabled: bool,
}

/// A record, and its place in the shard.
#[derive(Debug)]
pub(super) struct ReadRecord {
    pub(super) number: SequenceNumber,
    pub(super) record: StreamRecord<'static>,
}

/// The failure of a request.
#[derive(Debug)]
pub(super) enum CallFailure {
    /// The reader of a shard goes on.
    Read(ReadFailure),
    /// There is no such stream, or no such shard.
    NotFound,
    /// The position, if there is one, is not valid. Otherwise the request is not.
    Invalid(ServiceError),
    Fatal(ServiceError),
}

impl StreamCalls {
    pub(super) fn new(client: Client, stream_arn: Arc<str>) -> Self {
        Self { client, stream_arn }
    }

    /// Lists all shards (DescribeStream, 100 with a request).
    pub(super) async fn list_shards(&self) -> Result<ShardListing, StreamReaderError> {
        let mut listing = ShardListing { shards: Vec::new(), is_enabled: false };
        let mut start: Option<String> = None;
        loop {
            let request = self.client.describe_stream().stream_arn(&*self.stream_arn);
            let request = request.set_exclusive_start_shard_id(start.clone());
            let sent = self.observed("DescribeStream", in_time(request.send()), |_| 0).await;
            let output = sent.ok_or_else(|| self.no_answer("DescribeStream"))?;
            let output = output.map_err(|error| self.error("DescribeStream", error))?;
            let description = output.stream_description.ok_or_else(|| self.damaged("DescribeStream"))?;
            let shards = description.shards.ok_or_else(|| self.damaged("DescribeStream"))?;
            listing.shards.extend(shards.into_iter().filter_map(listed));
            listing.is_enabled =
                !matches!(description.stream_status, Some(StreamStatus::Disabled | StreamStatus::Disabling));
            match description.last_evaluated_shard_id {
                Some(last) if Some(&last) != start.as_ref() => start = Some(last),
                _ => return Ok(listing),
            }
        }
    }

    /// Lists the children of a shard (DescribeStream with a `ShardFilter`), and perhaps others.
    pub(super) async fn list_children(&self, shard: &str) -> Result<Vec<ListedShard>, StreamReaderError> {
        let filter = ShardFilter::builder().r#type(ShardFilterType::ChildShards).shard_id(shard).build();
        let request = self.client.describe_stream().stream_arn(&*self.stream_arn).shard_filter(filter);
        let sent = self.observed("DescribeStream", in_time(request.send()), |_| 0).await;
        let sent = sent.ok_or_else(|| self.no_answer("DescribeStream"))?;
        let output = sent.map_err(|error| self.error("DescribeStream", error))?;
        let description = output.stream_description.ok_or_else(|| self.damaged("DescribeStream"))?;
        Ok(description.shards.unwrap_or_default().into_iter().filter_map(listed).collect())
    }

    /// Asks for an iterator (GetShardIterator).
    pub(super) async fn iterator(&self, shard: &str, of: &IteratorType) -> Result<String, CallFailure> {
        let request = self.client.get_shard_iterator().stream_arn(&*self.stream_arn).shard_id(shard);
        let request = match of {
            IteratorType::TrimHorizon => request.shard_iterator_type(ShardIteratorType::TrimHorizon),
            IteratorType::Latest => request.shard_iterator_type(ShardIteratorType::Latest),
            IteratorType::At(number) => request
                .shard_iterator_type(ShardIteratorType::AtSequenceNumber)
                .sequence_number(number.as_str()),
            IteratorType::After(number) => request
                .shard_iterator_type(ShardIteratorType::AfterSequenceNumber)
                .sequence_number(number.as_str()),
            IteratorType::AtTime(time) => request
                .shard_iterator_type(ShardIteratorType::AtTimestamp)
                .timestamp(DateTime::from_secs(time.as_seconds())),
        };
        let sent = self.observed("GetShardIterator", in_time(request.send()), |_| 0).await;
        let sent = sent.ok_or(CallFailure::Read(ReadFailure::Transient))?;
        let output = sent.map_err(|error| self.failure("GetShardIterator", error))?;
        output.shard_iterator.ok_or(CallFailure::Read(ReadFailure::Transient))
    }

    /// True if the stream has the shard, be it listed or not (GetShardIterator).
    pub(super) async fn has_shard(&self, shard: &str) -> Result<bool, StreamReaderError> {
        match self.iterator(shard, &IteratorType::TrimHorizon).await {
            // Of a shard whose records are trimmed nothing can be read either.
            Err(CallFailure::NotFound | CallFailure::Read(ReadFailure::Trimmed)) => Ok(false),
            Err(CallFailure::Fatal(error)) => Err(StreamReaderError::Streams(error)),
            // If it is not known, the next listing tells.
            Ok(_) | Err(CallFailure::Read(_) | CallFailure::Invalid(_)) => Ok(true),
        }
    }

    /// Reads records (GetRecords), and the next iterator; without one the shard has ended.
    pub(super) async fn records(
        &self,
        iterator: &str,
        limit: i32,
    ) -> Result<(Vec<ReadRecord>, Option<String>), CallFailure> {
        let request = self.client.get_records().shard_iterator(iterator).limit(limit);
        let sent =
            self.observed("GetRecords", in_time(request.send()), |output| output.records().len()).await;
        let sent = sent.ok_or(CallFailure::Read(ReadFailure::Transient))?;
        let output = sent.map_err(|error| self.failure("GetRecords", error))?;
        // DynamoDB: the list is always there, be it empty. A response without one does not tell the end of a shard.
        let records = output.records.ok_or(CallFailure::Read(ReadFailure::Transient))?;
        let records: Option<Vec<ReadRecord>> = records.into_iter().map(ReadRecord::new).collect();
        Ok((records.ok_or(CallFailure::Read(ReadFailure::Transient))?, output.next_shard_iterator))
    }

    /// Sends a request as an operation that is observed.
    fn observed<O, E: ProvideErrorMetadata>(
        &self,
        operation: &'static str,
        call: impl Future<Output = Option<Result<O, SdkError<E, HttpResponse>>>>,
        items: impl FnOnce(&O) -> usize,
    ) -> impl Future<Output = Option<Result<O, SdkError<E, HttpResponse>>>> {
        observed(operation, &self.stream_arn, call, items)
    }

    fn error<E>(&self, operation: &'static str, error: SdkError<E, HttpResponse>) -> StreamReaderError
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        let error = ServiceError::new(operation, &self.stream_arn, error, false);
        match error.kind() {
            ServiceErrorKind::TableNotFound => self.not_found(),
            _ => StreamReaderError::Streams(error),
        }
    }

    /// The error of a stream that is not there.
    pub(super) fn not_found(&self) -> StreamReaderError {
        StreamReaderError::StreamNotFound { stream_arn: self.stream_arn.to_string() }
    }

    fn no_answer(&self, operation: &'static str) -> StreamReaderError {
        StreamReaderError::Streams(ServiceError::no_answer(operation, &self.stream_arn))
    }

    fn damaged(&self, operation: &'static str) -> StreamReaderError {
        StreamReaderError::Streams(ServiceError::incomplete(operation, &self.stream_arn))
    }

    fn failure<E>(&self, operation: &'static str, error: SdkError<E, HttpResponse>) -> CallFailure
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        let error = ServiceError::new(operation, &self.stream_arn, error, false);
        tracing::debug!(operation, stream = %self.stream_arn, kind = ?error.kind(), code = error.code(), "request failed");
        match (error.code(), error.kind()) {
            (Some("ExpiredIteratorException"), _) => CallFailure::Read(ReadFailure::ExpiredIterator),
            (Some("TrimmedDataAccessException"), _) => CallFailure::Read(ReadFailure::Trimmed),
            (_, ServiceErrorKind::TableNotFound) => CallFailure::NotFound,
            (_, ServiceErrorKind::Validation) => CallFailure::Invalid(error),
            _ if is_transient(&error) => CallFailure::Read(ReadFailure::Transient),
            _ => CallFailure::Fatal(error),
        }
    }
}

impl ReadRecord {
    /// `None` if the record has no sequence number, which DynamoDB always gives: without one there is no going on.
    fn new(record: Record) -> Option<Self> {
        let record = StreamRecord::from(record);
        Some(Self { number: record.sequence_number()?.clone(), record })
    }

    /// The time of the change in seconds, if it was told.
    pub(super) fn time(&self) -> Option<EpochSeconds> {
        self.record.time().map(EpochSeconds::from)
    }
}

/// The outcome of a request; `None` if there is none in time. A client need not have a timeout of its own.
async fn in_time<F: Future>(request: F) -> Option<F::Output> {
    timeout(REQUEST_TIMEOUT, request).await.ok()
}

fn listed(shard: Shard) -> Option<ListedShard> {
    let range = shard.sequence_number_range;
    let number = |number: Option<String>| number.and_then(|number| number.parse().ok());
    let (starts_at, ends_at) = range
        .map_or((None, None), |range| (number(range.starting_sequence_number), range.ending_sequence_number));
    let parent = shard.parent_shard_id.filter(|parent| !parent.is_empty());
    Some(ListedShard { id: shard.shard_id?, parent, starts_at, closed: ends_at.is_some() })
}
