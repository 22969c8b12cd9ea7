//! The budget on a clock that the tests make: its rate over an hour, its hard bound, its fairness, and what becomes of
//! those who give up.
//!
//! `DYNAMAP_SEED` repeats a run, `DYNAMAP_BUDGET_TRACES` sets how many random traces there are.
#![allow(clippy::unwrap_used, clippy::panic)]

mod batches;
mod engine;
mod hour;
mod scans;
mod traces;
mod transactions;
mod waiters;

use dynamap::capacity::Units;
use std::env;

/// The seed of a run, which is printed where the test fails.
fn seed() -> u64 {
    let seed = number("DYNAMAP_SEED").unwrap_or_else(|| fastrand::u64(..));
    println!("DYNAMAP_SEED={seed}");
    seed
}

fn number(name: &str) -> Option<u64> {
    let text = env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")))
}

fn reads(read: f64) -> Units {
    Units { read, write: 0.0 }
}

fn writes(write: f64) -> Units {
    Units { read: 0.0, write }
}
