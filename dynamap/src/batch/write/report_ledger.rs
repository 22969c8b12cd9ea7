use super::{
    encoded::Unencoded,
    progress::{BatchWriteProgress, OnBatchWriteProgress, OnUnwrittenItem},
    queue::{PositionedWrite, WriteOutcome},
    run::{NextWrite, WriteLedger},
    source::Sources,
};
use crate::{
    capacity::Consumed,
    outcome::{BatchWriteReport, Unwritten, UnwrittenItem},
    schema::TableSchema,
};
use std::{
    marker::PhantomData,
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
pub(super) struct ReportLedger<'a, S> {
    sources: Sources<'a>,
    /// The number of writes that were taken from the sources.
    taken: u64,
    report: BatchWriteReport,
    /// The number of bytes that were written.
    bytes: u64,
    calls: Calls<'a>,
    of: PhantomData<fn() -> S>,
}

impl<'a, S> ReportLedger<'a, S> {
    pub(super) fn new(table: Arc<str>, sources: Sources<'a>, calls: Calls<'a>) -> Self {
        let report = BatchWriteReport::new(table);
        Self { sources, taken: 0, report, bytes: 0, calls, of: PhantomData }
    }

    pub(super) fn into_report(self, consumed: Option<Consumed>) -> BatchWriteReport {
        let mut report = self.report;
        report.not_written.sort_unstable_by_key(UnwrittenItem::position);
        report.unknown.sort_unstable_by_key(UnwrittenItem::position);
        report.consumed = consumed;
        report.failure = self.sources.failure;
        report
    }

    /// Lists a write that is not written, or hands it over.
    fn note(&mut self, item: UnwrittenItem) {
        let report = &mut self.report;
        let (list, handed_over) = match item.is_unknown() {
            true => (&mut report.unknown, &mut report.handed_over.1),
            false => (&mut report.not_written, &mut report.handed_over.0),
        };
        match &mut self.calls.on_unwritten {
            Some(on_unwritten) => {
                *handed_over += 1;
                on_unwritten(item);
            }
            None => list.push(item),
        }
    }
}

impl<S: TableSchema> WriteLedger for ReportLedger<'_, S> {
    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<NextWrite>> {
        let Some(taken) = std::task::ready!(self.sources.poll_next(cx)) else { return Poll::Ready(None) };
        let position = self.taken;
        self.taken += 1;
        Poll::Ready(Some(match taken {
            Ok(encoded) => NextWrite::Write(PositionedWrite { position, encoded }),
            Err(Unencoded { key, error }) => {
                let reason = Unwritten::Invalid(Arc::from(error));
                self.note(UnwrittenItem::new(position, key, false, reason));
                NextWrite::Refused
            }
        }))
    }

    fn settle(&mut self, write: PositionedWrite, fate: WriteOutcome, reason: impl FnOnce() -> Unwritten) {
        let PositionedWrite { position, encoded } = write;
        match fate {
            WriteOutcome::Written => {
                self.report.written += 1;
                self.bytes += encoded.json().len() as u64;
            }
            WriteOutcome::Superseded => self.report.replaced += 1,
            WriteOutcome::NotWritten | WriteOutcome::Unknown => {
                let (key, unknown) = (encoded.key().to_item::<S>(), fate == WriteOutcome::Unknown);
                self.note(UnwrittenItem::new(position, Some(key), unknown, reason()));
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
            written: report.written,
            replaced: report.replaced,
            failed: report.not_written_count() + report.unknown_count(),
            bytes: self.bytes,
            requests: report.requests,
        });
    }
}
