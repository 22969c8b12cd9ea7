use super::{Error, TableWriteReport};
use crate::{
    capacity::Consumed,
    entity::{Entity, Item, key_of},
    error::{DecodeError, ServiceError},
};
use std::{fmt, sync::Arc};

/// The outcome of every write of a batch.
///
/// Each write is either written, or replaced by a later write of the batch with the same key, or not written, or
/// unknown. Those that are not written or unknown are listed, unless the batch
/// [hands them over](crate::batch::BatchWriteItem::on_unwritten); of the others there are only the numbers, so that the
/// report of a long stream is small.
#[doc(alias = "UnprocessedItems")]
pub struct BatchWriteReport {
    /// The tables in the order in which they were given: one at least.
    pub(crate) tables: Vec<TableWriteReport>,
    pub(crate) not_written: Vec<UnwrittenItem>,
    pub(crate) unknown: Vec<UnwrittenItem>,
    pub(crate) requests: u64,
    pub(crate) consumed: Option<Consumed>,
    /// The error of the source of the writes.
    pub(crate) failure: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl BatchWriteReport {
    pub(crate) fn new(tables: impl Iterator<Item = Arc<str>>) -> Self {
        let tables = tables.map(TableWriteReport::new).collect();
        let (not_written, unknown) = (Vec::new(), Vec::new());
        Self { tables, not_written, unknown, requests: 0, consumed: None, failure: None }
    }

    /// The name of the table; of a batch over several tables, that of the first.
    pub fn table(&self) -> &str {
        self.tables.first().map_or("", TableWriteReport::table)
    }

    /// The tables of the batch in the order in which they were given, each with the numbers of its writes.
    pub fn tables(&self) -> &[TableWriteReport] {
        &self.tables
    }

    fn sum(&self, of: fn(&TableWriteReport) -> u64) -> u64 {
        self.tables.iter().map(of).sum()
    }

    /// The number of puts and deletes that the batch was given.
    pub fn total(&self) -> u64 {
        self.sum(TableWriteReport::total)
    }

    /// The number of puts and deletes that were applied.
    pub fn written(&self) -> u64 {
        self.sum(TableWriteReport::written)
    }

    /// The number of writes that a later write of the same key in the batch has replaced, before they were sent or
    /// while their outcome was unknown.
    pub fn replaced(&self) -> u64 {
        self.sum(TableWriteReport::replaced)
    }

    /// The writes that were certainly not applied, table by table, by their positions.
    pub fn not_written(&self) -> &[UnwrittenItem] {
        &self.not_written
    }

    /// The writes with an unknown outcome, table by table, by their positions: an attempt got no response, and none after it
    /// succeeded.
    pub fn unknown(&self) -> &[UnwrittenItem] {
        &self.unknown
    }

    /// The number of writes that were certainly not applied, listed or handed over.
    pub fn not_written_count(&self) -> u64 {
        self.sum(TableWriteReport::not_written_count)
    }

    /// The number of writes with an unknown outcome, listed or handed over.
    pub fn unknown_count(&self) -> u64 {
        self.sum(TableWriteReport::unknown_count)
    }

    /// The number of requests that got a response or were given up. Retries of the SDK are not counted.
    pub fn requests(&self) -> u64 {
        self.requests
    }

    /// The capacity that the requests have consumed of all tables, if one of them has a meter or a budget.
    /// [`Consumed::requests`] is the same number as [`requests`](Self::requests).
    pub fn consumed(&self) -> Option<&Consumed> {
        self.consumed.as_ref()
    }

    /// The error of a source of writes, such as that of [`try_put_all`](crate::batch::BatchWriteItem::try_put_all).
    /// Nothing was taken from the source after it.
    pub fn failure(&self) -> Option<&(dyn std::error::Error + Send + Sync + 'static)> {
        self.failure.as_deref()
    }

    /// True if no source failed, and all writes were applied, or replaced by one that was applied.
    pub fn is_complete(&self) -> bool {
        self.not_written_count() + self.unknown_count() == 0 && self.failure.is_none()
    }
}

impl fmt::Display for BatchWriteReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (written, replaced, total) = (self.written(), self.replaced(), self.total());
        let (not_written, unknown) = (self.not_written_count(), self.unknown_count());
        let is_of_several = self.tables.len() > 1;
        f.write_str(if is_of_several { "BatchWriteItem on tables " } else { "BatchWriteItem on table " })?;
        for (at, table) in self.tables.iter().enumerate() {
            write!(f, "{}`{}`", if at > 0 { ", " } else { "" }, table.table())?;
        }
        write!(f, ": of {total} writes {written} were written")?;
        if replaced > 0 {
            write!(f, ", {replaced} were replaced by later ones")?;
        }
        if not_written > 0 {
            write!(f, ", {not_written} were not written")?;
        }
        if unknown > 0 {
            write!(f, ", of {unknown} nobody knows")?;
        }
        // What the caller's own error says may be anything.
        if self.failure.is_some() {
            return f.write_str("; the source of the writes failed");
        }
        match self.not_written.first().or(self.unknown.first()) {
            Some(first) if is_of_several => {
                write!(f, "; at {} of table `{}`: {}", first.position, first.table, first.reason)
            }
            Some(first) => write!(f, "; at {}: {}", first.position, first.reason),
            None => Ok(()),
        }
    }
}

