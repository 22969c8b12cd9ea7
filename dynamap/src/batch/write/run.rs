//! Drives the queue: takes writes, sends requests, and waits.

use super::{
    encoded::Unencoded,
    progress::{BatchWriteProgress, OnProgress},
    queue::{Answer, Chunk, Fate, Limits, Queue, Write},
    request::{self, Sent},
    source::Sources,
};
use crate::{
    batch::{
        in_flight::InFlight,
        pace::{Pace, Pause},
        waiting::{Permitted, Waiting},
    },
    capacity::Meter,
    error::{BatchWriteReport, Unwritten, UnwrittenItem},
    op::Handle,
    schema::TableSchema,
};
use std::{
    marker::PhantomData,
    task::{Context, Poll},
    time::Duration,
};
use tokio::time::Instant;

/// How many bytes of writes a batch holds at most, but for the write that passes it.
const MAX_MEMORY: usize = 32 * 1024 * 1024;

/// For each request on its way, this many writes.
const WRITES_OF_A_REQUEST: usize = 50;

/// A batch on its way.
pub(super) struct Run<'a, S> {
    handle: Handle,
    sources: Sources<'a>,
    /// How many writes were taken from the sources.
    taken: u64,
    is_all_taken: bool,
    queue: Queue,
    pace: Pace,
    concurrency: usize,
    waiting: Waiting<Chunk>,
    in_flight: InFlight<Sent>,
    pause: Pause,
    report: BatchWriteReport,
    /// How many bytes were written.
    bytes: u64,
    on_progress: OnProgress<'a>,
    /// What the batch consumes, if anybody asks.
    meter: Option<Meter>,
    of: PhantomData<fn() -> S>,
}

impl<'a, S: TableSchema> Run<'a, S> {
    pub(super) fn new(
        mut handle: Handle,
        sources: Sources<'a>,
        (concurrency, patience): (usize, Duration),
        on_progress: OnProgress<'a>,
    ) -> Self {
        let limits = Limits { writes: concurrency.saturating_mul(WRITES_OF_A_REQUEST), bytes: MAX_MEMORY };
        let report = BatchWriteReport::new(handle.table.clone());
        let meter = handle.is_metered().then(Meter::new);
        meter.iter().for_each(|meter| handle.add_meter(meter));
        Self {
            handle,
            sources,
            taken: 0,
            is_all_taken: false,
            queue: Queue::new(limits),
            pace: Pace::new(patience),
            concurrency,
            waiting: Waiting::nobody(),
            in_flight: InFlight::new(),
            pause: Pause::default(),
            report,
            bytes: 0,
            on_progress,
            meter,
            of: PhantomData,
        }
    }

    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<BatchWriteReport> {
        loop {
            let settled = self.settle(cx);
            let taken = self.take(cx);
            if settled || taken {
                self.tell();
            }
            let sent = self.send(cx);
            if self.is_all_taken && self.queue.is_empty() {
                let empty = BatchWriteReport::new(self.handle.table.clone());
                let mut report = std::mem::replace(&mut self.report, empty);
                report.not_written.sort_unstable_by_key(UnwrittenItem::position);
                report.unknown.sort_unstable_by_key(UnwrittenItem::position);
                report.consumed = self.meter.as_ref().map(Meter::consumed);
                return Poll::Ready(report);
            }
            if !sent {
                return Poll::Pending;
            }
        }
    }

    /// Settles the requests whose answers are there.
    fn settle(&mut self, cx: &mut Context<'_>) -> bool {
        let answers = self.in_flight.poll(cx);
        let any = !answers.is_empty();
        for Sent { chunk, answer, ambiguous, error } in answers {
            self.report.requests += 1;
            let (report, bytes) = (&mut self.report, &mut self.bytes);
            let reason = || match (&answer, &error) {
                (Answer::Processed(_), _) | (_, None) => Unwritten::Unprocessed,
                (_, Some(error)) => Unwritten::Failed(error.clone()),
            };
            let unwritten = |write: Write| {
                UnwrittenItem::new(write.position, Some(write.encoded.key_item::<S>()), reason())
            };
            self.queue.settle(chunk, (&answer, ambiguous), &mut self.pace, Instant::now(), |write, fate| {
                match fate {
                    Fate::Written => {
                        report.written += 1;
                        *bytes += write.encoded.json().len() as u64;
                    }
                    Fate::Replaced => report.replaced += 1,
                    Fate::NotWritten => report.not_written.push(unwritten(write)),
                    Fate::Unknown => report.unknown.push(unwritten(write)),
                }
            });
        }
        any
    }

    /// Takes writes from the sources as long as there is room.
    fn take(&mut self, cx: &mut Context<'_>) -> bool {
        let before = self.taken;
        while !self.is_all_taken && self.queue.has_room() {
            let position = self.taken;
            match self.sources.poll_next(cx) {
                Poll::Pending => break,
                Poll::Ready(None) => {
                    self.is_all_taken = true;
                    break;
                }
                Poll::Ready(Some(Ok(encoded))) => {
                    let replaced = self.queue.push(Write { position, encoded });
                    self.report.replaced += u64::from(replaced.is_some());
                }
                Poll::Ready(Some(Err(Unencoded { key, error }))) => {
                    let reason = Unwritten::Invalid(error);
                    self.report.not_written.push(UnwrittenItem::new(position, key, reason));
                }
            }
            self.taken += 1;
        }
        self.taken > before
    }

    /// Sends what can be sent; true if there was anything.
    fn send(&mut self, cx: &mut Context<'_>) -> bool {
        let mut any = false;
        loop {
            if let Some(Permitted { request: chunk, permit, waited }) = self.waiting.poll(cx) {
                let now = Instant::now();
                if self.in_flight.len() == 0 {
                    self.pace.waited(waited, now);
                }
                let request = request::send::<S>(self.handle.clone(), chunk.sent_at(now), permit);
                self.in_flight.push(request);
                any = true;
            }
            if !self.waiting.is_nobody()
                || self.in_flight.len() >= self.concurrency
                || self.pause.is_on(&self.pace, cx)
            {
                return any;
            }
            // Writes that are fewer than a request takes wait for others, as long as an answer is to come.
            let all = self.is_all_taken || self.in_flight.len() == 0;
            let Some(chunk) = self.queue.next(all, Instant::now()) else { return any };
            self.waiting.set(&self.handle, chunk, request::forecast);
        }
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
