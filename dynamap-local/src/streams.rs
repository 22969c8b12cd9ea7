//! The protocol of DynamoDB Streams: requests, errors, iterators and sequence numbers.

mod error;
mod position;
mod request;
pub(crate) mod sequence;

pub(crate) use error::StreamError;
pub(crate) use position::ShardPosition;
pub(crate) use request::{
    DescribeStreamRequest, ListStreamsRequest, RecordsRequest, ShardIteratorRequest, StreamRequest,
    page_limit,
};

/// DynamoDB: the most that a page of GetRecords holds.
pub(crate) const PAGE_BYTES: usize = 1 << 20;

/// DynamoDB: the longest page of ListStreams, and of DescribeStream.
pub(crate) const PAGE_ENTRIES: usize = 100;
