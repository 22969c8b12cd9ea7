//! Drives the requests of a batch get: sends them, requests unprocessed keys again, and waits (exponential backoff).

use super::{
    absence::Absence,
    fetched::Unread,
    outcome::KeyOutcome,
    progress::BatchGetProgress,
    reader::{BatchReader, Read, not_asked_for},
    reading::{BatchGetSettings, MAX_KEYS},
    requested_keys::{ProjectionMembers, RequestedKeys},
};
use crate::{
    batch::{
        in_flight::InFlightRequests,
        permit_slot::{PermitSlot, Permitted},
    },
    budget::Processed,
    call::{
        item_status::{FoundBy, ReadFilter},
        metering::Permits,
        retry::{Pause, RetryPacer},
        send,
    },
    direct::{self, BATCH_GET_ITEM, Mapping},
    entity::{Item, KeyBytes},
    error::{DecodeError, ServiceError},
    outcome::Result,
    schema::{TableSchema, is_same_table},
};
use aws_sdk_dynamodb::operation::batch_get_item::builders::BatchGetItemFluentBuilder;
use std::{
    collections::{HashMap, HashSet, VecDeque},
    marker::PhantomData,
    sync::Arc,
    task::{Context, Poll},
};
use tokio::time::Instant;

/// The result at each position: found, absent, or not read.
pub(super) type KeyOutcomes<O> = Vec<Result<KeyOutcome<O>, Unread>>;

/// A batch that is being run.
pub(super) struct BatchGetRun<S, O> {
    reading: BatchGetSettings,
    asked: Arc<RequestedKeys<O>>,
    attributes: Option<Arc<ProjectionMembers>>,
    /// The positions of the keys that are to be asked for.
    pending: VecDeque<usize>,
    results: Vec<Option<Result<KeyOutcome<O>, Unread>>>,
    progress: BatchGetProgress,
    pace: RetryPacer,
    waiting: PermitSlot<Vec<usize>>,
    in_flight: InFlightRequests<CompletedGet<O>>,
    pause: Pause,
    of: PhantomData<fn() -> S>,
}

/// The result of a request.
struct CompletedGet<O> {
    /// The positions of its keys.
    keys: Vec<usize>,
    sent: Instant,
    /// The items that it found, and the keys that were not processed.
    answer: Result<(Read<O>, HashSet<usize>), RequestFailure>,
}

