use super::super::reader_error::StreamReaderError;

/// The end of the task of a shard.
#[derive(Debug)]
pub(in crate::stream::reader) enum ShardOutcome {
    /// All records are acknowledged, and the lease says so.
    Finished,
    /// The lease was given back, or to another worker.
    GivenBack,
    Lost,
    Failed(StreamReaderError),
}
