//! Metrics of a shard reader.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime},
};

/// The metrics of a shard reader, while it runs and afterwards. Cheap to clone.
#[derive(Clone, Default)]
pub struct ReaderMetrics(Arc<Inner>);

#[derive(Default)]
struct Inner {
    records: AtomicU64,
    skipped: AtomicU64,
    gaps: AtomicU64,
    retries: AtomicU64,
    failed: AtomicU64,
    leases_lost: AtomicU64,
    shards: Mutex<BTreeMap<Arc<str>, ShardMetrics>>,
}

/// The metrics of a shard that is being read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ShardMetrics {
    /// The number of records that were delivered since the worker has the shard.
    pub records: u64,
    /// The age of the last record when it was delivered; `None` before the first.
    pub lag: Option<Duration>,
}

impl ReaderMetrics {
    /// The number of records that were delivered, those that were delivered again included.
    pub fn records(&self) -> u64 {
        self.0.records.load(Ordering::Relaxed)
    }

    /// The number of changes that were skipped: of items of other entities.
    pub fn skipped(&self) -> u64 {
        self.0.skipped.load(Ordering::Relaxed)
    }

    /// The number of gaps: records that the stream no longer had when they were to be read.
    pub fn gaps(&self) -> u64 {
        self.0.gaps.load(Ordering::Relaxed)
    }

    /// The number of requests for records that were throttled or failed, and are repeated.
    pub fn retries(&self) -> u64 {
        self.0.retries.load(Ordering::Relaxed)
    }

    /// The number of requests for shards and leases that failed, and are repeated.
    pub fn failed_turns(&self) -> u64 {
        self.0.failed.load(Ordering::Relaxed)
    }

    /// The number of leases that were lost to other workers, or not renewed in time.
    pub fn leases_lost(&self) -> u64 {
        self.0.leases_lost.load(Ordering::Relaxed)
    }

    /// The number of shards that the worker reads.
    pub fn shards_owned(&self) -> usize {
        self.lock().len()
    }

    /// The greatest lag of a shard: the age of its last record when it was delivered.
    pub fn lag(&self) -> Option<Duration> {
        self.lock().values().filter_map(|shard| shard.lag).max()
    }

    /// The metrics of each shard that the worker reads, by its id.
    pub fn shards(&self) -> BTreeMap<String, ShardMetrics> {
        self.lock().iter().map(|(shard, metrics)| (shard.to_string(), metrics.clone())).collect()
    }

    pub(super) fn note_shard(&self, shard: &Arc<str>) {
        self.lock().insert(shard.clone(), ShardMetrics::default());
    }

    pub(super) fn note_end_of_shard(&self, shard: &str) {
        self.lock().remove(shard);
    }

    /// Notes a record of this time, which is delivered `now`.
    pub(super) fn note_record(&self, shard: &str, time: Option<SystemTime>, now: SystemTime) {
        self.0.records.fetch_add(1, Ordering::Relaxed);
        if let Some(metrics) = self.lock().get_mut(shard) {
            metrics.records += 1;
            metrics.lag = time.map(|time| now.duration_since(time).unwrap_or_default()).or(metrics.lag);
        }
    }

    pub(super) fn note_skipped(&self, count: usize) {
        self.0.skipped.fetch_add(count as u64, Ordering::Relaxed);
    }

    pub(super) fn note_gap(&self) {
        self.0.gaps.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn note_retry(&self) {
        self.0.retries.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn note_failed_turn(&self) {
        self.0.failed.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn note_lease_lost(&self) {
        self.0.leases_lost.fetch_add(1, Ordering::Relaxed);
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Arc<str>, ShardMetrics>> {
        self.0.shards.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for ReaderMetrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReaderMetrics")
            .field("records", &self.records())
            .field("skipped", &self.skipped())
            .field("gaps", &self.gaps())
            .field("retries", &self.retries())
            .field("failed_turns", &self.failed_turns())
            .field("leases_lost", &self.leases_lost())
            .field("shards", &*self.lock())
            .finish()
    }
}
