//! What writes say of themselves, against what became of them.
//!
//! A schedule is a few clients who write the same items at once, through dynamap and the real SDK, while requests and
//! answers are lost, delayed, cut, damaged and repeated, and requests arrive after they were given up. Everything in it
//! follows from its seed: the clock is paused, and one generator draws faults, latencies, pauses and what the clients do.
//! When all late requests have arrived, what each client was told is compared with what DynamoDB did: in scripted mixes by
//! what the table holds, in generated ones by an oracle below the faults, which sees every request that arrives.
#![allow(clippy::unwrap_used)]

mod actor;
mod bank;
mod batches;
pub mod canary;
mod counters;
mod documents;
mod emptied;
mod history;
mod judge;
mod kinds;
pub mod known;
mod marks;
mod mixes;
mod oracle;
mod recipe;
mod shapes;
pub mod single;
mod slots;
mod stage;
pub(crate) mod trace;
mod transactions;
mod unique;
mod unversioned;
mod verbs;
mod wall;
mod world;

pub use history::Tally;
pub use mixes::Mix;
use std::{
    collections::BTreeMap,
    fmt,
    str::FromStr,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
};
use trace::mix;

/// What is simulated.
#[derive(Debug, Clone)]
pub struct Settings {
    /// From this everything is drawn.
    pub seed: u64,
    /// How many schedules there are.
    pub schedules: u64,
    /// The share of requests that have a fault.
    pub faults: FaultShare,
    /// What the clients do: one schedule of each, and so on.
    pub mixes: Vec<Mix>,
    /// Whether each schedule says what happens in it.
    pub verbose: bool,
}

/// The share of requests that have a fault, from 0 to 1: each schedule draws its own.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FaultShare {
    least: f64,
    most: f64,
}

impl FaultShare {
    /// Between these, in each schedule another.
    pub const fn between(least: f64, most: f64) -> Self {
        Self { least, most }
    }

    /// The same in all schedules.
    pub const fn always(share: f64) -> Self {
        Self::between(share, share)
    }

    fn of(self, seed: u64) -> f64 {
        self.least + (self.most - self.least) * fastrand::Rng::with_seed(mix(seed, 4)).f64()
    }
}

impl fmt::Display for FaultShare {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.least == self.most {
            true => write!(f, "{}", self.least),
            false => write!(f, "{}..{}", self.least, self.most),
        }
    }
}

/// `0.2`, or `0.05..0.6`.
impl FromStr for FaultShare {
    type Err = std::num::ParseFloatError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (least, most) = text.split_once("..").unwrap_or((text, text));
        Ok(Self { least: least.parse()?, most: most.parse()? })
    }
}

/// What came out of many schedules.
#[derive(Debug, Default)]
pub struct Summary {
    /// How many there were.
    pub schedules: u64,
    /// What clients were told, and how many faults there were.
    pub tally: Tally,
    /// What was not true.
    pub violations: Vec<Violation>,
    /// The same for each mix.
    pub mixes: BTreeMap<Mix, OfMix>,
    /// What tells this run from others that are not the same: requests, faults, times and outcomes.
    pub trace: u64,
}

/// Something that was not true.
#[derive(Debug, Clone)]
pub struct Violation {
    /// The number of its schedule.
    pub schedule: u64,
    /// What the clients of the schedule did.
    pub mix: Mix,
    /// What was not true.
    pub what: String,
}

/// What came out of the schedules of a mix.
#[derive(Debug, Default)]
pub struct OfMix {
    /// How many there were.
    pub schedules: u64,
    /// What clients were told.
    pub tally: Tally,
    /// In how many of them something was not true.
    pub untrue: u64,
}

impl Summary {
    fn add(&mut self, number: u64, mix: Mix, one: world::Outcome) {
        self.schedules += 1;
        self.tally.add(&one.tally);
        let of_mix = self.mixes.entry(mix).or_default();
        of_mix.schedules += 1;
        of_mix.tally.add(&one.tally);
        of_mix.untrue += u64::from(!one.violations.is_empty());
        let violation = |what| Violation { schedule: number, mix, what };
        self.violations.extend(one.violations.into_iter().map(violation));
        // The order in which threads finish does not matter.
        self.trace = self.trace.wrapping_add(trace::mix(number, one.trace));
    }
}

/// Runs all schedules, on as many threads as there are processors. `progress` is told how many are done.
pub fn run(settings: &Settings, progress: impl Fn(&Summary) + Sync) -> Summary {
    let summary = Mutex::new(Summary::default());
    on_all_threads(settings.schedules, |number| {
        let (mix, one) = schedule(settings, number);
        let mut summary = summary.lock().unwrap();
        summary.add(number, mix, one);
        progress(&summary);
    });
    let mut summary = summary.into_inner().unwrap();
    summary.violations.sort_by_key(|violation| violation.schedule);
    summary
}

/// Runs one schedule again, by its number.
pub fn replay(settings: &Settings, number: u64) -> Summary {
    let mut summary = Summary::default();
    let (mix, one) = schedule(settings, number);
    summary.add(number, mix, one);
    summary
}

fn schedule(settings: &Settings, number: u64) -> (Mix, world::Outcome) {
    let seed = mix(settings.seed, number);
    let mixes = &settings.mixes;
    let mix = mixes[usize::try_from(number % mixes.len() as u64).unwrap()];
    (mix, mix.run(seed, settings.faults.of(seed), settings.verbose))
}

/// Calls `run` with each number, on as many threads as there are processors.
pub(crate) fn on_all_threads(numbers: u64, run: impl Fn(u64) + Sync) {
    let next = AtomicU64::new(0);
    let threads = std::thread::available_parallelism().map_or(1, |threads| threads.get());
    std::thread::scope(|scope| {
        for _ in 0..threads {
            // The futures of unoptimised builds are large.
            let thread = std::thread::Builder::new().stack_size(16 << 20);
            let spawned = thread.spawn_scoped(scope, || {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= numbers {
                        break;
                    }
                    run(number);
                }
            });
            spawned.unwrap();
        }
    });
}
