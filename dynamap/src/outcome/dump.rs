use super::{MalformedCheckpoint, SegmentError};
use crate::capacity::Consumed;
use std::{fmt, io, str::FromStr, sync::Arc};

/// The result of a dump: items, bytes, failures, and the checkpoint.
///
/// After [`resume_from`](crate::batch::Dump::resume_from) the numbers are those of all runs.
#[derive(Debug)]
pub struct DumpReport {
    pub(crate) table: Arc<str>,
    pub(crate) pages: u64,
    pub(crate) consumed: Option<Consumed>,
    pub(crate) failed: Vec<SegmentError>,
    pub(crate) checkpoint: DumpCheckpoint,
    pub(crate) failure: Option<io::Error>,
}

impl DumpReport {
    /// The table's name.
    pub fn table(&self) -> &str {
        &self.table
    }

    /// The number of items that were written, one in each line.
    pub fn items(&self) -> u64 {
        self.checkpoint.items
    }

    /// The number of bytes that were written.
    pub fn bytes(&self) -> u64 {
        self.checkpoint.bytes
    }

    /// The number of pages that this run has read.
    pub fn pages(&self) -> u64 {
        self.pages
    }

    /// The capacity that the requests of this run have consumed, if the dump has a meter or a budget. It includes
    /// pages that were not written, and requests that failed.
    pub fn consumed(&self) -> Option<&Consumed> {
        self.consumed.as_ref()
    }

    /// The segments that could not be read to their end.
    pub fn failed(&self) -> &[SegmentError] {
        &self.failed
    }

    /// The place at which a later run continues.
    pub fn checkpoint(&self) -> &DumpCheckpoint {
        &self.checkpoint
    }

    /// The error of the output, if it could not be written. Items that were read and are not in the checkpoint are
    /// read again by a later run.
    pub fn failure(&self) -> Option<&io::Error> {
        self.failure.as_ref()
    }

    /// True if all of the table was read and written.
    pub fn is_complete(&self) -> bool {
        self.failed.is_empty() && self.failure.is_none()
    }
}

impl fmt::Display for DumpReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "dump of table `{}`: {} items were written", self.table, self.items())?;
        if let Some(failure) = &self.failure {
            write!(f, "; the output cannot be written: {failure}")?;
        }
        match self.failed.first() {
            Some(first) => write!(f, "; {} segments failed: {first}: {}", self.failed.len(), first.error()),
            None => Ok(()),
        }
    }
}

/// A dump that is not complete. The source of this error is the error of the output, or else that of the first segment
/// that failed.
#[derive(Debug)]
pub struct IncompleteDump(Box<DumpReport>);

impl IncompleteDump {
    pub(crate) fn new(report: DumpReport) -> Self {
        Self(Box::new(report))
    }

    /// The result up to the failure.
    pub fn report(&self) -> &DumpReport {
        &self.0
    }

    /// The result up to the failure.
    pub fn into_report(self) -> DumpReport {
        *self.0
    }
}

impl fmt::Display for IncompleteDump {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for IncompleteDump {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let output = self.0.failure.as_ref().map(|failure| failure as _);
        output.or_else(|| self.0.failed.first().map(|segment| segment.error() as _))
    }
}

/// The progress of a dump: the number of bytes that were written, and the place at which each segment continues.
///
/// Its text reads back with [`FromStr`]. It holds keys of the table, encoded but not encrypted.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct DumpCheckpoint {
    pub(crate) items: u64,
    pub(crate) bytes: u64,
    pub(crate) segments: u32,
    /// The text of a parallel cursor.
    pub(crate) cursor: String,
}

const VERSION: &str = "1";

impl DumpCheckpoint {
    /// The number of items that were written up to here.
    pub fn items(&self) -> u64 {
        self.items
    }

    /// The number of bytes that were written up to here. Before a later run appends to a file, cut the file to this
    /// length.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }
}

impl fmt::Display for DumpCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { items, bytes, segments, cursor } = self;
        write!(f, "{VERSION}.{items}.{bytes}.{segments}.{cursor}")
    }
}

impl FromStr for DumpCheckpoint {
    type Err = MalformedCheckpoint;

    fn from_str(text: &str) -> Result<Self, MalformedCheckpoint> {
        let parts: Vec<&str> = text.split('.').collect();
        let [VERSION, items, bytes, segments, cursor] = parts[..] else { return Err(MalformedCheckpoint) };
        let number = |text: &str| text.parse().map_err(|_| MalformedCheckpoint);
        let segments = segments.parse().map_err(|_| MalformedCheckpoint)?;
        Ok(Self { items: number(items)?, bytes: number(bytes)?, segments, cursor: cursor.to_owned() })
    }
}

/// Shows no keys.
impl fmt::Debug for DumpCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DumpCheckpoint")
            .field("items", &self.items)
            .field("bytes", &self.bytes)
            .field("segments", &self.segments)
            .finish_non_exhaustive()
    }
}
