use super::{LoadCheckpoint, Unwritten};
use crate::{capacity::Consumed, error::DecodeError};
use std::{fmt, io, sync::Arc};

/// The outcome of the lines of a load.
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

    /// The number of lines with an outcome, without blank ones.
    pub fn lines(&self) -> u64 {
        self.written + self.replaced + self.not_written + self.unknown
    }

    /// The number of lines that were written.
    pub fn written(&self) -> u64 {
        self.written
    }

    /// The number of lines that a later line with the same key has replaced, before they were written or while their
    /// outcome was unknown.
    pub fn replaced(&self) -> u64 {
        self.replaced
    }

    /// The number of lines that were certainly not written: malformed ones, and those that DynamoDB refused or had no
    /// throughput for.
    pub fn not_written(&self) -> u64 {
        self.not_written
    }

    /// The number of lines with an unknown outcome: an attempt got no response, and none after it succeeded.
    pub fn unknown(&self) -> u64 {
        self.unknown
    }

    /// The number of bytes that were written, as JSON on the wire.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The number of requests of this run that got a response or were given up.
    pub fn requests(&self) -> u64 {
        self.requests
    }

    /// The capacity that the requests of this run have consumed, if the load has a meter or a budget.
    /// [`Consumed::requests`] is the same number as [`requests`](Self::requests).
    pub fn consumed(&self) -> Option<&Consumed> {
        self.consumed.as_ref()
    }

    /// The lines of this run that were not written or are unknown, by their numbers; of many, the first thousand that
    /// were found. [`on_unwritten`](crate::batch::Load::on_unwritten) is told of all.
    pub fn unwritten(&self) -> &[UnwrittenLine] {
        &self.first
    }

    /// The place at which a later run continues. It does not pass lines that another run could write.
    pub fn checkpoint(&self) -> LoadCheckpoint {
        self.checkpoint
    }

    /// The reason why not all of the input was read, if so.
    pub fn failure(&self) -> Option<&LoadFailure> {
        self.failure.as_ref()
    }

    /// True if the whole input was read, and all lines were written, or replaced by one that was written.
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

/// A line that was not written, or whose outcome is unknown.
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

    /// True if the outcome is unknown: the line may have been written.
    pub fn is_unknown(&self) -> bool {
        self.unknown
    }

    /// The reason why it was not written; for an unknown outcome, the end of the last attempt.
    pub fn error(&self) -> &LineError {
        &self.error
    }
}

/// The reason why a line was not written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LineError {
    /// The line is longer than a request can be.
    #[error("the line has more than {0} bytes")]
    TooLong(usize),
    /// The line is not JSON, or not an item in DynamoDB-JSON.
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
    /// The line was sent, or was about to be, and was not written.
    #[error(transparent)]
    Unwritten(Unwritten),
}

/// The reason why not all of the input was read.
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

/// Some lines of a load were not written. The source of this error is the failure that ended the load, or otherwise
/// the reason of the first line that was not written.
#[derive(Debug)]
pub struct IncompleteLoad(Box<LoadReport>);

impl IncompleteLoad {
    pub(crate) fn new(report: LoadReport) -> Self {
        Self(Box::new(report))
    }

    /// The outcome of the lines.
    pub fn report(&self) -> &LoadReport {
        &self.0
    }

    /// The outcome of the lines.
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
