use crate::capacity::Consumed;
use std::{fmt, sync::Arc};

/// The part of a table in the report of a batch: the numbers of its writes by their outcome, and their consumed capacity.
#[derive(Clone, PartialEq)]
pub struct TableWriteReport {
    pub(crate) table: Arc<str>,
    pub(crate) written: u64,
    pub(crate) replaced: u64,
    pub(crate) not_written: u64,
    pub(crate) unknown: u64,
    pub(crate) consumed: Option<Consumed>,
}

impl TableWriteReport {
    pub(crate) fn new(table: Arc<str>) -> Self {
        Self { table, written: 0, replaced: 0, not_written: 0, unknown: 0, consumed: None }
    }

    /// The table's name.
    pub fn table(&self) -> &str {
        &self.table
    }

    /// The number of puts and deletes that the batch was given for this table.
    pub fn total(&self) -> u64 {
        self.written + self.replaced + self.not_written + self.unknown
    }

    /// The number of puts and deletes that were applied.
    pub fn written(&self) -> u64 {
        self.written
    }

    /// The number of writes that a later write of the same key has replaced.
    pub fn replaced(&self) -> u64 {
        self.replaced
    }

    /// The number of writes that were certainly not applied, listed or handed over.
    pub fn not_written_count(&self) -> u64 {
        self.not_written
    }

    /// The number of writes with an unknown outcome, listed or handed over.
    pub fn unknown_count(&self) -> u64 {
        self.unknown
    }

    /// The capacity that the requests have consumed of this table, if one of the tables has a meter or a budget. Its
    /// requests are those with writes to this table.
    pub fn consumed(&self) -> Option<&Consumed> {
        self.consumed.as_ref()
    }

    /// True if all writes were applied, or replaced by one that was applied.
    pub fn is_complete(&self) -> bool {
        self.not_written + self.unknown == 0
    }
}

impl fmt::Debug for TableWriteReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TableWriteReport")
            .field("table", &self.table)
            .field("written", &self.written)
            .field("replaced", &self.replaced)
            .field("not_written", &self.not_written)
            .field("unknown", &self.unknown)
            .finish_non_exhaustive()
    }
}
