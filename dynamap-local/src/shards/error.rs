/// A command that a [`ShardModel`](super::ShardModel) cannot carry out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ShardModelError {
    /// There is no stream with this ARN.
    #[error("there is no stream {0}")]
    UnknownStream(String),
    /// There is no shard with this id, or its records have been trimmed and it has gone.
    #[error("there is no shard {0}")]
    UnknownShard(String),
    /// The shard is closed: only an open shard can be split, merged or rolled over.
    #[error("the shard {0} is closed")]
    ClosedShard(String),
    /// The shard holds a single hash value, which cannot be split.
    #[error("the shard {0} is too narrow to be split")]
    NarrowShard(String),
    /// The shards belong to different streams, or are the same shard.
    #[error("the shards {0} and {1} are not two shards of one stream")]
    Mismatch(String, String),
    /// The shard still has records, or its ancestors have, which the successor's only parent does not lead to.
    ///
    /// DynamoDB: a shard names one parent. A merge that puts the records of a key behind two parents would lose
    /// their order.
    #[error("the shard {0} or an ancestor of it still has records that a merge would put out of order")]
    RecordsOutOfOrder(String),
    /// The stream takes no more records: it has been disabled.
    #[error("the stream {0} is disabled")]
    DisabledStream(String),
    /// The text is not a sequence number: 21 to 40 digits.
    #[error("{0:?} is not a sequence number")]
    SequenceNumber(String),
}
