//! What a topology is made of, drawn from its seed.

use dynamap_local::{
    faults::{FaultKind, Plan, Rates},
    shards::{ShardEventKind, ShardPlan, ShardRates},
};
use fastrand::Rng;
use std::time::Duration;

/// The duration of a lease.
pub(super) const LEASE: Duration = Duration::from_secs(10);

/// The most shards that are open at once.
pub(super) const MOST_OPEN: usize = 6;

#[derive(Debug, Clone)]
pub(super) struct Recipe {
    /// The time between two turns of all machines.
    pub(super) step: Duration,
    /// The time in which records are written and things go wrong.
    pub(super) busy: Duration,
    pub(super) records: u32,
    pub(super) keys: u32,
    pub(super) workers: usize,
    /// The chance of each second that something happens to a worker.
    pub(super) trouble: f64,
    /// True if workers do not die, and are not shut down.
    pub(super) is_sleep_only: bool,
    /// The chance of each second that the shards change by command.
    pub(super) commands: f64,
    /// True if records are trimmed by command.
    pub(super) trims: bool,
    /// The share of lease requests that have a fault.
    lease_faults: f64,
    /// The share of stream requests that have an event.
    events: f64,
    shards: u32,
    most_open: usize,
    retention: Duration,
    roll_over: Duration,
    iterator_life: Duration,
    listing_delay: Duration,
    page_size: usize,
    latency: Duration,
    pub(super) buffered: usize,
    pub(super) max_shards: usize,
    pub(super) checkpoint_records: u64,
    pub(super) checkpoint_interval: Duration,
    pub(super) pace: Pace,
    /// True if workers are shut down now and then.
    pub(super) shuts_down: bool,
    /// True if the workers shut down at the end, and give their leases back.
    pub(super) is_shut_down: bool,
}

/// The kind of trouble that a topology is to have above all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Focus {
    All,
    /// Owners that sleep while others take their shards.
    Sleepers,
    /// No worker is shut down: tokio draws the order in which its shards learn of that, and from no seed.
    Repeatable,
}

/// The pace of a consumer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    /// The most items that it handles at once.
    pub(super) parallel: usize,
    /// The longest that it usually takes, in milliseconds.
    pub(super) usual: u64,
    /// The share of deliveries that take longer.
    pub(super) slow: f64,
    pub(super) slowest: u64,
    /// The share of deliveries that are dropped, and of those that a handler fails with.
    pub(super) dropped: f64,
    /// True if a handler is run, instead of a program that takes the shards one by one.
    pub(super) is_handler: bool,
}

impl Recipe {
    pub(super) fn draw(rng: &mut Rng, focus: Focus) -> Self {
        let recipe = Self::draw_all(rng);
        let is_sleepers = rng.u8(..4) == 0 || focus == Focus::Sleepers;
        let recipe = if is_sleepers { recipe.with_sleepers(rng) } else { recipe };
        if focus == Focus::Repeatable {
            Self { is_shut_down: false, shuts_down: false, ..recipe }
        } else {
            recipe
        }
    }

    /// Few shards that live long, and workers that do nothing but read and sleep.
    fn with_sleepers(self, rng: &mut Rng) -> Self {
        Self {
            busy: Duration::from_secs(rng.u64(30..=45)),
            records: rng.u32(40..=60),
            workers: rng.usize(2..=3),
            trouble: 0.04,
            is_sleep_only: true,
            commands: 0.0,
            events: [0.0, 0.1][rng.usize(..2)],
            shards: rng.u32(1..=2),
            most_open: 2,
            retention: Duration::from_secs(24 * 3600),
            roll_over: Duration::MAX,
            max_shards: usize::MAX,
            ..self
        }
    }

