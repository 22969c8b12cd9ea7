//! Clocks that are given to the engine.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use dynoxide::storage_backend::Clock;

/// A clock that a function is.
pub(super) struct GivenClock<F>(F);

impl<F: Fn() -> SystemTime + Send + Sync + 'static> GivenClock<F> {
    pub(super) fn shared(clock: F) -> Arc<dyn Clock> {
        Arc::new(Self(clock))
    }

    fn since_epoch(&self) -> Duration {
        (self.0)().duration_since(UNIX_EPOCH).unwrap_or_default()
    }
}

impl<F: Fn() -> SystemTime + Send + Sync + 'static> Clock for GivenClock<F> {
    fn now_unix_secs(&self) -> u64 {
        self.since_epoch().as_secs()
    }

    fn now_unix_secs_f64(&self) -> f64 {
        self.since_epoch().as_secs_f64()
    }
}
