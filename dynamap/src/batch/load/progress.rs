use crate::outcome::{LoadCheckpoint, UnwrittenLine};

pub(super) type OnLoadProgress<'a> = Option<Box<dyn FnMut(&LoadProgress) + Send + 'a>>;
pub(super) type OnUnwrittenLine<'a> = Option<Box<dyn FnMut(&UnwrittenLine) + Send + 'a>>;

/// How far a load has come. After a [resumption](super::Load::resume_from) the numbers are those of all runs, each line counted
/// once, but for `requests`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct LoadProgress {
    /// How many lines are settled, one way or the other.
    pub lines: u64,
    /// How many of them were written.
    pub written: u64,
    /// How many were replaced by later lines with the same key.
    pub replaced: u64,
    /// How many were not written.
    pub not_written: u64,
    /// Of how many nobody knows.
    pub unknown: u64,
    /// How many bytes were written: those of the JSON on the wire.
    pub bytes: u64,
    /// How many requests were answered.
    pub requests: u64,
    /// Where a later run goes on, should this one not come to its end.
    pub checkpoint: LoadCheckpoint,
}
