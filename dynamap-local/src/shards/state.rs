use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::Value;

use super::answer::ModelTime;
use super::error::ShardModelError;
use super::log::{LoggedShardEvent, ShardEvent};
use super::moment::Moment;
use super::plan::ShardPlan;
use super::record;
use super::shard::StoredRecord;
use super::stream::{AboutStream, StreamState};
use crate::streams::sequence;

/// The shards of all streams, and what happens to them. It has no clock: each call is told the time.
pub(super) struct ModelState {
    pub(super) plan: ShardPlan,
    pub(super) stopped: bool,
    pub(super) log: Vec<LoggedShardEvent>,
    streams: Vec<StreamState>,
    shards_so_far: u64,
    generation: u64,
    /// The time of the epoch at the model's zero, in seconds.
    begun: f64,
}

/// The record's place, once it is in a stream.
pub(super) struct Place {
    pub(super) shard: String,
    pub(super) sequence: u128,
}

impl ModelState {
    pub(super) fn new(plan: ShardPlan) -> Self {
        let begun = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
        let (log, streams) = (Vec::new(), Vec::new());
        Self { plan, stopped: false, log, streams, shards_so_far: 0, generation: 0, begun }
    }

    /// The streams, and apart from them all that their changes need.
    pub(super) fn parts(&mut self, now: Duration) -> (&mut Vec<StreamState>, Moment<'_>) {
        let Self { plan, log, shards_so_far, streams, .. } = self;
        (streams, Moment { now, plan, log, shards_so_far })
    }

    pub(super) fn streams(&self) -> &[StreamState] {
        &self.streams
    }

    pub(super) fn stream(&self, arn: &str) -> Option<&StreamState> {
        self.streams.iter().find(|stream| stream.about.arn == arn)
    }

    pub(super) fn time(&self, now: Duration) -> ModelTime {
        let (iterator_life, generation) = (self.plan.iterator_life, self.generation);
        ModelTime { now, epoch: self.epoch(now), iterator_life, generation }
    }

    fn epoch(&self, now: Duration) -> f64 {
        self.begun + now.as_secs_f64()
    }

    pub(super) fn add(&mut self, about: AboutStream, first_sequence: u128, now: Duration) {
        let (streams, mut moment) = self.parts(now);
        let stream = StreamState::new(about, first_sequence, &mut moment);
        streams.push(stream);
    }

    pub(super) fn delete(&mut self, arn: &str, now: Duration) {
        let (streams, mut moment) = self.parts(now);
        let before = streams.len();
        streams.retain(|stream| stream.about.arn != arn);
        if streams.len() < before {
            moment.log(ShardEvent::Deleted { stream: arn.to_owned() });
        }
    }

    pub(super) fn expire_iterators(&mut self, now: Duration) {
        self.generation += 1;
        self.parts(now).1.log(ShardEvent::IteratorsExpired);
    }

    pub(super) fn advance(&mut self, now: Duration) {
        let rolls_over = !self.stopped;
        let (streams, mut moment) = self.parts(now);
        streams.iter_mut().for_each(|stream| stream.advance(rolls_over, &mut moment));
    }

    /// Puts a record into the stream. `number` is the lowest that it may get.
    pub(super) fn put(
        &mut self,
        arn: &str,
        mut record: Value,
        number: u128,
        now: Duration,
    ) -> Result<Place, ShardModelError> {
        let seconds = self.epoch(now);
        let stream = self.streams.iter_mut().find(|stream| stream.about.arn == arn);
        let stream = stream.ok_or_else(|| ShardModelError::UnknownStream(arn.to_owned()))?;
        if !stream.is_enabled {
            return Err(ShardModelError::DisabledStream(arn.to_owned()));
        }
        let sequence = stream.next_sequence(number);
        record::identify(&mut record, arn, sequence);
        record::complete(&mut record, &stream.about.view, &sequence::text(sequence), seconds);
        let seconds = record["dynamodb"]["ApproximateCreationDateTime"].as_f64().unwrap_or(seconds);
        let hash = record::hash(&record, stream.about.partition_key());
        let record = StoredRecord { sequence, arrived: now, seconds, json: record.to_string() };
        let shard =
            stream.push(hash, record).ok_or_else(|| ShardModelError::DisabledStream(arn.to_owned()))?;
        Ok(Place { shard: shard.to_owned(), sequence })
    }
}
