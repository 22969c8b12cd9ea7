//! The link between the task that reads a shard and the consumer of its records.

use super::{
    checkpoint::Checkpoint,
    reader_error::{LeaseLost, ShardError},
    tracker::CheckpointTracker,
};
use crate::known_fault::KnownFault;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::{sync::Notify, time::Instant};

/// The state that the task of a shard shares with the consumer of its records.
#[derive(Debug)]
pub(super) struct ShardLink {
    shard_id: Arc<str>,
    state: Mutex<LinkState>,
    /// Tells the task that there may be something to do.
    changed: Notify,
    /// Tells the consumer that the lease is lost.
    lost: Notify,
    /// Tells the task that nothing more is handed out.
    drained: Notify,
    /// The acknowledgements that are worth a write.
    batch: u64,
}

#[derive(Debug)]
struct LinkState {
    tracker: CheckpointTracker,
    phase: LinkPhase,
    /// The time from which on another worker may have the lease.
    deadline: Instant,
    /// The number of deliveries that the consumer has and has not acknowledged.
    held: usize,
    /// True if the consumer dropped a delivery, or the stream of the shard.
    is_refused: bool,
    /// The reason why the stream of the shard ends, until the consumer has it.
    end: Option<ShardError>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LinkPhase {
    Reading,
    /// Nothing more is handed out; what the consumer has may be acknowledged.
    Draining,
    Over,
}

/// The state of a shard as its task sees it.
#[derive(Debug)]
pub(super) struct LinkStatus {
    pub(super) checkpoint: Checkpoint,
    /// The number of deliveries that were acknowledged since the last write.
    pub(super) finished: u64,
    pub(super) held: usize,
}

impl ShardLink {
    pub(super) fn new(shard_id: Arc<str>, checkpoint: Checkpoint, deadline: Instant, batch: u64) -> Self {
        let state = LinkState {
            tracker: CheckpointTracker::new(checkpoint),
            phase: LinkPhase::Reading,
            deadline,
            held: 0,
            is_refused: false,
            end: None,
        };
        Self {
            shard_id,
            state: Mutex::new(state),
            changed: Notify::new(),
            lost: Notify::new(),
            drained: Notify::new(),
            batch,
        }
    }

    pub(super) fn shard_id(&self) -> &Arc<str> {
        &self.shard_id
    }

    /// Changes the tracker, on the side of the task.
    pub(super) fn track<T>(&self, change: impl FnOnce(&mut CheckpointTracker) -> T) -> T {
        change(&mut self.lock().tracker)
    }

    /// Hands a delivery out. False if there are no more: the stream of the shard has ended.
    pub(super) fn hand_out(&self) -> bool {
        let mut state = self.lock();
        let may_be_lost = Instant::now() >= state.deadline && !KnownFault::UnfencedCheckpoint.is_back();
        if state.phase == LinkPhase::Reading && may_be_lost {
            state.end(Some(self.loss()));
            self.changed.notify_one();
            self.lost.notify_one();
        }
        let is_reading = state.phase == LinkPhase::Reading;
        state.held += usize::from(is_reading);
        is_reading
    }

    /// Acknowledges a delivery that was handed out.
    pub(super) fn acknowledge(&self, ticket: u64) {
        let mut state = self.lock();
        state.held = state.held.saturating_sub(1);
        let has_moved = state.tracker.acknowledge(ticket);
        let finished = state.tracker.finished();
        let is_due = has_moved || finished >= self.batch || state.tracker.is_complete();
        if is_due || state.phase != LinkPhase::Reading {
            self.changed.notify_one();
        }
    }

    /// Notes that a delivery was dropped without an acknowledgement.
    pub(super) fn refuse(&self) {
        let mut state = self.lock();
        state.held = state.held.saturating_sub(1);
        if state.phase == LinkPhase::Reading {
            let shard_id = self.shard_id.to_string();
            state.end.get_or_insert(ShardError::NotAcknowledged { shard_id });
        }
        state.is_refused = true;
        self.changed.notify_one();
    }

    /// Notes that the consumer has dropped the stream of the shard.
    pub(super) fn leave(&self) {
        self.lock().is_refused = true;
        self.changed.notify_one();
    }

    /// Hands nothing out any more.
    pub(super) fn drain(&self) {
        let mut state = self.lock();
        if state.phase == LinkPhase::Reading {
            state.phase = LinkPhase::Draining;
            self.drained.notify_one();
        }
    }

    /// Completes when nothing more is handed out.
    pub(super) async fn drained(&self) {
        self.drained.notified().await;
    }

    /// Ends the stream of the shard for the loss of its lease.
    pub(super) fn lose(&self) {
        self.lock().end(Some(self.loss()));
        self.lost.notify_one();
    }

    /// The reason why the stream of the shard ended, once.
    pub(super) fn take_end(&self) -> Option<ShardError> {
        self.lock().end.take()
    }

    pub(super) fn set_deadline(&self, deadline: Instant) {
        self.lock().deadline = deadline;
    }

    pub(super) fn status(&self) -> LinkStatus {
        let state = self.lock();
        let tracker = &state.tracker;
        LinkStatus { checkpoint: tracker.checkpoint(), finished: tracker.finished(), held: state.held }
    }

    /// True if the consumer dropped a delivery, or the stream of the shard.
    pub(super) fn is_refused(&self) -> bool {
        self.lock().is_refused
    }

    /// True if the lease may be another worker's, by the clock or by what the consumer was told.
    pub(super) fn is_over(&self) -> bool {
        self.lock().phase == LinkPhase::Over
    }

    /// Tells the task that there may be something to do.
    pub(super) fn wake(&self) {
        self.changed.notify_one();
    }

    /// Completes when there may be something to do for the task.
    pub(super) async fn changed(&self) {
        self.changed.notified().await;
    }

    /// Completes when the lease is lost.
    pub(super) async fn lost(&self) {
        self.lost.notified().await;
    }

    fn loss(&self) -> ShardError {
        LeaseLost { shard_id: self.shard_id.to_string() }.into()
    }

    fn lock(&self) -> MutexGuard<'_, LinkState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl LinkState {
    fn end(&mut self, end: Option<ShardError>) {
        if self.phase != LinkPhase::Over {
            (self.phase, self.end) = (LinkPhase::Over, end);
        }
    }
}
