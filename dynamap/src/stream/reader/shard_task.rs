//! The task that reads one shard and keeps its lease.

mod lease_keeper;
mod shard_outcome;

use super::{
    checkpoint::Checkpoint,
    delivery::Gap,
    lease::Lease,
    lease_store::LeaseStore,
    metrics::ReaderMetrics,
    read_position::{Admission, NextRead, ReadFailure, ReadPosition},
    reader_config::ReaderConfig,
    reader_error::StreamReaderError,
    shard_link::ShardLink,
    shard_stream::{MessageContent, ShardMessage},
    stream_calls::{CallFailure, ReadRecord, StreamCalls},
};
use lease_keeper::LeaseKeeper;
pub(super) use shard_outcome::ShardOutcome;
use std::{future::pending, pin::pin, sync::Arc, time::Duration};
use tokio::{
    sync::{mpsc, watch},
    time::{Instant, sleep},
};

/// The most records of a response (GetRecords).
const MAX_RECORDS: usize = 1000;

/// The part of the poll interval that the first of several responses without records is followed by: one part in this.
const FIRST_POLLS: u32 = 16;

/// The task that reads one shard and keeps its lease.
pub(super) struct ShardTask {
    pub(super) calls: StreamCalls,
    pub(super) store: LeaseStore,
    pub(super) config: Arc<ReaderConfig>,
    pub(super) metrics: ReaderMetrics,
    pub(super) link: Arc<ShardLink>,
    /// True once the reader shuts down.
    pub(super) shutdown: watch::Receiver<bool>,
}

impl ShardTask {
    /// Reads the shard until its end or that of its lease, which was acquired at `acquired_at`.
    pub(super) async fn run(
        self,
        lease: Lease,
        position: ReadPosition,
        messages: mpsc::Sender<ShardMessage>,
        acquired_at: Instant,
    ) -> ShardOutcome {
        let mut keeper = LeaseKeeper::new(
            self.store.clone(),
            self.config.clone(),
            self.link.clone(),
            self.shutdown.clone(),
            lease,
            acquired_at,
        );
        // It ends with the sender, so that the consumer sees the end before it has acknowledged everything.
        let mut reading = pin!(async {
            tokio::select! {
                read = self.read(messages, position) => read,
                () = self.link.drained() => Ok(()),
            }
        });
        let mut keeping = pin!(keeper.keep());
        let outcome = tokio::select! {
            biased;
            outcome = &mut keeping => outcome,
            // Once the shard is read to its end, its lease is kept until all is acknowledged.
            Err(error) = &mut reading => ShardOutcome::Failed(error),
        };
        if let ShardOutcome::Failed(_) = outcome {
            // Nothing keeps the lease any more.
            self.link.lose();
        }
        if let ShardOutcome::Lost = outcome {
            self.link.lose();
            self.metrics.note_lease_lost();
            tracing::warn!(shard = %self.link.shard_id(), worker = %self.store.worker(), "lease lost");
        }
        outcome
    }

    /// Reads records until the end of the shard.
    async fn read(
        &self,
        messages: mpsc::Sender<ShardMessage>,
        mut position: ReadPosition,
    ) -> Result<(), StreamReaderError> {
        let messages = &messages;
        let mut polls = FIRST_POLLS;
        loop {
            let pause = match position.next() {
                NextRead::End => {
                    self.link.track(|tracker| tracker.end());
                    self.link.wake();
                    return Ok(());
                }
                NextRead::Gap => {
                    self.gap(messages, &position, Checkpoint::TrimHorizon).await;
                    position.told_gap();
                    Duration::ZERO
                }
                NextRead::Iterator(of) => match self.calls.iterator(self.link.shard_id(), &of).await {
                    Ok(iterator) => {
                        position.got_iterator(iterator);
                        Duration::ZERO
                    }
                    Err(failure) => self.failed(messages, failure, &mut position).await?,
                },
                NextRead::Records(iterator) => match self.calls.records(&iterator, self.limit()).await {
                    Ok((records, next)) => {
                        polls = if records.is_empty() { (polls / 2).max(1) } else { FIRST_POLLS };
                        let pause = self.config.poll_interval / polls;
                        let is_idle = records.is_empty() && next.is_some();
                        self.deliver(messages, records, &mut position).await;
                        position.got_records(next);
                        if is_idle { pause } else { Duration::ZERO }
                    }
                    Err(failure) => self.failed(messages, failure, &mut position).await?,
                },
            };
            if !pause.is_zero() {
                sleep(pause).await;
            }
        }
    }

