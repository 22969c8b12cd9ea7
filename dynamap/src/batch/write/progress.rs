use crate::outcome::UnwrittenItem;

/// How far a batch write has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct BatchWriteProgress {
    /// How many writes are settled, one way or the other.
    pub done: u64,
    /// How many of them were written.
    pub written: u64,
    /// How many were replaced by later writes of the same key.
    pub replaced: u64,
    /// How many were not written, or may not have been.
    pub failed: u64,
    /// How many bytes were written: those of the JSON on the wire.
    pub bytes: u64,
    /// How many requests were answered.
    pub requests: u64,
}

/// What is told of it.
pub(super) type OnBatchWriteProgress<'a> = Option<Box<dyn FnMut(&BatchWriteProgress) + Send + 'a>>;

/// What is told of each write that is not written.
pub(super) type OnUnwrittenItem<'a> = Option<Box<dyn FnMut(UnwrittenItem) + Send + 'a>>;
