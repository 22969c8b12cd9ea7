//! The task of a worker: it finds shards, acquires their leases, and starts a task for each.

mod turn;

use super::{
    checkpoint::Checkpoint,
    lease::Lease,
    lease_board::LeaseBoard,
    lease_store::LeaseStore,
    metrics::ReaderMetrics,
    read_position::{MAX_AGE_OF_LATEST, MAX_AGE_OF_START, ReadPosition},
    reader_config::ReaderConfig,
    reader_error::StreamReaderError,
    shard_graph::ShardGraph,
    shard_link::ShardLink,
    shard_stream::ShardMessage,
    shard_task::{ShardOutcome, ShardReading, ShardTask},
    start_at::ApplicationStart,
    stream_calls::StreamCalls,
};
use crate::call::Backoff;
use std::{collections::BTreeSet, pin::pin, sync::Arc, time::Duration};
use tokio::{
    sync::{mpsc, watch},
    task::{JoinError, JoinSet},
    time::{Instant, sleep_until},
};

/// The pauses between listings while the children of a finished shard are looked for.
const CHILD_LISTINGS: Backoff = Backoff::new(Duration::from_millis(250), Duration::from_secs(10));

/// A shard that this worker reads, as its consumer gets it.
#[derive(Debug)]
pub(super) struct OpenShard {
    pub(super) messages: mpsc::Receiver<ShardMessage>,
    pub(super) link: Arc<ShardLink>,
}

/// The task of a worker.
pub(super) struct Coordinator {
    calls: StreamCalls,
    store: LeaseStore,
    config: Arc<ReaderConfig>,
    metrics: ReaderMetrics,
    graph: ShardGraph,
    board: LeaseBoard,
    start: Option<ApplicationStart>,
    /// True if records may still be written to the stream.
    is_enabled: bool,
    list_at: Instant,
    child_listings: Backoff,
    /// The shards that were finished, whose children are looked for.
    finished: Vec<String>,
    running: BTreeSet<String>,
    tasks: JoinSet<(String, ShardOutcome)>,
    shards: mpsc::UnboundedSender<Result<OpenShard, StreamReaderError>>,
    shutdown: watch::Receiver<bool>,
    /// Tells the tasks of shards to end, also where the reader ends by itself.
    end_tasks: watch::Sender<bool>,
}

impl Coordinator {
    pub(super) fn new(
        calls: StreamCalls,
        store: LeaseStore,
        config: Arc<ReaderConfig>,
        metrics: ReaderMetrics,
        shards: mpsc::UnboundedSender<Result<OpenShard, StreamReaderError>>,
        shutdown: watch::Receiver<bool>,
    ) -> Self {
        let board = LeaseBoard::new(store.worker().to_string(), config.lease_duration());
        Self {
            calls,
            store,
            config,
            metrics,
            graph: ShardGraph::default(),
            board,
            start: None,
            is_enabled: true,
            list_at: Instant::now(),
            child_listings: CHILD_LISTINGS,
            finished: Vec::new(),
            running: BTreeSet::new(),
            tasks: JoinSet::new(),
            shards,
            shutdown,
            end_tasks: watch::Sender::new(false),
        }
    }

    /// Runs until the reader shuts down, the stream ends, or something cannot be gone on after.
    pub(super) async fn run(mut self) {
        let mut ended = self.turns().await;
        self.end_tasks.send_replace(true);
        while let Some(done) = self.tasks.join_next().await {
            ended = ended.and(self.task_ended(done).map(drop));
        }
        if let Err(error) = ended {
            // Without a receiver nobody wants to know.
            let _ = self.shards.send(Err(error));
        }
    }

    async fn turns(&mut self) -> Result<(), StreamReaderError> {
        let mut backoff = Backoff::new(Duration::from_millis(100), self.config.turn());
        loop {
            if *self.shutdown.borrow() {
                return Ok(());
            }
            let next = match self.turn_or_shutdown().await {
                Ok(true) => return Ok(()),
                Ok(false) => {
                    backoff.reset();
                    (Instant::now() + self.config.turn()).min(self.list_at)
                }
                Err(error) if error.is_transient() => {
                    tracing::debug!(error = &error as &dyn std::error::Error, "turn failed");
                    self.metrics.note_failed_turn();
                    Instant::now() + backoff.next_pause()
                }
                Err(error) => return Err(error),
            };
            self.pause_until(next).await?;
        }
    }