/// Shows the same as `Display`: the keys are values.
impl fmt::Debug for BatchWriteReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BatchWriteReport({self})")
    }
}

/// Some writes of a batch were not applied, or are unknown. The source of this error is that of the writes' source if
/// it failed, and otherwise the reason of the first write that the report lists.
#[derive(Debug)]
pub struct IncompleteBatch(Box<BatchWriteReport>);

impl IncompleteBatch {
    pub(crate) fn new(report: BatchWriteReport) -> Self {
        Self(Box::new(report))
    }

    /// The outcome of every write.
    pub fn report(&self) -> &BatchWriteReport {
        &self.0
    }

    /// The outcome of every write.
    pub fn into_report(self) -> BatchWriteReport {
        *self.0
    }
}

impl fmt::Display for IncompleteBatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for IncompleteBatch {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        if let Some(failure) = &self.0.failure {
            return Some(&**failure);
        }
        let first = self.0.not_written.first().or(self.0.unknown.first());
        first.map(|unwritten| &unwritten.reason as _)
    }
}

/// A write of a batch that was not applied, or whose outcome is unknown.
pub struct UnwrittenItem {
    /// The position of its table in the batch.
    table_position: usize,
    table: Arc<str>,
    position: u64,
    key: Option<Item>,
    unknown: bool,
    reason: Unwritten,
}

/// The reason why a write of a batch was not applied, or why its outcome is unknown.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Unwritten {
    /// Its key cannot be made, a value cannot be stored, or it is larger than an item can be; it was not sent.
    #[error(transparent)]
    Invalid(Arc<Error>),
    /// The last request that had it failed.
    #[error(transparent)]
    Failed(Arc<ServiceError>),
    /// DynamoDB left it unprocessed again and again: there is no throughput.
    #[error("it was not processed")]
    Unprocessed,
}

impl UnwrittenItem {
    pub(crate) fn new(
        (table_position, table): (usize, Arc<str>),
        position: u64,
        key: Option<Item>,
        unknown: bool,
        reason: Unwritten,
    ) -> Self {
        Self { table_position, table, position, key, unknown, reason }
    }

    /// The order of a report: table by table, by the positions.
    pub(crate) fn order(&self) -> (usize, u64) {
        (self.table_position, self.position)
    }

    /// The table's name.
    pub fn table(&self) -> &str {
        &self.table
    }

    /// The position of the write in the batch among those of its table, from 0.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// True if the outcome is unknown: the write may have been applied.
    pub fn is_unknown(&self) -> bool {
        self.unknown
    }

    /// The reason why it was not applied; for an unknown outcome, the end of the last attempt.
    pub fn reason(&self) -> &Unwritten {
        &self.reason
    }

    /// The primary key; `None` if none can be made.
    ///
    /// # Errors
    /// It is not of the form of the keys of `E`.
    pub fn key<E: Entity>(&self) -> Option<Result<E::Key, DecodeError>> {
        self.key.as_ref().map(key_of::<E>)
    }

    /// The primary key in the SDK's types; `None` if none can be made.
    pub fn raw_key(&self) -> Option<&Item> {
        self.key.as_ref()
    }
}

/// Shows no key.
impl fmt::Debug for UnwrittenItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnwrittenItem")
            .field("table", &self.table)
            .field("position", &self.position)
            .field("is_unknown", &self.unknown)
            .field("reason", &self.reason)
            .finish_non_exhaustive()
    }
}
