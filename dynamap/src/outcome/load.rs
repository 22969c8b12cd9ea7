use super::{LoadCheckpoint, Unwritten};
use crate::capacity::Consumed;
use crate::error::DecodeError;
use std::{fmt, io, sync::Arc};

/// What became of the lines of a load.
///
/// Each line that is not blank is either written, or replaced by a later line with the same key, or not written, or
/// unknown. After [`resume_from`](crate::batch::Load::resume_from) the numbers are those of all runs, each line counted
/// once.
#[derive(Debug)]
pub struct LoadReport {
    pub(crate) table: Arc<str>,
    pub(crate) written: u64,
    pub(crate) replaced: u64,
    pub(crate) not_written: u64,
    pub(crate) unknown: u64,
    pub(crate) bytes: u64,
    pub(crate) requests: u64,
    pub(crate) consumed: Option<Consumed>,
    pub(crate) first: Vec<UnwrittenLine>,
    pub(crate) checkpoint: LoadCheckpoint,
    pub(crate) failure: Option<LoadFailure>,
}

impl LoadReport {
    pub(crate) fn new(table: Arc<str>, from: LoadCheckpoint) -> Self {
        let LoadCheckpoint { written, replaced, not_written, bytes, .. } = from;
        Self {
            table,
            written,
            replaced,
            not_written,
            unknown: 0,
            bytes,
            requests: 0,
            consumed: None,
            first: Vec::new(),
            checkpoint: from,
            failure: None,
        }
    }

    /// The table's name.
    pub fn table(&self) -> &str {
        &self.table
    }

    /// How many lines were settled, blank ones not counted.
    pub fn lines(&self) -> u64 {
        self.written + self.replaced + self.not_written + self.unknown
    }

    /// How many lines were written.
    pub fn written(&self) -> u64 {
        self.written
    }

    /// How many lines have a later one with the same key that was written, and that took their place before they were
    /// written, or before it was known whether they were.
    pub fn replaced(&self) -> u64 {
        self.replaced
    }

    /// How many lines were certainly not written: bad ones, and those that DynamoDB refused or had no throughput for.
    pub fn not_written(&self) -> u64 {
        self.not_written
    }

    /// Of how many lines nobody knows whether they were written: an attempt got no answer, and none after it succeeded.
    pub fn unknown(&self) -> u64 {
        self.unknown
    }

    /// How many bytes were written: those of the JSON on the wire.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// How many requests of this run were answered or given up.
    pub fn requests(&self) -> u64 {
        self.requests
    }

    /// What the requests of this run have consumed, if the load has a meter or a budget. [`Consumed::requests`] are as
    /// [`requests`](Self::requests).
    pub fn consumed(&self) -> Option<&Consumed> {
        self.consumed.as_ref()
    }

    /// The lines of this run that were not written or are unknown, by their numbers; of many, the first thousand that
    /// were found. [`on_unwritten`](crate::batch::Load::on_unwritten) is told of all.
    pub fn unwritten(&self) -> &[UnwrittenLine] {
        &self.first
    }

    /// Where a later run goes on. It does not pass lines that another run could write.
    pub fn checkpoint(&self) -> LoadCheckpoint {
        self.checkpoint
    }

    /// Why not everything was read, if so.
    pub fn failure(&self) -> Option<&LoadFailure> {
        self.failure.as_ref()
    }

    /// True if everything was read, and all was written or replaced by what was written.
    pub fn is_complete(&self) -> bool {
        self.not_written == 0 && self.unknown == 0 && self.failure.is_none()
    }
}

impl fmt::Display for LoadReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (table, lines, written) = (&self.table, self.lines(), self.written);
        write!(f, "load into table `{table}`: of {lines} lines {written} were written")?;
        for (count, what) in [
            (self.replaced, "were replaced by later ones"),
            (self.not_written, "were not written"),
            (self.unknown, "are unknown"),
        ] {
            if count > 0 {
                write!(f, ", {count} {what}")?;
            }
        }
        match (&self.failure, self.first.first()) {
            (Some(failure), _) => write!(f, "; {failure}"),
            (None, Some(first)) => write!(f, "; line {}: {}", first.line, first.error),
            (None, None) => Ok(()),
        }
    }
}

/// A line that was not written, or of which nobody knows.
#[derive(Debug)]
pub struct UnwrittenLine {
    pub(crate) line: u64,
    pub(crate) unknown: bool,
    pub(crate) error: LineError,
}

impl UnwrittenLine {
    /// The number of the line, from 1.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// True if nobody knows whether it was written.
    pub fn is_unknown(&self) -> bool {
        self.unknown
    }

    /// Why it was not written; for an unknown one, how its last attempt ended.
    pub fn error(&self) -> &LineError {
        &self.error
    }
}

/// Why a line was not written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LineError {
    /// It is longer than a request can be.
    #[error("the line has more than {0} bytes")]
    TooLong(usize),
    /// It is not JSON, or not an item in DynamoDB-JSON.
    #[error("the line is no item in DynamoDB-JSON")]
    NotAnItem(#[source] DecodeError),
    /// The item lacks a key attribute.
    #[error("the item has no key attribute `{0}`")]
    MissingKey(&'static str),
    /// A key attribute has another data type than the table's.
    #[error("the key attribute `{attribute}` is not {expected}")]
    WrongKey {
        /// The name of the attribute.
        attribute: &'static str,
        /// The data type that the table has.
        expected: &'static str,
    },
    /// The item is larger than 400 KB.
    #[error("the item has {0} bytes, and DynamoDB takes 409600")]
    TooLarge(usize),
    /// It was sent, or was about to be.
    #[error(transparent)]
    Unwritten(Unwritten),
}

/// Why not all of the input was read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadFailure {
    /// The input could not be read.
    #[error("the input cannot be read")]
    Read(#[source] io::Error),
    /// The input is not the one that the checkpoint is of, up to its place. Nothing was written.
    #[error("the checkpoint is of another input")]
    OtherInput,
    /// A line was not written, and the load was to stop at the first.
    #[error("it stopped at the first line that was not written")]
    Stopped,
}

/// Not every line was written. Its source is what ended the load, or else why the first line was not written.
#[derive(Debug)]
pub struct IncompleteLoad(Box<LoadReport>);

impl IncompleteLoad {
    pub(crate) fn new(report: LoadReport) -> Self {
        Self(Box::new(report))
    }

    /// What became of the lines.
    pub fn report(&self) -> &LoadReport {
        &self.0
    }

    /// What became of the lines.
    pub fn into_report(self) -> LoadReport {
        *self.0
    }
}

impl fmt::Display for IncompleteLoad {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for IncompleteLoad {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let ended = self.0.failure.as_ref().map(|failure| failure as _);
        ended.or_else(|| self.0.first.first().map(|line| &line.error as _))
    }
}
