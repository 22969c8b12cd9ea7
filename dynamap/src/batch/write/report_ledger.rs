use super::{
    encoded::{EncodedWrite, Unencoded},
    progress::{BatchWriteProgress, OnBatchWriteProgress, OnUnwrittenItem},
    queue::{PositionedWrite, WriteOutcome},
    run::{NextWrite, WriteLedger},
    source::{Sources, TablePosition},
    tables::{BatchConsumed, WriteTable, WriteTables},
};
use crate::{
    entity::Item,
    outcome::{BatchWriteReport, Error, InvalidBatch, Unwritten, UnwrittenItem},
};
use std::{
    sync::Arc,
    task::{Context, Poll},
};

/// The callbacks of a batch.
#[derive(Default)]
pub(super) struct Calls<'a> {
    pub(super) on_progress: OnBatchWriteProgress<'a>,
    pub(super) on_unwritten: OnUnwrittenItem<'a>,
}

/// The writes that were given, of which those that are not written are listed.
pub(super) struct ReportLedger<'a> {
    sources: Sources<'a>,
    tables: Vec<LedgerTable>,
    report: BatchWriteReport,
    /// The number of bytes that were written.
    bytes: u64,
    calls: Calls<'a>,
}

/// A table of a ledger.
struct LedgerTable {
    table: WriteTable,
    /// The number of its writes that were taken from the sources.
    taken: u64,
}

impl<'a> ReportLedger<'a> {
    pub(super) fn new(tables: &WriteTables, sources: Sources<'a>, calls: Calls<'a>) -> Self {
        let report = BatchWriteReport::new(tables.iter().map(|table| table.handle.table.clone()));
        let tables = tables.iter().map(|table| LedgerTable { table: table.clone(), taken: 0 }).collect();
        Self { sources, tables, report, bytes: 0, calls }
    }

    pub(super) fn into_report(self, consumed: Option<BatchConsumed>) -> BatchWriteReport {
        let mut report = self.report;
        report.not_written.sort_unstable_by_key(UnwrittenItem::order);
        report.unknown.sort_unstable_by_key(UnwrittenItem::order);
        if let Some(BatchConsumed { all, tables }) = consumed {
            report.consumed = Some(all);
            for (report, consumed) in report.tables.iter_mut().zip(tables) {
                report.consumed = Some(consumed);
            }
        }
        report.failure = self.sources.failure;
        report
    }

    /// Lists a write that is not written, or hands it over.
    fn note(&mut self, at: (TablePosition, u64), key: Option<Item>, unknown: bool, reason: Unwritten) {
        let (table, position) = at;
        let of_table = &mut self.report.tables[table];
        let (count, list) = match unknown {
            true => (&mut of_table.unknown, &mut self.report.unknown),
            false => (&mut of_table.not_written, &mut self.report.not_written),
        };
        *count += 1;
        let item = UnwrittenItem::new((table, of_table.table.clone()), position, key, unknown, reason);
        match &mut self.calls.on_unwritten {
            Some(on_unwritten) => on_unwritten(item),
            None => list.push(item),
        }
    }
}

impl WriteLedger for ReportLedger<'_> {
    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<NextWrite>> {
        let Some((at, taken)) = std::task::ready!(self.sources.poll_next(cx)) else {
            return Poll::Ready(None);
        };
        let LedgerTable { table, taken: count } = &mut self.tables[at];
        let position = *count;
        *count += 1;
        let taken = match &table.refusal {
            Some(refusal) => taken.and_then(|encoded| Err(refused(encoded, table, refusal))),
            None => taken,
        };
        Poll::Ready(Some(match taken {
            Ok(encoded) => NextWrite::Write(PositionedWrite { table: at, position, encoded }),
            Err(Unencoded { key, error }) => {
                self.note((at, position), key, false, Unwritten::Invalid(Arc::from(error)));
                NextWrite::Refused
            }
        }))
    }

    fn settle(&mut self, write: PositionedWrite, fate: WriteOutcome, reason: impl FnOnce() -> Unwritten) {
        let PositionedWrite { table, position, encoded } = write;
        match fate {
            WriteOutcome::Written => {
                self.report.tables[table].written += 1;
                self.bytes += encoded.json().len() as u64;
            }
            WriteOutcome::Superseded => self.report.tables[table].replaced += 1,
            WriteOutcome::NotWritten | WriteOutcome::Unknown => {
                let key = (self.tables[table].table.key_item)(encoded.key());
                self.note((table, position), Some(key), fate == WriteOutcome::Unknown, reason());
            }
        }
        self.sources.give_back(encoded);
    }

    fn answered(&mut self) {
        self.report.requests += 1;
    }

    fn tell(&mut self) {
        let Some(on_progress) = &mut self.calls.on_progress else { return };
        let report = &self.report;
        on_progress(&BatchWriteProgress {
            done: report.total(),
            written: report.written(),
            replaced: report.replaced(),
            failed: report.not_written_count() + report.unknown_count(),
            bytes: self.bytes,
            requests: report.requests,
        });
    }
}

/// A write to a table that cannot be in the batch.
fn refused(write: EncodedWrite, table: &WriteTable, refusal: &InvalidBatch) -> Unencoded {
    let key = Some((table.key_item)(write.key()));
    Unencoded { key, error: Box::new(Error::InvalidBatch(refusal.clone())) }
}
