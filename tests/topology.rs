//! Workers that read a stream by dynamap's shard reader, while its shards change and everything goes wrong.
//!
//! A topology is a stream whose shards split, merge, roll over and are trimmed, and a few workers that share them by
//! leases, while requests are throttled, fail and hang, iterators expire, handlers are slow, and workers die, sleep and
//! come back. Everything in it follows from its seed, but for the order in which the shards of a worker learn that it is shut
//! down, which tokio draws. Each worker has a machine with a clock of its own, which stands still
//! while the machine sleeps: it does not know that its leases are another's by now. What the workers are given and
//! what they write is compared with the truth: each record is delivered or its loss is told, a parent is finished before its
//! children begin, no checkpoint passes a record that is not finished, and none of a former owner is written.
#![allow(clippy::unwrap_used)]

mod facts;
mod history;
mod host;
mod recipe;
mod records;
mod spy;
mod wire;
mod worker;
mod world;

pub use history::TopologyTally;

use crate::simulation::{on_all_threads, trace::mix};
use dynamap::known_fault::KnownFault;
use recipe::Focus;
use std::sync::{
    Mutex,
    atomic::{AtomicU64, Ordering},
};

/// What came out of many topologies.
#[derive(Debug, Default)]
pub struct Topologies {
    /// How many there were.
    pub schedules: u64,
    /// What happened in them.
    pub tally: TopologyTally,
    /// What was not true, by the number of the topology.
    pub violations: Vec<(u64, String)>,
    /// What tells this run from others that are not the same.
    pub trace: u64,
}

impl Topologies {
    fn add(&mut self, number: u64, one: world::TopologyOutcome) {
        self.schedules += 1;
        self.tally.add(&one.tally);
        self.violations.extend(one.violations.into_iter().map(|what| (number, what)));
        // The order in which threads finish does not matter.
        self.trace = self.trace.wrapping_add(mix(number, one.trace));
    }
}

/// Runs topologies, on as many threads as there are processors. `progress` is told how far it is.
pub fn run(seed: u64, schedules: u64, progress: impl Fn(&Topologies) + Sync) -> Topologies {
    let all = Mutex::new(Topologies::default());
    on_all_threads(schedules, |number| {
        let one = world::run(mix(seed, number), Focus::All, false);
        let mut all = all.lock().unwrap();
        all.add(number, one);
        progress(&all);
    });
    let mut all = all.into_inner().unwrap();
    all.violations.sort();
    all
}

/// The trace of topologies whose workers are not shut down: all else follows from the seed.
pub fn trace(seed: u64, schedules: u64) -> u64 {
    let trace = AtomicU64::new(0);
    on_all_threads(schedules, |number| {
        let one = world::run(mix(seed, number), Focus::Repeatable, false);
        trace.fetch_add(mix(number, one.trace), Ordering::Relaxed);
    });
    trace.into_inner()
}

/// Runs one topology again, by its number, and says what happens.
pub fn replay(seed: u64, number: u64) -> Topologies {
    let mut all = Topologies::default();
    all.add(number, world::run(mix(seed, number), Focus::All, true));
    all
}

/// The share of topologies in which something is not true, while dynamap has the fault.
pub fn caught(fault: KnownFault, seed: u64, schedules: u64) -> f64 {
    let wrong = AtomicU64::new(0);
    let focus = match fault {
        KnownFault::UnfencedCheckpoint => Focus::Sleepers,
        _ => Focus::All,
    };
    on_all_threads(schedules, |number| {
        KnownFault::put_back(Some(fault));
        let outcome = world::run(mix(seed, number), focus, false);
        KnownFault::put_back(None);
        wrong.fetch_add(u64::from(!outcome.violations.is_empty()), Ordering::Relaxed);
    });
    wrong.into_inner() as f64 / schedules.max(1) as f64
}
