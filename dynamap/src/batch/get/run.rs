//! Drives the requests of a batch get: sends them, asks again for what was not processed, and waits.

use super::{
    asked::Asked,
    fetched::Unread,
    reader::{BatchReader, Outcome, Read},
};
use crate::{
    batch::{
        in_flight::InFlight,
        pace::{PATIENCE, Pace, Pause},
        waiting::{Permitted, Waiting},
    },
    budget::{Cost, Forecast, Form, Processed},
    capacity::{ReadConsistency, read_units},
    direct::BATCH_GET_ITEM,
    entity::{Item, key_attributes},
    error::{DecodeError, ServiceError, ServiceErrorKind},
    op::{
        Handle,
        metering::Permit,
        received, send,
        standing::{FoundBy, ReadItems},
    },
    schema::TableSchema,
};
use aws_sdk_dynamodb::{
    operation::batch_get_item::builders::BatchGetItemFluentBuilder, types::KeysAndAttributes,
};
use std::{
    collections::{HashSet, VecDeque},
    marker::PhantomData,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};
use tokio::time::Instant;

/// DynamoDB: the most keys of a request.
pub(super) const MAX_KEYS: usize = 100;

/// How the requests of a batch get read.
#[derive(Debug, Clone)]
pub struct Reading {
    pub(super) handle: Handle,
    pub(super) consistent_read: bool,
    pub(super) include_expired: bool,
    pub(super) concurrency: usize,
    pub(super) patience: Duration,
}

/// How many requests are on their way at once unless the caller says otherwise.
const CONCURRENCY: usize = 8;

impl Reading {
    pub(super) fn new(handle: Handle, consistent_read: bool, include_expired: bool) -> Self {
        Self { handle, consistent_read, include_expired, concurrency: CONCURRENCY, patience: PATIENCE }
    }

    pub(super) fn request(&self, keys: Vec<Item>) -> BatchGetItemFluentBuilder {
        let keys = KeysAndAttributes::builder()
            .set_keys(Some(keys))
            .set_consistent_read(self.consistent_read.then_some(true));
        let request = self.handle.client.batch_get_item();
        let request = request.set_return_consumed_capacity(self.handle.returned_capacity());
        match keys.build() {
            Ok(keys) => request.request_items(&*self.handle.table, keys),
            Err(_) => unreachable!("`set_keys` gave the only member that is required"),
        }
    }

    /// What reading so many keys is likely to cost.
    fn forecast(&self, entity: &'static str, keys: usize) -> Forecast {
        let consistent = self.consistent_read;
        let consistency = if consistent { ReadConsistency::Strong } else { ReadConsistency::Eventual };
        let form = Form { operation: "BatchGetItem", entity, index: None, consistent };
        let cost = Cost::Average(read_units(1, consistency));
        Forecast { form, writes: false, index: None, cost, items: keys }
    }
}

/// What is at each place, or why nobody knows.
pub(super) type Results<O> = Vec<Result<Outcome<O>, Unread>>;

/// A batch on its way.
pub(super) struct Run<S, O> {
    reading: Reading,
    asked: Arc<Asked<O>>,
    pending: VecDeque<Item>,
    results: Vec<Option<Result<Outcome<O>, Unread>>>,
    pace: Pace,
    waiting: Waiting<Vec<Item>>,
    in_flight: InFlight<Sent<O>>,
    pause: Pause,
    of: PhantomData<fn() -> S>,
}

/// What a request came to.
struct Sent<O> {
    keys: Vec<Item>,
    sent: Instant,
    /// What it found, and the keys that were not processed.
    answer: Result<(Read<O>, Vec<Item>), Failure>,
}

