//! Runs topologies of shards and workers until one of them shows that the shard reader errs, or all are done.
//!
//! `cargo run --release -p dynamap-tests --bin topologies -- --schedules 10000 --seed 1`

use clap::Parser;
use dynamap::known_fault::KnownFault;
use dynamap_tests::{progress::progress, topology};
use std::{process::ExitCode, time::Instant};

/// A stream whose shards change, and workers that read it and fail.
#[derive(Debug, Parser)]
struct Arguments {
    /// How many topologies are run.
    #[arg(long, default_value_t = 1_000)]
    schedules: u64,
    /// From this everything is drawn.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Runs this topology only, and says what happens.
    #[arg(long)]
    schedule: Option<u64>,
    /// Puts this fault back, such as `UnfencedCheckpoint`, in the topology that is run.
    #[arg(long, requires = "schedule", value_parser = fault)]
    fault: Option<KnownFault>,
    /// How many violations are shown.
    #[arg(long, default_value_t = 20)]
    show: usize,
    /// How many topologies each fault is given that a reader of shards can have, to show that they catch it.
    #[arg(long, default_value_t = 200)]
    canaries: u64,
}

/// The least share of topologies in which a fault must be caught.
const CAUGHT: f64 = 0.1;

fn main() -> ExitCode {
    let Arguments { schedules, seed, schedule, fault, show, canaries } = Arguments::parse();
    let begun = Instant::now();
    KnownFault::put_back(fault);
    let all = match schedule {
        Some(number) => topology::replay(seed, number),
        None => {
            let shown = progress("topologies", schedules);
            topology::run(seed, schedules, |all| shown(all.schedules, all.violations.len()))
        }
    };
    let seconds = begun.elapsed().as_secs_f64();
    for (number, what) in all.violations.iter().take(show) {
        println!("topology {number}: {what}");
        println!("  again: topologies --seed {seed} --schedule {number}");
    }
    let is_caught = schedule.is_some() || are_caught(seed, canaries);
    println!("{:?}, {seconds:.1} s", all.tally);
    println!(
        "RESULT schedules={} records={} violations={} trace={:016x}",
        all.schedules,
        all.tally.records,
        all.violations.len(),
        all.trace
    );
    if !is_caught {
        println!("the checks do not catch what they must");
    }
    if all.violations.is_empty() && is_caught { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn fault(name: &str) -> Result<KnownFault, String> {
    let named = |fault: &KnownFault| format!("{fault:?}") == name;
    let names = || format!("one of {:?}", KnownFault::OF_SHARD_READER);
    KnownFault::OF_SHARD_READER.into_iter().find(named).ok_or_else(names)
}

/// Runs what must be caught.
fn are_caught(seed: u64, schedules: u64) -> bool {
    let mut is_caught = true;
    for fault in KnownFault::OF_SHARD_READER.into_iter().filter(|_| schedules > 0) {
        let share = topology::caught(fault, seed, schedules);
        println!("canary {fault:?}: caught in {:.1} % of {schedules} topologies", share * 100.0);
        is_caught &= share >= CAUGHT;
    }
    is_caught
}
