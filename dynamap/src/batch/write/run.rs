//! Drives the queue: takes writes, sends requests, and waits.

use super::{
    queue::{BatchOutcome, Limits, PositionedWrite, Queue, WriteBatch, WriteOutcome},
    request::{self, CompletedWrite},
    tables::{BatchConsumed, OwnMeters, WriteTable, WriteTables},
};
use crate::{
    batch::permit_slot::{PermitSlot, Permitted},
    call::{
        BatchOptions, InFlightRequests,
        retry::{Pause, RetryPacer},
    },
    direct::BATCH_WRITE_ITEM,
    observe::{self, Ending, Observing},
    outcome::Unwritten,
};
use std::{
    future::poll_fn,
    sync::Arc,
    task::{Context, Poll},
};
use tokio::time::Instant;
use tracing::Instrument;

/// The most bytes of writes that a batch holds, but for the write that passes it.
const MAX_MEMORY: usize = 32 * 1024 * 1024;

/// The number of writes for each request in flight.
const WRITES_OF_A_REQUEST: usize = 50;

/// The source of a batch's writes, and the place where their outcomes are noted.
pub(in crate::batch) trait WriteLedger {
    /// The next write, or that one was refused that cannot be sent; `None` at the end.
    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<NextWrite>>;

    /// A write has found its fate; `reason` tells why, where it was not written.
    fn settle(&mut self, write: PositionedWrite, fate: WriteOutcome, reason: impl FnOnce() -> Unwritten);

    /// A request was answered or given up.
    fn answered(&mut self);

    /// Reports progress, after a write was taken or settled.
    fn tell(&mut self);
}

/// The next step of a ledger.
#[derive(Debug)]
pub(in crate::batch) enum NextWrite {
    Write(PositionedWrite),
    /// A write that cannot be sent, which the ledger has noted.
    Refused,
    /// Nothing yet after much work: the other tasks of the runtime have their turn.
    Yield,
}

/// After so many writes the other tasks of the runtime have their turn: an input that is always ready and whose writes
/// are refused or replaced would never come to a request that is waited for.
const TAKEN_AT_ONCE: usize = 1024;

/// A batch that is being run.
pub(in crate::batch) struct BatchWriteRun<L> {
    tables: Arc<[WriteTable]>,
    ledger: L,
    is_all_taken: bool,
    /// The number of writes that were taken since the other tasks of the runtime had their turn; it is full when they are
    /// to have it.
    taken_at_once: usize,
    queue: Queue,
    pace: RetryPacer,
    waiting: PermitSlot<WriteBatch>,
    in_flight: InFlightRequests<CompletedWrite>,
    pause: Pause,
    /// The meters of the batch, if its consumed capacity is requested.
    meters: Option<OwnMeters>,
    observing: Observing,
    /// The writes that were settled, by their outcome.
    settled: SettledWrites,
}

#[derive(Debug, Clone, Copy, Default)]
struct SettledWrites {
    written: usize,
    not_written: usize,
    unknown: usize,
}

impl<L: WriteLedger> BatchWriteRun<L> {
    pub(in crate::batch) fn new(mut tables: WriteTables, ledger: L, options: BatchOptions) -> Self {
        let BatchOptions { concurrency, retry_timeout } = options;
        let limits = Limits { writes: concurrency.saturating_mul(WRITES_OF_A_REQUEST), bytes: MAX_MEMORY };
        let observing = tables.observe();
        let meters = tables.add_own_meters();
        let pause = Pause::new(tables.first().timer());
        let tables = tables.into_shared();
        Self {
            ledger,
            is_all_taken: false,
            taken_at_once: 0,
            queue: Queue::new(limits, tables.len()),
            tables,
            pace: RetryPacer::new(retry_timeout).of_requests(concurrency),
            waiting: PermitSlot::nobody(),
            in_flight: InFlightRequests::new(),
            pause,
            meters,
            observing,
            settled: SettledWrites::default(),
        }
    }

