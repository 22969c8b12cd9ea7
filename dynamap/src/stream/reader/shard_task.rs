//! The task that reads one shard and keeps its lease.

mod lease_keeper;
mod shard_outcome;
mod shard_reading;

use super::{
    lease::Lease, lease_store::LeaseStore, metrics::ReaderMetrics, reader_config::ReaderConfig,
    shard_link::ShardLink,
};
use lease_keeper::LeaseKeeper;
pub(super) use shard_outcome::ShardOutcome;
pub(super) use shard_reading::ShardReading;
use std::{pin::pin, sync::Arc};
use tokio::{sync::watch, time::Instant};

/// The task that reads one shard and keeps its lease.
pub(super) struct ShardTask {
    pub(super) store: LeaseStore,
    pub(super) config: Arc<ReaderConfig>,
    pub(super) metrics: ReaderMetrics,
    pub(super) link: Arc<ShardLink>,
    /// True once the reader shuts down.
    pub(super) shutdown: watch::Receiver<bool>,
}

impl ShardTask {
    /// Reads the shard until its end or that of its lease, which was acquired at `acquired_at`.
    pub(super) async fn run(self, lease: Lease, reading: ShardReading, acquired_at: Instant) -> ShardOutcome {
        let mut keeper = LeaseKeeper::new(
            self.store.clone(),
            self.config.clone(),
            self.link.clone(),
            self.shutdown.clone(),
            lease,
            acquired_at,
        );
        let mut reading = pin!(reading.run());
        let mut keeping = pin!(keeper.keep());
        let outcome = tokio::select! {
            biased;
            outcome = &mut keeping => outcome,
            // Once the shard is read to its end, its lease is kept until all is acknowledged.
            Err(error) = &mut reading => ShardOutcome::Failed(error),
        };
        if let ShardOutcome::Failed(_) | ShardOutcome::Lost = outcome {
            // Nothing keeps the lease any more.
            self.link.lose();
        }
        if let ShardOutcome::Lost = outcome {
            self.metrics.note_lease_lost();
            tracing::warn!(shard = %self.link.shard_id(), worker = %self.store.worker(), "lease lost");
        }
        outcome
    }
}
