use super::{
    encoded::Unencoded,
    progress::{BatchWriteProgress, OnProgress},
    queue::{Fate, Write},
    run::{Ledger, Next},
    source::Sources,
};
use crate::{
    capacity::Consumed,
    error::{BatchWriteReport, Unwritten, UnwrittenItem},
    schema::TableSchema,
};
use std::{
    marker::PhantomData,
    sync::Arc,
    task::{Context, Poll},
};

/// The writes that were given, of which those that are not written are listed.
pub(super) struct Listed<'a, S> {
    sources: Sources<'a>,
    /// How many writes were taken from the sources.
    taken: u64,
    report: BatchWriteReport,
    /// How many bytes were written.
    bytes: u64,
    on_progress: OnProgress<'a>,
    of: PhantomData<fn() -> S>,
}

impl<'a, S> Listed<'a, S> {
    pub(super) fn new(table: Arc<str>, sources: Sources<'a>, on_progress: OnProgress<'a>) -> Self {
        let report = BatchWriteReport::new(table);
        Self { sources, taken: 0, report, bytes: 0, on_progress, of: PhantomData }
    }

    pub(super) fn into_report(self, consumed: Option<Consumed>) -> BatchWriteReport {
        let mut report = self.report;
        report.not_written.sort_unstable_by_key(UnwrittenItem::position);
        report.unknown.sort_unstable_by_key(UnwrittenItem::position);
        report.consumed = consumed;
        report
    }
}

impl<S: TableSchema> Ledger for Listed<'_, S> {
    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Next>> {
        let Some(taken) = std::task::ready!(self.sources.poll_next(cx)) else { return Poll::Ready(None) };
        let position = self.taken;
        self.taken += 1;
        Poll::Ready(Some(match taken {
            Ok(encoded) => Next::Write(Write { position, encoded }),
            Err(Unencoded { key, error }) => {
                let reason = Unwritten::Invalid(error);
                self.report.not_written.push(UnwrittenItem::new(position, key, reason));
                Next::Refused
            }
        }))
    }

    fn settle(&mut self, write: Write, fate: Fate, reason: impl FnOnce() -> Unwritten) {
        let report = &mut self.report;
        let unwritten =
            || UnwrittenItem::new(write.position, Some(write.encoded.key().to_item::<S>()), reason());
        match fate {
            Fate::Written => {
                report.written += 1;
                self.bytes += write.encoded.json().len() as u64;
            }
            Fate::Replaced => report.replaced += 1,
            Fate::NotWritten => report.not_written.push(unwritten()),
            Fate::Unknown => report.unknown.push(unwritten()),
        }
    }

    fn answered(&mut self) {
        self.report.requests += 1;
    }

    fn tell(&mut self) {
        let Some(on_progress) = &mut self.on_progress else { return };
        let report = &self.report;
        let failed = (report.not_written.len() + report.unknown.len()) as u64;
        on_progress(&BatchWriteProgress {
            done: report.total(),
            written: report.written,
            replaced: report.replaced,
            failed,
            bytes: self.bytes,
            requests: report.requests,
        });
    }
}