    /// Runs to the end, and gives back the ledger, and the consumed capacity if it is requested.
    pub(in crate::batch) async fn run(mut self) -> (L, Option<BatchConsumed>) {
        let mut observing = std::mem::replace(&mut self.observing, Observing::none());
        poll_fn(|cx| self.poll(cx)).instrument(observing.span()).await;
        observing.count_items(self.settled.written);
        observing.end(&self.settled.ending());
        (self.ledger, self.meters.as_ref().map(OwnMeters::consumed))
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.in_flight.poll(cx);
        self.taken_at_once = 0;
        loop {
            let settled = self.settle();
            // As many as a request takes, which is sent while they are in the processor's caches.
            let mut taken = self.take(cx, Queue::has_request);
            let mut sent = false;
            while self.send(cx) {
                sent = true;
                taken |= self.take(cx, Queue::has_request);
            }
            // While the answers are on their way, what comes after them is made ready.
            taken |= self.take(cx, |_| false);
            if settled || taken {
                self.ledger.tell();
            }
            if self.is_all_taken && self.queue.is_empty() {
                return Poll::Ready(());
            }
            if self.yields() {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            if !sent && !taken {
                return Poll::Pending;
            }
        }
    }

    /// Settles the requests whose answers are there.
    fn settle(&mut self) -> bool {
        let answers = self.in_flight.take_answers();
        let any = !answers.is_empty();
        for CompletedWrite { chunk, answer, ambiguous, error } in answers {
            self.note(&answer);
            self.ledger.answered();
            let settled = &mut self.settled;
            let ledger = &mut self.ledger;
            let reason = || match (&answer, &error) {
                (BatchOutcome::Processed(_), _) | (_, None) => Unwritten::Unprocessed,
                (_, Some(error)) => Unwritten::Failed(error.clone()),
            };
            self.queue.settle(chunk, (&answer, ambiguous), &mut self.pace, Instant::now(), |write, fate| {
                settled.add(fate);
                ledger.settle(write, fate, reason);
            });
        }
        any
    }

    /// Tells the observation of a response that leaves writes to be sent again.
    fn note(&self, answer: &BatchOutcome) {
        let Some(observation) = self.tables[0].handle.observation() else { return };
        match answer {
            BatchOutcome::Processed(left) if left.is_empty() => return,
            BatchOutcome::Processed(left) => observation.left_unprocessed(left.len()),
            BatchOutcome::Failed => {}
            BatchOutcome::Invalid | BatchOutcome::Refused => return,
        }
        if !self.pace.is_over(Instant::now()) {
            observe::retry(BATCH_WRITE_ITEM.name, None);
        }
    }

    /// Takes writes as long as there is room, until there is enough; true if there were any.
    fn take(&mut self, cx: &mut Context<'_>, is_enough: fn(&Queue) -> bool) -> bool {
        let mut any = false;
        while !self.is_all_taken && !self.yields() && self.queue.has_room() && !is_enough(&self.queue) {
            self.taken_at_once += 1;
            match self.ledger.poll_next(cx) {
                Poll::Pending => break,
                Poll::Ready(None) => {
                    self.is_all_taken = true;
                    break;
                }
                Poll::Ready(Some(NextWrite::Yield)) => {
                    self.taken_at_once = TAKEN_AT_ONCE;
                    break;
                }
                Poll::Ready(Some(NextWrite::Refused)) => {}
                Poll::Ready(Some(NextWrite::Write(write))) => self.queue.push(write),
            }
            any = true;
        }
        any
    }

    /// True if the other tasks of the runtime are to have their turn. More writes are there without waiting.
    fn yields(&self) -> bool {
        self.taken_at_once >= TAKEN_AT_ONCE
    }

    /// Sends a request, if one can be sent.
    fn send(&mut self, cx: &mut Context<'_>) -> bool {
        if self.waiting.is_nobody() && !self.set_waiting(cx) {
            return false;
        }
        let Some(Permitted { request: chunk, permits, waited }) = self.waiting.poll(cx) else { return false };
        let now = Instant::now();
        if self.in_flight.len() == 0 {
            self.pace.waited(waited, now);
        }
        self.in_flight.push(request::send(self.tables.clone(), chunk.sent_at(now), permits), cx);
        true
    }

    /// Puts a request together and lets it wait for its units, if there are writes for one and it may be sent.
    fn set_waiting(&mut self, cx: &mut Context<'_>) -> bool {
        if self.in_flight.len() >= self.pace.requests(Instant::now()) || self.pause.is_on(&self.pace, cx) {
            return false;
        }
        // Writes that are fewer than a request takes wait for others, as long as an answer is to come.
        let all = self.is_all_taken || (self.in_flight.len() == 0 && !self.yields());
        let Some(chunk) = self.queue.next(all, Instant::now()) else { return false };
        let permits = request::permits(&self.tables, &chunk);
        self.waiting.set(chunk, permits);
        true
    }
}

impl SettledWrites {
    fn add(&mut self, outcome: WriteOutcome) {
        match outcome {
            WriteOutcome::Written => self.written += 1,
            WriteOutcome::Superseded => {}
            WriteOutcome::NotWritten => self.not_written += 1,
            WriteOutcome::Unknown => self.unknown += 1,
        }
    }

    fn ending(self) -> Ending {
        match self {
            Self { unknown: 1.., .. } => Ending::UNKNOWN,
            Self { not_written: 1.., .. } => Ending::INCOMPLETE,
            _ => Ending::OK,
        }
    }
}
