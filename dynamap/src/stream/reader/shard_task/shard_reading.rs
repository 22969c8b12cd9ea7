//! The reading of one shard, from its position to its end.

use super::super::{
    checkpoint::Checkpoint,
    delivery::Gap,
    metrics::ReaderMetrics,
    read_position::{Admission, NextRead, ReadFailure, ReadPosition},
    reader_config::ReaderConfig,
    reader_error::StreamReaderError,
    shard_link::ShardLink,
    shard_stream::{MessageContent, ShardMessage},
    stream_calls::{CallFailure, ReadRecord, StreamCalls},
};
use std::{future::pending, sync::Arc, time::Duration};
use tokio::{sync::mpsc, time::sleep};

/// The most records of a response (GetRecords).
const MAX_RECORDS: usize = 1000;

/// The part of the poll interval that the first of several responses without records is followed by: one part in this.
const FIRST_POLLS: u32 = 16;

/// The reading of one shard. The stream of the shard ends with it.
pub(in crate::stream::reader) struct ShardReading {
    pub(in crate::stream::reader) calls: StreamCalls,
    pub(in crate::stream::reader) config: Arc<ReaderConfig>,
    pub(in crate::stream::reader) metrics: ReaderMetrics,
    pub(in crate::stream::reader) link: Arc<ShardLink>,
    pub(in crate::stream::reader) messages: mpsc::Sender<ShardMessage>,
    pub(in crate::stream::reader) position: ReadPosition,
}

impl ShardReading {
    /// Reads until the end of the shard, or until nothing more is handed out. The consumer sees that end before it has
    /// acknowledged everything.
    pub(super) async fn run(mut self) -> Result<(), StreamReaderError> {
        let link = self.link.clone();
        tokio::select! {
            biased;
            read = self.read() => read,
            () = link.drained() => Ok(()),
        }
    }

    /// Reads records until the end of the shard.
    async fn read(&mut self) -> Result<(), StreamReaderError> {
        let mut polls = FIRST_POLLS;
        loop {
            let pause = match self.position.next() {
                NextRead::End => {
                    self.link.track(|tracker| tracker.end());
                    self.link.wake();
                    return Ok(());
                }
                NextRead::Gap => {
                    self.gap(Checkpoint::TrimHorizon).await;
                    self.position.told_gap();
                    Duration::ZERO
                }
                NextRead::Iterator(of) => match self.calls.iterator(self.link.shard_id(), &of).await {
                    Ok(iterator) => {
                        self.position.got_iterator(iterator);
                        Duration::ZERO
                    }
                    Err(failure) => self.failed(failure).await?,
                },
                NextRead::Records(iterator) => match self.calls.records(&iterator, self.limit()).await {
                    Ok((records, next)) => {
                        polls = if records.is_empty() { (polls / 2).max(1) } else { FIRST_POLLS };
                        let pause = self.config.poll_interval / polls;
                        let is_idle = records.is_empty() && next.is_some();
                        self.deliver(records).await;
                        self.position.got_records(next);
                        if is_idle { pause } else { Duration::ZERO }
                    }
                    Err(failure) => self.failed(failure).await?,
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
    async fn deliver(&mut self, records: Vec<ReadRecord>) {
        for read in records {
            let start = self.position.place().clone();
            let admission = self.position.admit(&read.number, read.time());
            let next = Checkpoint::After(read.number.clone());
            match admission {
                Admission::PassOver => {
                    // What was read before is behind the checkpoint already.
                    if self.position.last() == Some(&read.number) {
                        self.link.track(|tracker| tracker.skip(next));
                    }
                    continue;
                }
                Admission::DeliverAfterGap => self.gap(Checkpoint::At(read.number)).await,
                // Where the first record is known, the start need not be looked for again.
                Admission::Deliver if matches!(start, Checkpoint::Latest(_)) => {
                    self.link.track(|tracker| tracker.begin_at(Checkpoint::At(read.number)));
                }
                Admission::Deliver => {}
            }
            self.send(next, MessageContent::Record(Box::new(read.record))).await;
        }
    }

    async fn gap(&self, next: Checkpoint) {
        let (shard_id, after) = (self.link.shard_id().clone(), self.position.last().cloned());
        tracing::warn!(shard = %shard_id, after = after.as_ref().map(tracing::field::display), "records were trimmed");
        self.send(next, MessageContent::Gap(Gap { shard_id, after })).await;
    }

    async fn send(&self, next: Checkpoint, content: MessageContent) {
        // The ticket is drawn when there is room, in the order of the records.
        let Ok(room) = self.messages.reserve().await else {
            // The consumer has dropped the stream of the shard, and the keeper ends the task.
            return pending().await;
        };
        let ticket = self.link.track(|tracker| tracker.deliver(next));
        room.send(ShardMessage { ticket, content });
    }

    /// Goes on after a failure. Returns the pause before the next request.
    async fn failed(&mut self, failure: CallFailure) -> Result<Duration, StreamReaderError> {
        let failure = match failure {
            CallFailure::Read(failure) => failure,
            CallFailure::Invalid(error) if !self.position.may_be_invalid() => {
                return Err(StreamReaderError::Streams(error));
            }
            CallFailure::Invalid(_) => ReadFailure::InvalidPosition,
            CallFailure::Fatal(error) => return Err(StreamReaderError::Streams(error)),
            CallFailure::NotFound => self.missing().await?,
        };
        self.metrics.note_retry();
        let (is_gap, pause) = self.position.failed(failure);
        if is_gap {
            let next =
                if failure == ReadFailure::ShardGone { Checkpoint::Gap } else { Checkpoint::TrimHorizon };
            self.gap(next).await;
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
