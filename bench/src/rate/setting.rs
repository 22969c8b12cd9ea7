//! The setting of a load: the table, and the items that it is loaded with.

use std::{ops::Range, time::Duration};

/// The table, and what it is loaded with.
#[derive(Debug, Clone)]
pub(super) struct Setting {
    pub(super) seed: u64,
    pub(super) items: usize,
    /// Write units per second.
    pub(super) capacity: f64,
    /// The time for which unused units are kept (burst capacity).
    pub(super) burst: Duration,
    /// The time in which the capacity is half as large.
    pub(super) low: Range<Duration>,
}

impl Setting {
    /// DynamoDB: it keeps up to 300 seconds. A table that is busy has used them up, so that two are enough here.
    pub(super) const FULL: Self = Self {
        seed: 0x00D1_7A3A,
        items: 18_000,
        capacity: 1000.0,
        burst: Duration::from_secs(2),
        low: Duration::from_secs(20)..Duration::from_secs(40),
    };

    /// Some seconds.
    pub(super) const SMOKE: Self = Self {
        items: 600,
        capacity: 400.0,
        burst: Duration::from_secs(1),
        low: Duration::from_secs(1)..Duration::from_secs(3),
        ..Self::FULL
    };

    pub(super) fn capacity_at(&self, at: Duration) -> f64 {
        if self.low.contains(&at) { self.capacity / 2.0 } else { self.capacity }
    }
}
