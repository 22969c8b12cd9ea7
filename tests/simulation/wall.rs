//! The time of day of a schedule: DynamoDB's, and that of every client.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use tokio::time::Instant;

/// Where every schedule begins, in seconds since 1970.
const BEGIN: u64 = 2_000_000_000;

/// A clock that goes on with tokio's, and jumps ahead of it as it does on a machine that slept.
#[derive(Debug, Clone)]
pub(super) struct Wall {
    begun: Instant,
    jumped: Arc<AtomicU64>,
}

impl Wall {
    pub(super) fn new() -> Self {
        Self { begun: Instant::now(), jumped: Arc::default() }
    }

    /// The time since the schedule began.
    pub(super) fn elapsed(&self) -> Duration {
        self.begun.elapsed() + Duration::from_millis(self.jumped.load(Ordering::Relaxed))
    }

    pub(super) fn now(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(BEGIN) + self.elapsed()
    }

    /// The seconds since 1970, as times to live have them.
    pub(super) fn seconds(&self) -> i64 {
        i64::try_from(BEGIN + self.elapsed().as_secs()).unwrap()
    }

    /// Goes ahead, while tokio's clock stands still: nobody's pauses and timeouts end.
    pub(super) fn jump(&self, time: Duration) {
        self.jumped.fetch_add(u64::try_from(time.as_millis()).unwrap(), Ordering::Relaxed);
    }
}