    /// One turn. At shutdown the tasks of the shards end at once, while a request of the turn is waited for: it may be that
    /// of a lease, which is then given back.
    async fn turn_or_shutdown(&mut self) -> Result<bool, StreamReaderError> {
        let (mut shutdown, end_tasks) = (self.shutdown.clone(), self.end_tasks.clone());
        let mut turn = pin!(self.turn());
        tokio::select! {
            biased;
            turned = &mut turn => return turned,
            // If the reader was dropped, this task is aborted.
            _ = shutdown.wait_for(|is_shutdown| *is_shutdown) => {}
        }
        end_tasks.send_replace(true);
        turn.await
    }

    /// Waits for the next turn, which comes at once after the end of a shard, whose children are looked for.
    async fn pause_until(&mut self, next: Instant) -> Result<(), StreamReaderError> {
        loop {
            let done = tokio::select! {
                biased;
                () = sleep_until(next) => return Ok(()),
                // The reader shuts down; if it was dropped, this task is aborted.
                _ = self.shutdown.changed() => return Ok(()),
                Some(done) = self.tasks.join_next() => done,
            };
            if self.task_ended(done)? {
                return Ok(());
            }
        }
    }

    /// Notes the end of the task of a shard; true if the shard was read to its end.
    fn task_ended(
        &mut self,
        done: Result<(String, ShardOutcome), JoinError>,
    ) -> Result<bool, StreamReaderError> {
        let (shard, outcome) = match done {
            Ok(done) => done,
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            Err(_) => return Ok(false),
        };
        tracing::debug!(%shard, worker = %self.store.worker(), ?outcome, "shard ended");
        self.running.remove(&shard);
        self.metrics.note_end_of_shard(&shard);
        match outcome {
            ShardOutcome::Finished => {
                self.finished.push(shard);
                (self.child_listings, self.list_at) = (CHILD_LISTINGS, Instant::now());
                Ok(true)
            }
            // It is free, or another worker's: a later turn tells.
            ShardOutcome::GivenBack | ShardOutcome::Lost => Ok(false),
            ShardOutcome::Failed(error) => Err(error),
        }
    }

    /// Reads a shard whose lease was acquired at `acquired_at`; `is_first` if no worker had it before.
    fn open(&mut self, lease: Lease, is_first: bool, acquired_at: Instant) {
        let shard_id: Arc<str> = Arc::from(lease.shard_id.as_str());
        let deadline = acquired_at + self.config.lease_duration();
        let checkpoint = lease.checkpoint.clone();
        let max_age = match checkpoint {
            // What was written since the start is behind an iterator at the latest record.
            Checkpoint::Latest(_) => MAX_AGE_OF_LATEST,
            _ => MAX_AGE_OF_START,
        };
        let is_first =
            is_first && self.start.is_some_and(|start| self.store.time() <= start.started_at + max_age);
        let position = ReadPosition::new(checkpoint.clone(), is_first, self.graph.beginning(&shard_id));
        let batch = self.config.checkpoint_records;
        let link = Arc::new(ShardLink::new(shard_id.clone(), checkpoint, deadline, batch));
        let (sender, messages) = mpsc::channel(self.config.buffered.clamp(1, 1 << 20));
        let reading = ShardReading {
            calls: self.calls.clone(),
            config: self.config.clone(),
            metrics: self.metrics.clone(),
            link: link.clone(),
            messages: sender,
            position,
        };
        let task = ShardTask {
            store: self.store.clone(),
            config: self.config.clone(),
            metrics: self.metrics.clone(),
            link: link.clone(),
            shutdown: self.end_tasks.subscribe(),
        };
        tracing::debug!(shard = %shard_id, worker = %self.store.worker(), checkpoint = %lease.checkpoint, "shard opened");
        self.metrics.note_shard(&shard_id);
        self.running.insert(shard_id.to_string());
        self.tasks.spawn(async move { (shard_id.to_string(), task.run(lease, reading, acquired_at).await) });
        // Without a receiver the reader is dropped.
        let _ = self.shards.send(Ok(OpenShard { messages, link }));
    }
}
