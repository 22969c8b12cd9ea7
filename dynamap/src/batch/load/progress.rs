use crate::outcome::{LoadCheckpoint, UnwrittenLine};

pub(super) type OnLoadProgress<'a> = Option<Box<dyn FnMut(&LoadProgress) + Send + 'a>>;
pub(super) type OnUnwrittenLine<'a> = Option<Box<dyn FnMut(&UnwrittenLine) + Send + 'a>>;

/// The progress of a load. After a [resumption](super::Load::resume_from) the numbers are those of all runs, each line
/// counted once, but for `requests`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct LoadProgress {
    /// The number of lines with an outcome.
    pub lines: u64,
    /// The number that were written.
    pub written: u64,
    /// The number of lines that were replaced by later lines with the same key.
    pub replaced: u64,
    /// The number of lines that were not written.
    pub not_written: u64,
    /// The number of lines with an unknown outcome.
    pub unknown: u64,
    /// The number of bytes that were written, as JSON on the wire.
    pub bytes: u64,
    /// The number of requests that got a response.
    pub requests: u64,
    /// The place at which a later run continues, if this one does not come to its end.
    pub checkpoint: LoadCheckpoint,
}
