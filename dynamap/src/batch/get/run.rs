//! Drives the requests of a batch get: sends them, requests unprocessed keys again, and waits (exponential backoff).

use super::{
    absence::Absence,
    fetched::Unread,
    outcome::KeyOutcome,
    parts::{GetParts, RequestKeys},
    progress::{BatchGetProgress, OnBatchGetProgress},
    request::{self, CompletedGet, RequestFailure},
};
use crate::{
    batch::permit_slot::{PermitSlot, Permitted},
    call::{
        BatchOptions, InFlightRequests,
        retry::{Pause, RetryPacer},
    },
    direct::{self, BATCH_GET_ITEM},
    error::ServiceErrorKind,
    observe::{self, Ending, Failed, Observation, Observing},
};
use std::{
    collections::VecDeque,
    future::poll_fn,
    sync::Arc,
    task::{Context, Poll},
};
use tokio::time::Instant;
use tracing::Instrument;

/// The result at each position: found, absent, or not read.
pub(super) type KeyOutcomes<O> = Vec<Result<KeyOutcome<O>, Unread>>;

/// The results of a part, from the first place on.
pub(super) type Outcomes<O> = std::vec::IntoIter<Result<KeyOutcome<O>, Unread>>;

/// A batch that is being run.
pub(super) struct BatchGetRun<O> {
    parts: Arc<GetParts<O>>,
    options: BatchOptions,
    on_progress: OnBatchGetProgress,
    /// The keys that are to be asked for, by their part and their position there.
    pending: VecDeque<(usize, usize)>,
    /// True of each part whose keys go in requests of their own: a request that had others as well failed, for one of its
    /// tables.
    is_apart: Vec<bool>,
    results: Vec<Option<Result<KeyOutcome<O>, Unread>>>,
    progress: BatchGetProgress,
    pace: RetryPacer,
    waiting: PermitSlot<RequestKeys>,
    in_flight: InFlightRequests<CompletedGet<O>>,
    pause: Pause,
    observing: Observing,
}