    fn draw_all(rng: &mut Rng) -> Self {
        let workers = rng.usize(1..=3);
        let seconds = |rng: &mut Rng, from: u64, to: u64| Duration::from_secs(rng.u64(from..=to));
        let sometimes = |rng: &mut Rng, some: Duration| if rng.bool() { some } else { Duration::MAX };
        let (retention, roll_over) = (seconds(rng, 5, 60), seconds(rng, 5, 60));
        Self {
            step: Duration::from_millis([100, 200, 250][rng.usize(..3)]),
            busy: seconds(rng, 15, 40),
            records: rng.u32(5..=50),
            keys: rng.u32(1..=6),
            workers,
            trouble: [0.0, 0.05, 0.2][rng.usize(..3)],
            is_sleep_only: false,
            commands: [0.0, 0.1, 0.3][rng.usize(..3)],
            trims: rng.u8(..4) == 0,
            lease_faults: [0.0, 0.0, 0.1, 0.25][rng.usize(..4)],
            events: [0.0, 0.1, 0.3][rng.usize(..3)],
            shards: rng.u32(1..=3),
            most_open: rng.usize(2..=MOST_OPEN),
            // Some trim soon, most never.
            retention: if rng.u8(..4) == 0 { retention } else { Duration::from_secs(24 * 3600) },
            roll_over: sometimes(rng, roll_over),
            iterator_life: seconds(rng, 2, 900),
            listing_delay: seconds(rng, 0, 5),
            page_size: rng.usize(1..=4),
            latency: Duration::from_millis(rng.u64(0..=100)),
            buffered: rng.usize(1..=8),
            // All workers together can read all open shards.
            max_shards: if rng.u8(..4) == 0 { MOST_OPEN.div_ceil(workers) } else { usize::MAX },
            checkpoint_records: rng.u64(1..=10),
            checkpoint_interval: Duration::from_millis(rng.u64(200..=5000)),
            pace: Pace {
                parallel: rng.usize(1..=4),
                usual: [0, 100, 1000][rng.usize(..3)],
                slow: [0.0, 0.05][rng.usize(..2)],
                slowest: 20_000,
                dropped: [0.0, 0.0, 0.02][rng.usize(..3)],
                is_handler: rng.u8(..3) == 0,
            },
            shuts_down: true,
            is_shut_down: rng.u8(..4) == 0,
        }
    }

    /// The most records of a shard that a worker may have read, and not handed out: a buffer and a page that is as long,
    /// and eight for each item that is handled at once, which wait for it.
    pub(super) fn most_ahead(&self) -> usize {
        2 * self.buffered + if self.pace.is_handler { 8 * self.pace.parallel } else { 0 }
    }

    pub(super) fn shard_plan(&self, seed: u64) -> ShardPlan {
        // Each trims a part of all records: a few are enough.
        let rates = ShardRates::all(self.events).with(ShardEventKind::Trim, self.events / 100.0);
        ShardPlan::random(seed, rates)
            .shards(self.shards)
            .most_open_shards(self.most_open)
            .retention(self.retention)
            .roll_over_every(self.roll_over)
            .iterators_expire_after(self.iterator_life)
            .listing_delay(Duration::ZERO..=self.listing_delay)
            .page_size(self.page_size)
            .latency(Duration::ZERO..=self.latency)
    }

    pub(super) fn lease_plan(&self, seed: u64) -> Plan {
        use FaultKind::{
            DropAfter, DropBefore, ErrorAfter, ErrorBefore, HangAfter, HangBefore, Throttle, Zombie,
        };
        let kinds = [DropAfter, DropBefore, ErrorAfter, ErrorBefore, HangAfter, HangBefore, Throttle, Zombie];
        let each = self.lease_faults / kinds.len() as f64;
        let rates = kinds.into_iter().fold(Rates::none(), |rates, kind| rates.with(kind, each));
        Plan::random(seed, rates).latency(Duration::ZERO..=self.latency).unchecked()
    }
}

impl Pace {
    /// The time that a delivery takes.
    pub(super) fn draw(&self, rng: &mut Rng) -> Duration {
        let most = if rng.f64() < self.slow { self.slowest } else { self.usual };
        Duration::from_millis(rng.u64(..=most))
    }
}
