use super::{Error, MalformedCheckpoint, SegmentError};
use crate::entity::Item;
use std::{fmt, str::FromStr, sync::Arc};

/// The result of a backfill: numbers, failures, and the checkpoint.
///
/// After [`resume_from`](crate::op::Backfill::resume_from) the numbers are those of all runs, and the failures those of the last one.
#[derive(Debug)]
pub struct BackfillReport {
    pub(crate) table: Arc<str>,
    pub(crate) entity: &'static str,
    pub(crate) checkpoint: BackfillCheckpoint,
    pub(crate) failed: Vec<BackfillFailure>,
    pub(crate) failed_segments: Vec<SegmentError>,
}

/// An item that a backfill could not read or write.
pub struct BackfillFailure {
    pub(crate) key: Item,
    pub(crate) error: Error,
}

/// The outcome of one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BackfillItem {
    Written,
    Current,
    Newer,
    Failed,
}

impl BackfillReport {
    /// The table's name.
    pub fn table(&self) -> &str {
        &self.table
    }

    /// The name of the entity.
    pub fn entity(&self) -> &'static str {
        self.entity
    }

    /// The number of items of the entity that were looked at, without those that have expired.
    pub fn seen(&self) -> u64 {
        self.checkpoint.seen
    }

    /// The number of items that were written, or are to be written in a [dry run](crate::op::Backfill::only_check).
    pub fn written(&self) -> u64 {
        self.checkpoint.written
    }

    /// The number of items that needed no write, or were deleted meanwhile. An item of an entity without a version counts here also
    /// where its write got no response and was applied.
    pub fn current(&self) -> u64 {
        self.checkpoint.current
    }

    /// The number of items in a newer shape than the entity knows, which stay as they are.
    pub fn newer(&self) -> u64 {
        self.checkpoint.newer
    }

    /// The number of times that another writer had changed an item, which was read again.
    pub fn conflicts(&self) -> u64 {
        self.checkpoint.conflicts
    }

    /// The number of items that could not be read or written.
    pub fn failures(&self) -> u64 {
        self.checkpoint.failed
    }

    /// The items that could not be read or written, in this run; none with [`on_failure`](crate::op::Backfill::on_failure).
    pub fn failed(&self) -> &[BackfillFailure] {
        &self.failed
    }

    /// The segments that could not be read to their end.
    pub fn failed_segments(&self) -> &[SegmentError] {
        &self.failed_segments
    }

    /// The place at which a later run continues.
    pub fn checkpoint(&self) -> &BackfillCheckpoint {
        &self.checkpoint
    }

    /// True if all segments were read, and no item has failed.
    pub fn is_complete(&self) -> bool {
        self.checkpoint.failed == 0 && self.failed_segments.is_empty()
    }
}

impl BackfillFailure {
    /// The key attributes of the item, by name. They are values: keep them out of logs.
    pub fn item_key(&self) -> &Item {
        &self.key
    }

    /// The error of the last attempt.
    pub fn error(&self) -> &Error {
        &self.error
    }
}

/// Shows the error, and not the key.
impl fmt::Debug for BackfillFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BackfillFailure").field("error", &self.error).finish_non_exhaustive()
    }
}

impl fmt::Display for BackfillReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { table, entity, checkpoint, failed, failed_segments } = self;
        let BackfillCheckpoint { seen, written, failed: failures, .. } = checkpoint;
        write!(
            f,
            "backfill of entity `{entity}` in table `{table}`: {written} of {seen} items were written"
        )?;
        if *failures > 0 {
            write!(f, "; {failures} items failed")?;
        }
        if let Some(first) = failed.first() {
            write!(f, ": {}", first.error)?;
        }
        match failed_segments.first() {
            Some(first) => {
                write!(f, "; {} segments failed: {first}: {}", failed_segments.len(), first.error())
            }
            None => Ok(()),
        }
    }
}

/// A backfill that is not complete. The source of this error is that of the first item that failed in this run, or else of the first
/// segment.
#[derive(Debug)]
pub struct IncompleteBackfill(Box<BackfillReport>);

impl IncompleteBackfill {
    pub(crate) fn new(report: BackfillReport) -> Self {
        Self(Box::new(report))
    }

    /// The result.
    pub fn report(&self) -> &BackfillReport {
        &self.0
    }

    /// The result.
    pub fn into_report(self) -> BackfillReport {
        *self.0
    }
}

impl fmt::Display for IncompleteBackfill {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for IncompleteBackfill {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let item = self.0.failed.first().map(|failure| &failure.error as _);
        item.or_else(|| self.0.failed_segments.first().map(|segment| segment.error() as _))
    }
}

/// The progress of a backfill: its numbers, and the place at which each segment continues.
///
/// Its text reads back with [`FromStr`]. It holds keys of the table, encoded but not encrypted.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct BackfillCheckpoint {
    pub(crate) seen: u64,
    pub(crate) written: u64,
    pub(crate) current: u64,
    pub(crate) newer: u64,
    pub(crate) conflicts: u64,
    pub(crate) failed: u64,
    pub(crate) segments: u32,
    /// The text of a parallel cursor.
    pub(crate) cursor: String,
}

const VERSION: &str = "1";

impl BackfillCheckpoint {
    pub(crate) fn count(&mut self, item: &BackfillItem) {
        let count = match item {
            BackfillItem::Written => &mut self.written,
            BackfillItem::Current => &mut self.current,
            BackfillItem::Newer => &mut self.newer,
            BackfillItem::Failed => &mut self.failed,
        };
        *count += 1;
    }
}

impl fmt::Display for BackfillCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seen, written, current, newer, conflicts, failed, segments, cursor } = self;
        write!(f, "{VERSION}.{seen}.{written}.{current}.{newer}.{conflicts}.{failed}.{segments}.{cursor}")
    }
}

impl FromStr for BackfillCheckpoint {
    type Err = MalformedCheckpoint;

    fn from_str(text: &str) -> Result<Self, MalformedCheckpoint> {
        let parts: Vec<&str> = text.split('.').collect();
        let [VERSION, seen, written, current, newer, conflicts, failed, segments, cursor] = parts[..] else {
            return Err(MalformedCheckpoint);
        };
        let number = |text: &str| text.parse().map_err(|_| MalformedCheckpoint);
        Ok(Self {
            seen: number(seen)?,
            written: number(written)?,
            current: number(current)?,
            newer: number(newer)?,
            conflicts: number(conflicts)?,
            failed: number(failed)?,
            segments: segments.parse().map_err(|_| MalformedCheckpoint)?,
            cursor: cursor.to_owned(),
        })
    }
}

/// Shows no keys.
impl fmt::Debug for BackfillCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BackfillCheckpoint")
            .field("seen", &self.seen)
            .field("written", &self.written)
            .field("current", &self.current)
            .field("newer", &self.newer)
            .field("conflicts", &self.conflicts)
            .field("failed", &self.failed)
            .field("segments", &self.segments)
            .finish_non_exhaustive()
    }
}