impl<O: Send + 'static> BatchGetRun<O> {
    /// A run of these parts, of which there is one at least.
    pub(super) fn new(
        mut parts: GetParts<O>,
        options: BatchOptions,
        on_progress: OnBatchGetProgress,
    ) -> Self {
        let observing = parts.observe();
        let pending = parts.keys();
        let results = (0..parts.places()).map(|_| None).collect();
        if let Some(observation) = observing.observation() {
            observation.requests_items(pending.len());
        }
        let progress = BatchGetProgress { keys: pending.len() as u64, ..BatchGetProgress::default() };
        Self {
            options,
            on_progress,
            is_apart: vec![false; parts.all().len()],
            pending,
            results,
            progress,
            pace: RetryPacer::new(options.retry_timeout),
            waiting: PermitSlot::nobody(),
            in_flight: InFlightRequests::new(),
            pause: Pause::new(parts.all()[0].handle.timer()),
            parts: Arc::new(parts),
            observing,
        }
    }

    /// Runs to the end, as one operation.
    pub(super) async fn run(mut self) -> KeyOutcomes<O> {
        let mut observing = std::mem::replace(&mut self.observing, Observing::none());
        let outcomes = poll_fn(|cx| self.poll(cx)).instrument(observing.span()).await;
        observing.count_items(
            outcomes.iter().filter(|outcome| matches!(outcome, Ok(KeyOutcome::Found(_)))).count(),
        );
        observing.end(&ending(&outcomes));
        outcomes
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<KeyOutcomes<O>> {
        self.in_flight.poll(cx);
        loop {
            for sent in self.in_flight.take_answers() {
                self.settle(sent, Instant::now());
                self.on_progress.tell(&self.progress);
            }
            let mut sent = false;
            while self.send(cx) {
                sent = true;
            }
            if self.pending.is_empty() && self.waiting.is_nobody() && self.in_flight.len() == 0 {
                // DynamoDB: a key without an item is left out of the answer.
                let absent = || Ok(KeyOutcome::Absent(Absence::NotFound));
                let results = std::mem::take(&mut self.results).into_iter();
                return Poll::Ready(results.map(|result| result.unwrap_or_else(absent)).collect());
            }
            if !sent {
                return Poll::Pending;
            }
        }
    }

    fn settle(&mut self, CompletedGet { keys, sent, answer }: CompletedGet<O>, now: Instant) {
        let count = keys.iter().map(|of| of.keys.len()).sum::<usize>();
        self.progress.requests += 1;
        let (left, reason, is_answered) = match answer {
            Ok((read, unprocessed)) => {
                for (place, outcome) in read {
                    self.put(place, Ok(outcome));
                }
                if let [only] = &*keys {
                    self.is_apart[only.part] = false;
                }
                let left = match unprocessed.is_empty() {
                    true => Vec::new(),
                    false => each_key(keys).filter(|key| unprocessed.contains(key)).collect(),
                };
                (left, Unread::Unprocessed, true)
            }
            Err(failure) if keys.len() > 1 && failure.is_of_a_table() => {
                keys.iter().for_each(|of| self.is_apart[of.part] = true);
                self.pending.extend(each_key(keys));
                return;
            }
            Err(RequestFailure::Decode(error)) => (each_key(keys).collect(), Unread::Decode(error), true),
            Err(RequestFailure::Service(error)) => {
                (each_key(keys).collect(), Unread::Failed(Arc::new(error)), false)
            }
        };
        if let (Some(observation), true) = (self.observing_of_parts(), is_answered) {
            observation.left_unprocessed(left.len());
        }
        let again = match &reason {
            Unread::Unprocessed => true,
            Unread::Failed(error) => may_pass(error.kind()),
            Unread::Decode(_) => false,
        };
        self.pace.note(is_answered && left.len() < count, again && !left.is_empty(), sent, now);
        self.progress.done += (count - left.len()) as u64;
        if again && !self.pace.is_over(now) {
            if !left.is_empty() {
                observe::retry(BATCH_GET_ITEM.name, None);
            }
            self.pending.extend(left);
            return;
        }
        self.progress.done += left.len() as u64;
        self.progress.given_up += left.len() as u64;
        let parts = self.parts.clone();
        for (part, key) in left {
            let part = &parts.all()[part];
            for place in part.asked.places_of(key) {
                self.put(part.first_place + place, Err(reason.clone()));
            }
        }
    }

    fn observing_of_parts(&self) -> Option<&Observation> {
        self.parts.all()[0].handle.observation()
    }

    fn put(&mut self, place: usize, result: Result<KeyOutcome<O>, Unread>) {
        if let Some(at) = self.results.get_mut(place) {
            *at = Some(result);
        }
    }

    /// Sends a request, if one can be sent.
    fn send(&mut self, cx: &mut Context<'_>) -> bool {
        if self.waiting.is_nobody() && !self.set_waiting(cx) {
            return false;
        }
        let Some(Permitted { request: keys, permits, waited }) = self.waiting.poll(cx) else { return false };
        if self.in_flight.len() == 0 {
            self.pace.waited(waited, Instant::now());
        }
        self.in_flight.push(request::send(self.parts.clone(), keys, permits), cx);
        true
    }

    /// Puts a request together and lets it wait for its units, if there are keys for one and it may be sent.
    fn set_waiting(&mut self, cx: &mut Context<'_>) -> bool {
        if self.pending.is_empty()
            || self.in_flight.len() >= self.options.concurrency
            || self.pause.is_on(&self.pace, cx)
        {
            return false;
        }
        let keys = self.parts.next(&mut self.pending, &self.is_apart);
        let permits = request::permits(&self.parts, &keys);
        self.waiting.set(keys, permits);
        true
    }
}

/// Each key of a request, by its part and its position there.
fn each_key(keys: RequestKeys) -> impl Iterator<Item = (usize, usize)> {
    keys.into_iter().flat_map(|of| of.keys.into_iter().map(move |key| (of.part, key)))
}

/// The end of a batch, by the first key that was not read.
fn ending<O>(outcomes: &KeyOutcomes<O>) -> Ending {
    match outcomes.iter().find_map(|outcome| outcome.as_ref().err()) {
        None => Ending::OK,
        Some(Unread::Failed(error)) => error.ending(),
        Some(Unread::Unprocessed) => Ending::THROTTLED,
        Some(Unread::Decode(_)) => Ending::DECODE,
    }
}

/// True if the same request may succeed later.
fn may_pass(kind: ServiceErrorKind) -> bool {
    direct::passes(kind) || kind.is_ambiguous()
}

impl RequestFailure {
    /// True if DynamoDB refused the request, which may be for one of its tables.
    fn is_of_a_table(&self) -> bool {
        matches!(self, Self::Service(error) if !may_pass(error.kind()))
    }
}
