use super::StartAt;
use std::{sync::Arc, time::Duration};

/// The least duration of a lease: a third of it lies between two writes.
const LEAST_LEASE: Duration = Duration::from_millis(100);

/// The settings of a shard reader.
#[derive(Debug, Clone)]
pub(super) struct ReaderConfig {
    pub(super) application: Arc<str>,
    /// The worker's id; drawn if there is none.
    pub(super) worker: Option<Arc<str>>,
    pub(super) start_at: StartAt,
    pub(super) lease_duration: Duration,
    pub(super) poll_interval: Duration,
    /// The number of acknowledged deliveries after which a checkpoint is written.
    pub(super) checkpoint_records: u64,
    /// The time after which an acknowledged delivery is part of a checkpoint.
    pub(super) checkpoint_interval: Duration,
    pub(super) buffered: usize,
    pub(super) max_shards: usize,
    /// The time between two listings of all shards.
    pub(super) listing_interval: Duration,
}

impl ReaderConfig {
    pub(super) fn new() -> Self {
        Self {
            application: Arc::from("default"),
            worker: None,
            start_at: StartAt::default(),
            lease_duration: Duration::from_secs(30),
            poll_interval: Duration::from_secs(1),
            checkpoint_records: 1000,
            checkpoint_interval: Duration::from_secs(5),
            buffered: 1000,
            max_shards: usize::MAX,
            listing_interval: Duration::from_secs(60),
        }
    }

    /// The duration of a lease, which is never so short that nothing but leases is written.
    pub(super) fn lease_duration(&self) -> Duration {
        self.lease_duration.max(LEAST_LEASE)
    }

    /// The time between two renewals, and between two looks at the leases.
    pub(super) fn turn(&self) -> Duration {
        self.lease_duration() / 3
    }
}
