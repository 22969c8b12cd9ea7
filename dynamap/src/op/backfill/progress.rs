use crate::{op::ScanProgress, outcome::BackfillCheckpoint};

/// The progress of a backfill. After a [resumption](super::Backfill::resume_from) the numbers are those of all runs, but for
/// `pages`.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct BackfillProgress {
    /// The number of items of the entity that were looked at, without those that have expired.
    pub seen: u64,
    /// The number of items that were written, or are to be written in a dry run.
    pub written: u64,
    /// The number of items that needed no write, or were deleted meanwhile.
    pub current: u64,
    /// The number of items in a newer shape than the entity knows, which stay as they are.
    pub newer: u64,
    /// The number of times that another writer had changed an item, which was read again.
    pub conflicts: u64,
    /// The number of items that could not be read or written.
    pub failed: u64,
    /// The number of pages that were read.
    pub pages: u64,
    /// The number of segments.
    pub segments: u32,
    /// The number of segments that were read to their end.
    pub done: u32,
    /// The number of segments that have failed.
    pub failed_segments: u32,
    /// The place at which a later run continues, if this one does not come to its end.
    pub checkpoint: BackfillCheckpoint,
}

impl BackfillProgress {
    pub(super) fn new(checkpoint: &BackfillCheckpoint, scan: ScanProgress) -> Self {
        let BackfillCheckpoint { seen, written, current, newer, conflicts, failed, .. } = *checkpoint;
        Self {
            seen,
            written,
            current,
            newer,
            conflicts,
            failed,
            pages: scan.pages,
            segments: scan.segments,
            done: scan.done,
            failed_segments: scan.failed,
            checkpoint: checkpoint.clone(),
        }
    }
}
