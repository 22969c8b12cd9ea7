use crate::outcome::UnwrittenItem;

/// The progress of a batch write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct BatchWriteProgress {
    /// The number of writes with an outcome.
    pub done: u64,
    /// The number that were written.
    pub written: u64,
    /// The number of writes that were replaced by later writes of the same key.
    pub replaced: u64,
    /// The number of writes that were not applied, or may not have been.
    pub failed: u64,
    /// The number of bytes that were written, as JSON on the wire.
    pub bytes: u64,
    /// The number of requests that got a response.
    pub requests: u64,
}

/// The callback for the progress.
pub(super) type OnBatchWriteProgress<'a> = Option<Box<dyn FnMut(&BatchWriteProgress) + Send + 'a>>;

/// The callback for each write that is not written.
pub(super) type OnUnwrittenItem<'a> = Option<Box<dyn FnMut(UnwrittenItem) + Send + 'a>>;