impl<S: TableSchema, O: Send + 'static> BatchGetRun<S, O> {
    pub(super) fn new(reading: BatchGetSettings, asked: RequestedKeys<O>) -> Result<Self> {
        let attributes = asked.attributes::<S>()?.map(Arc::new);
        let pending = (0..asked.distinct()).collect();
        let results = (0..asked.places()).map(|_| None).collect();
        let progress = BatchGetProgress { keys: asked.distinct() as u64, ..BatchGetProgress::default() };
        let (asked, pace) = (Arc::new(asked), RetryPacer::new(reading.options.retry_timeout));
        let (waiting, in_flight) = (PermitSlot::nobody(), InFlightRequests::new());
        let (pause, of) = (Pause::new(reading.handle.timer()), PhantomData);
        Ok(Self {
            reading,
            asked,
            attributes,
            pending,
            results,
            progress,
            pace,
            waiting,
            in_flight,
            pause,
            of,
        })
    }

    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<KeyOutcomes<O>> {
        self.in_flight.poll(cx);
        loop {
            for sent in self.in_flight.take_answers() {
                self.settle(sent, Instant::now());
                self.reading.on_progress.tell(&self.progress);
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
        let count = keys.len();
        self.progress.requests += 1;
        let (left, reason, is_answered) = match answer {
            Ok((read, unprocessed)) => {
                for (place, outcome) in read {
                    self.put(place, Ok(outcome));
                }
                let left = match unprocessed.is_empty() {
                    true => Vec::new(),
                    false => keys.into_iter().filter(|key| unprocessed.contains(key)).collect(),
                };
                (left, Unread::Unprocessed, true)
            }
            Err(RequestFailure::Decode(error)) => (keys, Unread::Decode(error), true),
            Err(RequestFailure::Service(error)) => (keys, Unread::Failed(Arc::new(error)), false),
        };
        let again = match &reason {
            Unread::Unprocessed => true,
            Unread::Failed(error) => direct::passes(error.kind()) || error.kind().is_ambiguous(),
            Unread::Decode(_) => false,
        };
        self.pace.note(is_answered && left.len() < count, again && !left.is_empty(), sent, now);
        self.progress.done += (count - left.len()) as u64;
        if again && !self.pace.is_over(now) {
            self.pending.extend(left);
            return;
        }
        self.progress.done += left.len() as u64;
        self.progress.given_up += left.len() as u64;
        let asked = self.asked.clone();
        for place in left.into_iter().flat_map(|key| asked.places_of(key)) {
            self.put(place, Err(reason.clone()));
        }
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
        let reading = BatchGetSettings { handle: self.reading.handle.for_call(), ..self.reading.clone() };
        let asked = self.asked.clone();
        let asking = Asking { reading, asked, attributes: self.attributes.clone() };
        self.in_flight.push(asking.send::<S>(keys, permits), cx);
        true
    }

    /// Puts a request together and lets it wait for its units, if there are keys for one and it may be sent.
    fn set_waiting(&mut self, cx: &mut Context<'_>) -> bool {
        if self.pending.is_empty()
            || self.in_flight.len() >= self.reading.options.concurrency
            || self.pause.is_on(&self.pace, cx)
        {
            return false;
        }
        let keys: Vec<usize> = self.pending.drain(..self.pending.len().min(MAX_KEYS)).collect();
        let (reading, entity) = (&self.reading, self.asked.entity());
        let permits = reading.handle.permits(|| reading.forecast(entity, keys.len()));
        self.waiting.set(keys, permits);
        true
    }
}

enum RequestFailure {
    Service(ServiceError),
    Decode(DecodeError),
}

/// The parts of a batch that a request needs.
struct Asking<O> {
    reading: BatchGetSettings,
    asked: Arc<RequestedKeys<O>>,
    attributes: Option<Arc<ProjectionMembers>>,
}

impl<O: Send + 'static> Asking<O> {
    /// Sends a request. Every request of a batch get passes here, and its answer.
    async fn send<S: TableSchema>(self, keys: Vec<usize>, permits: Permits) -> CompletedGet<O> {
        let sent = Instant::now();
        let answer = self.ask::<S>(&keys, permits).await;
        CompletedGet { keys, sent, answer }
    }

    async fn ask<S: TableSchema>(
        &self,
        keys: &[usize],
        permits: Permits,
    ) -> Result<(Read<O>, HashSet<usize>), RequestFailure> {
        let BatchGetSettings { handle, include_expired, .. } = &self.reading;
        let items =
            ReadFilter { found_by: FoundBy::Key, include_expired: *include_expired, now: handle.now::<S>() };
        let reader = || BatchReader::<S, O>::new(items, self.asked.clone(), handle.table.clone(), keys.len());
        let members = match handle.mapping {
            Mapping::Direct => self.members(keys),
            Mapping::AttributeValue => Vec::new(),
        };
        let exchange = handle.exchange_with(&BATCH_GET_ITEM, members, reader());
        let sent = match handle.mapping {
            Mapping::Direct => {
                direct::read_batch(|whole| self.request(keys, whole), &exchange, &handle.client_mode).await
            }
            Mapping::AttributeValue => send!(handle, self.request(keys, true), exchange),
        };
        let output = match sent {
            Ok(output) => output,
            Err(error) => {
                let error = handle.error(&exchange, error);
                permits.refused(&exchange, &error);
                return Err(RequestFailure::Service(error));
            }
        };
        let unprocessed = output.unprocessed_keys.iter().flat_map(HashMap::values);
        let processed = keys.len().saturating_sub(unprocessed.map(|keys| keys.keys.len()).sum());
        permits.answered(&exchange, output.consumed_capacity(), |_| Processed::items(processed));
        let responses = output.responses.unwrap_or_default();
        let unprocessed = output.unprocessed_keys.unwrap_or_default();
        let mut tables = responses.keys().chain(unprocessed.keys());
        if !tables.all(|named| is_same_table(&handle.table, named)) {
            return Err(RequestFailure::Decode(not_asked_for()));
        }
        let items = responses.into_values().flatten();
        let read = exchange.finish(BatchReader::take).map_err(RequestFailure::Decode)?;
        let read = read.or_read(|| reader().read_values(items)).map_err(RequestFailure::Decode)?;
        let unprocessed = unprocessed.into_values().flat_map(|keys| keys.keys);
        Ok((
            read,
            self.positions::<S>(unprocessed).ok_or_else(not_asked_for).map_err(RequestFailure::Decode)?,
        ))
    }

    /// The member of a request with these keys.
    fn members(&self, keys: &[usize]) -> Vec<u8> {
        let json = keys.iter().map(|key| self.asked.json(*key));
        self.reading.request_items(json, self.attributes.as_deref())
    }

    /// The SDK's builder, with these keys or without any, if they are written into it.
    fn request(&self, keys: &[usize], whole: bool) -> BatchGetItemFluentBuilder {
        let (keys, attributes) = match whole {
            true => {
                (keys.iter().map(|key| self.asked.item(*key)).collect(), self.attributes.as_deref().cloned())
            }
            false => (Vec::new(), None),
        };
        self.reading.request(self.reading.keys_and_attributes(keys, attributes))
    }

    /// The positions of the keys that were not processed; `None` if one of them was not asked for.
    fn positions<S: TableSchema>(&self, keys: impl Iterator<Item = Item>) -> Option<HashSet<usize>> {
        let mut bytes = KeyBytes::default();
        keys.map(|key| bytes.set_item::<S>(&key).and_then(|()| self.asked.position(&bytes))).collect()
    }
}
