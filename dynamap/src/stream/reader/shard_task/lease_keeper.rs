//! The writes of the lease of a shard that is read: renewals, checkpoints, and its end.

use super::{
    super::{
        lease::Lease,
        lease_store::{LeaseStore, LeaseWrite},
        reader_config::ReaderConfig,
        reader_error::StreamReaderError,
        shard_link::{LinkStatus, ShardLink},
    },
    shard_outcome::ShardOutcome,
};
use crate::{call::Backoff, known_fault::KnownFault};
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::watch,
    time::{Instant, sleep, sleep_until, timeout_at},
};

/// The pauses between the attempts to write a lease.
const BACKOFF: Backoff = Backoff::new(Duration::from_millis(50), Duration::from_secs(2));

/// Keeps the lease of a shard that is read.
pub(super) struct LeaseKeeper {
    store: LeaseStore,
    config: Arc<ReaderConfig>,
    link: Arc<ShardLink>,
    shutdown: watch::Receiver<bool>,
    lease: Lease,
    /// The time from which on the lease is another worker's.
    deadline: Instant,
    renew_at: Instant,
    /// The time since which there is something to write.
    unwritten_since: Option<Instant>,
    /// The time at which the consumer is not waited for any longer.
    drained_by: Option<Instant>,
}

/// The next write of a lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LeaseWriteKind {
    None,
    Renewal,
    /// The last of a shard that was read to its end.
    End,
    /// The last of an owner that gives the lease back.
    GiveBack,
}

impl LeaseKeeper {
    pub(super) fn new(
        store: LeaseStore,
        config: Arc<ReaderConfig>,
        link: Arc<ShardLink>,
        shutdown: watch::Receiver<bool>,
        lease: Lease,
        acquired_at: Instant,
    ) -> Self {
        let (deadline, renew_at) = (acquired_at + config.lease_duration(), acquired_at + config.turn());
        let (unwritten_since, drained_by) = (None, None);
        Self { store, config, link, shutdown, lease, deadline, renew_at, unwritten_since, drained_by }
    }

    /// Writes the lease until the end of the shard, or until it is given back or lost.
    pub(super) async fn keep(&mut self) -> ShardOutcome {
        loop {
            let now = Instant::now();
            if self.link.is_over() {
                return ShardOutcome::Lost;
            }
            self.drain_if_ending(now);
            let status = self.link.status();
            self.note(&status, now);
            let next = self.next_write(&status, now);
            if next != LeaseWriteKind::None {
                // The next owner begins with what the consumer has not finished.
                if next == LeaseWriteKind::GiveBack && status.held > 0 {
                    self.link.lose();
                }
                match self.write(next, &status).await {
                    Ok(None) => {}
                    Ok(Some(outcome)) | Err(outcome) => return outcome,
                }
                continue;
            }
            let until = self.due();
            tokio::select! {
                biased;
                () = sleep_until(until) => {}
                () = self.link.changed() => {}
                // Without a reader there is no shard either: its task is aborted.
                Ok(()) = self.shutdown.changed() => {}
            }
        }
    }

    /// Hands nothing out any more, if the shard is to be given back.
    fn drain_if_ending(&mut self, now: Instant) {
        let is_asked_for = self.lease.handover.is_some();
        if is_asked_for || self.link.is_refused() || *self.shutdown.borrow() {
            self.drained_by.get_or_insert(now + self.config.lease_duration());
            self.link.drain();
        }
    }

    /// Notes since when there is something to write.
    fn note(&mut self, status: &LinkStatus, now: Instant) {
        if status.checkpoint == self.lease.checkpoint {
            self.unwritten_since = None;
        } else {
            self.unwritten_since.get_or_insert(now);
        }
    }

    fn next_write(&self, status: &LinkStatus, now: Instant) -> LeaseWriteKind {
        let is_due = |since: Instant| now >= since + self.config.checkpoint_interval;
        if status.checkpoint.is_end() {
            LeaseWriteKind::End
        } else if self.drained_by.is_some_and(|by| status.held == 0 || now >= by) {
            LeaseWriteKind::GiveBack
        } else if now >= self.renew_at
            || self.unwritten_since.is_some_and(is_due)
            || (self.unwritten_since.is_some() && status.finished >= self.config.checkpoint_records)
        {
            LeaseWriteKind::Renewal
        } else {
            LeaseWriteKind::None
        }
    }

    /// The time of the next write, if nothing happens before.
    fn due(&self) -> Instant {
        let checkpoint = self.unwritten_since.map(|since| since + self.config.checkpoint_interval);
        [checkpoint, self.drained_by].into_iter().flatten().fold(self.renew_at, Instant::min)
    }

    /// Writes the lease, and tries again until its deadline.
    async fn write(
        &mut self,
        next: LeaseWriteKind,
        status: &LinkStatus,
    ) -> Result<Option<ShardOutcome>, ShardOutcome> {
        let mut backoff = BACKOFF;
        self.link.track(|tracker| tracker.reset_finished());
        loop {
            let begun = Instant::now();
            // The clock may have stood still for the worker, and another has the lease.
            if begun >= self.deadline && !KnownFault::UnfencedCheckpoint.is_back() {
                return Err(ShardOutcome::Lost);
            }
            let change = |lease: &mut Lease| {
                lease.checkpoint = status.checkpoint.clone();
                match next {
                    LeaseWriteKind::End => lease.finish(),
                    LeaseWriteKind::GiveBack => lease.give_back(),
                    LeaseWriteKind::None | LeaseWriteKind::Renewal => {}
                }
            };
            match timeout_at(self.deadline, self.store.write(&self.lease, change)).await {
                Err(_) | Ok(LeaseWrite::Lost) => return Err(ShardOutcome::Lost),
                Ok(LeaseWrite::AskedFor(lease)) => self.lease = lease,
                Ok(LeaseWrite::Written(lease)) => return Ok(self.written(lease, next, begun)),
                Ok(LeaseWrite::Failed(error)) => {
                    let error = StreamReaderError::from(error);
                    if !error.is_transient() {
                        return Err(ShardOutcome::Failed(error));
                    }
                    sleep(backoff.next_pause()).await;
                }
            }
        }
    }

    fn written(&mut self, lease: Lease, next: LeaseWriteKind, begun: Instant) -> Option<ShardOutcome> {
        (self.lease, self.unwritten_since) = (lease, None);
        // The others see the write after it was begun, and wait for the whole duration then.
        self.deadline = begun + self.config.lease_duration();
        self.renew_at = begun + self.config.turn();
        self.link.set_deadline(self.deadline);
        match next {
            LeaseWriteKind::End => Some(ShardOutcome::Finished),
            LeaseWriteKind::GiveBack => Some(ShardOutcome::GivenBack),
            LeaseWriteKind::None | LeaseWriteKind::Renewal => None,
        }
    }
}
