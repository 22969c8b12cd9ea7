//! What writes say of themselves, against what became of them.
//!
//! A schedule is a few clients who write the same items at once, through dynamap and the real SDK, while requests and
//! answers are lost, delayed, cut, damaged and repeated, and requests arrive after they were given up. Everything in it
//! follows from its seed: the clock is paused, and one generator draws faults, latencies, pauses and what the clients do.
//! When all late requests have arrived, what each client was told is compared with what the table holds.
#![allow(clippy::unwrap_used)]

mod bank;
pub mod canary;
mod counters;
mod documents;
mod history;
pub mod single;
mod slots;
mod trace;
mod world;

use history::Tally;
use std::sync::{
    Mutex,
    atomic::{AtomicU64, Ordering},
};
use trace::mix;
use world::World;

/// What is simulated.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// From this everything is drawn.
    pub seed: u64,
    /// How many schedules there are.
    pub schedules: u64,
    /// The share of requests that have a fault, from 0 to 1.
    pub faults: f64,
    /// Whether each schedule says what happens in it.
    pub verbose: bool,
}

/// What came out of many schedules.
#[derive(Debug, Default)]
pub struct Summary {
    /// How many there were.
    pub schedules: u64,
    /// What clients were told, and how many faults there were.
    pub tally: Tally,
    /// What was not true, each with the number of its schedule.
    pub violations: Vec<(u64, String)>,
    /// What tells this run from others that are not the same: requests, faults, times and outcomes.
    pub trace: u64,
}

impl Summary {
    fn add(&mut self, number: u64, one: world::Outcome) {
        self.schedules += 1;
        self.tally.add(&one.tally);
        self.violations.extend(one.violations.into_iter().map(|violation| (number, violation)));
        // The order in which threads finish does not matter.
        self.trace = self.trace.wrapping_add(mix(number, one.trace));
    }
}

/// Runs all schedules, on as many threads as there are processors. `progress` is told how many are done.
pub fn run(settings: &Settings, progress: impl Fn(&Summary) + Sync) -> Summary {
    let (next, summary) = (AtomicU64::new(0), Mutex::new(Summary::default()));
    let threads = std::thread::available_parallelism().map_or(1, |threads| threads.get());
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= settings.schedules {
                        break;
                    }
                    let one = schedule(settings, number);
                    let mut summary = summary.lock().unwrap();
                    summary.add(number, one);
                    progress(&summary);
                }
            });
        }
    });
    summary.into_inner().unwrap()
}

/// Runs one schedule again, by its number.
pub fn replay(settings: &Settings, number: u64) -> Summary {
    let mut summary = Summary::default();
    summary.add(number, schedule(settings, number));
    summary
}

fn schedule(settings: &Settings, number: u64) -> world::Outcome {
    let seed = mix(settings.seed, number);
    world::run(async {
        let world = World::new(seed, settings.faults, settings.verbose).await;
        match number % 6 {
            0 => documents::run::<documents::Numbered>(&world).await,
            1 => documents::run::<documents::Random>(&world).await,
            2 => documents::run::<documents::FromZeroed>(&world).await,
            3 => slots::run(&world).await,
            4 => counters::run(&world).await,
            _ => bank::run(&world).await,
        }
        world.finish()
    })
}