impl<S: TableSchema, O: Send + 'static> Run<S, O> {
    pub(super) fn new(reading: Reading, mut asked: Asked<O>) -> Self {
        let pending = asked.take_distinct().into();
        let results = (0..asked.len()).map(|_| None).collect();
        let (asked, pace) = (Arc::new(asked), Pace::new(reading.patience));
        let (waiting, in_flight) = (Waiting::nobody(), InFlight::new());
        let (pause, of) = (Pause::default(), PhantomData);
        Self { reading, asked, pending, results, pace, waiting, in_flight, pause, of }
    }

    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Results<O>> {
        loop {
            for sent in self.in_flight.poll(cx) {
                self.settle(sent, Instant::now());
            }
            let sent = self.send(cx);
            if self.pending.is_empty() && self.waiting.is_nobody() && self.in_flight.len() == 0 {
                // DynamoDB: a key without an item is left out of the answer.
                let absent = || Ok(Outcome::Absent(super::Absence::NotFound));
                let results = std::mem::take(&mut self.results).into_iter();
                return Poll::Ready(results.map(|result| result.unwrap_or_else(absent)).collect());
            }
            if !sent {
                return Poll::Pending;
            }
        }
    }

    fn settle(&mut self, Sent { keys, sent, answer }: Sent<O>, now: Instant) {
        let asked = self.asked.clone();
        let places = |key: &Item| asked.places.get(&key_attributes::<S>(key));
        let count = keys.len();
        let (left, reason, is_answered) = match answer {
            Ok((read, unprocessed)) => {
                for (place, outcome) in read {
                    self.put(place, Ok(outcome));
                }
                let unprocessed: HashSet<usize> = unprocessed.iter().flat_map(places).copied().collect();
                let is_left = |key: &Item| places(key).iter().any(|place| unprocessed.contains(place));
                let left = keys.into_iter().filter(is_left).collect();
                (left, Unread::Unprocessed, true)
            }
            Err(Failure::Decode(error)) => (keys, Unread::Decode(error), true),
            Err(Failure::Service(error)) => (keys, Unread::Failed(Arc::new(error)), false),
        };
        let again = match &reason {
            Unread::Unprocessed => true,
            Unread::Failed(error) => {
                error.kind() == ServiceErrorKind::Throttled || error.kind().is_ambiguous()
            }
            Unread::Decode(_) => false,
        };
        self.pace.note(is_answered && left.len() < count, again && !left.is_empty(), sent, now);
        for key in left {
            if again && !self.pace.is_over(now) {
                self.pending.push_back(key);
                continue;
            }
            for place in places(&key) {
                self.put(*place, Err(reason.clone()));
            }
        }
    }

    fn put(&mut self, place: usize, result: Result<Outcome<O>, Unread>) {
        if let Some(at) = self.results.get_mut(place) {
            *at = Some(result);
        }
    }

    /// Sends what can be sent; true if there was anything.
    fn send(&mut self, cx: &mut Context<'_>) -> bool {
        let mut any = false;
        loop {
            if let Some(Permitted { request: keys, permit, waited }) = self.waiting.poll(cx) {
                if self.in_flight.len() == 0 {
                    self.pace.waited(waited, Instant::now());
                }
                let (reading, asked) = (self.reading.clone(), self.asked.clone());
                self.in_flight.push(send_one::<S, O>(reading, asked, keys, permit));
                any = true;
            }
            if self.pending.is_empty()
                || !self.waiting.is_nobody()
                || self.in_flight.len() >= self.reading.concurrency
                || self.pause.is_on(&self.pace, cx)
            {
                return any;
            }
            let keys: Vec<Item> = self.pending.drain(..self.pending.len().min(MAX_KEYS)).collect();
            let (reading, entity) = (&self.reading, self.asked.entity());
            self.waiting.set(&reading.handle, keys, |keys| reading.forecast(entity, keys.len()));
        }
    }
}

enum Failure {
    Service(ServiceError),
    Decode(DecodeError),
}

/// Sends a request. Every request of a batch get passes here, and its answer.
async fn send_one<S: TableSchema, O: Send + 'static>(
    reading: Reading,
    asked: Arc<Asked<O>>,
    keys: Vec<Item>,
    permit: Permit,
) -> Sent<O> {
    let sent = Instant::now();
    let answer = ask::<S, O>(&reading, asked, keys.clone(), permit).await;
    Sent { keys, sent, answer }
}

async fn ask<S: TableSchema, O: Send + 'static>(
    reading: &Reading,
    asked: Arc<Asked<O>>,
    keys: Vec<Item>,
    permit: Permit,
) -> Result<(Read<O>, Vec<Item>), Failure> {
    let Reading { handle, include_expired, .. } = reading;
    let items =
        ReadItems { found_by: FoundBy::Key, include_expired: *include_expired, now: handle.now::<S>() };
    let reader = || BatchReader::<S, O>::new(items, asked.clone());
    let exchange = handle.exchange(&BATCH_GET_ITEM, reader);
    let count = keys.len();
    let sent = send!(handle, reading.request(keys), exchange);
    let trail = exchange.as_ref().map(|exchange| exchange.trail());
    let output = match sent {
        Ok(output) => output,
        Err(error) => {
            let error = handle.error("BatchGetItem", error);
            permit.refused(&error, trail);
            return Err(Failure::Service(error));
        }
    };
    let unprocessed = output.unprocessed_keys.iter().flat_map(|tables| tables.values());
    let processed = count.saturating_sub(unprocessed.map(|keys| keys.keys.len()).sum());
    permit.answered(output.consumed_capacity(), false, Processed::items(processed), trail);
    let items = output.responses.unwrap_or_default().into_values().flatten();
    let read = received(exchange, BatchReader::take).map_err(Failure::Decode)?;
    let read = read.or_read(|| reader().read_values(items)).map_err(Failure::Decode)?;
    let unprocessed = output.unprocessed_keys.unwrap_or_default();
    Ok((read, unprocessed.into_values().flat_map(|keys| keys.keys).collect()))
}