    fn limit(&self) -> i32 {
        self.config.buffered.clamp(1, MAX_RECORDS) as i32
    }

    /// Hands records on, as fast as the consumer takes them.
    async fn deliver(
        &self,
        messages: &mpsc::Sender<ShardMessage>,
        records: Vec<ReadRecord>,
        position: &mut ReadPosition,
    ) {
        for read in records {
            let start = position.place().clone();
            let admission = position.admit(&read.number, read.time());
            let next = Checkpoint::After(read.number.clone());
            match admission {
                Admission::PassOver => {
                    // What was read before is behind the checkpoint already.
                    if position.last() == Some(&read.number) {
                        self.link.track(|tracker| tracker.skip(next));
                    }
                    continue;
                }
                Admission::DeliverAfterGap => self.gap(messages, position, Checkpoint::At(read.number)).await,
                // Where the first record is known, the start need not be looked for again.
                Admission::Deliver if matches!(start, Checkpoint::Latest(_)) => {
                    self.link.track(|tracker| tracker.begin_at(Checkpoint::At(read.number)));
                }
                Admission::Deliver => {}
            }
            self.send(messages, next, MessageContent::Record(Box::new(read.record))).await;
        }
    }

    async fn gap(&self, messages: &mpsc::Sender<ShardMessage>, position: &ReadPosition, next: Checkpoint) {
        let (shard_id, after) = (self.link.shard_id().clone(), position.last().cloned());
        tracing::warn!(shard = %shard_id, after = after.as_ref().map(tracing::field::display), "records were trimmed");
        self.send(messages, next, MessageContent::Gap(Gap { shard_id, after })).await;
    }

    async fn send(&self, messages: &mpsc::Sender<ShardMessage>, next: Checkpoint, content: MessageContent) {
        // The ticket is drawn when there is room, in the order of the records.
        let Ok(room) = messages.reserve().await else {
            // The consumer has dropped the stream of the shard, and the keeper ends the task.
            return pending().await;
        };
        let ticket = self.link.track(|tracker| tracker.deliver(next));
        room.send(ShardMessage { ticket, content });
    }

    /// Goes on after a failure. Returns the pause before the next request.
    async fn failed(
        &self,
        messages: &mpsc::Sender<ShardMessage>,
        failure: CallFailure,
        position: &mut ReadPosition,
    ) -> Result<Duration, StreamReaderError> {
        let failure = match failure {
            CallFailure::Read(failure) => failure,
            CallFailure::Invalid(error) if !position.may_be_invalid() => {
                return Err(StreamReaderError::Streams(error));
            }
            CallFailure::Invalid(_) => ReadFailure::InvalidPosition,
            CallFailure::Fatal(error) => return Err(StreamReaderError::Streams(error)),
            CallFailure::NotFound => self.missing().await?,
        };
        self.metrics.note_retry();
        let (is_gap, pause) = position.failed(failure);
        if is_gap {
            let next =
                if failure == ReadFailure::ShardGone { Checkpoint::Gap } else { Checkpoint::TrimHorizon };
            self.gap(messages, position, next).await;
        }
        Ok(pause)
    }

    /// The failure of a shard that was not found: it is gone, or the whole stream is.
    async fn missing(&self) -> Result<ReadFailure, StreamReaderError> {
        match self.calls.list_shards().await {
            Ok(listing) if listing.shards.iter().any(|shard| *shard.id == **self.link.shard_id()) => {
                Ok(ReadFailure::Transient)
            }
            Ok(_) => Ok(ReadFailure::ShardGone),
            Err(error) if error.is_transient() => Ok(ReadFailure::Transient),
            Err(error) => Err(error),
        }
    }
}
