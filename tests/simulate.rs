//! Runs schedules of clients and faults until one of them shows that dynamap lies, or all are done.
//!
//! `cargo run --release -p dynamap-tests --bin simulate -- --schedules 10000 --seed 1 --faults 0.2`

use clap::Parser;
use dynamap_tests::simulation::{
    self, Settings, Summary,
    canary::Strategy,
    single::{Losses, Lost},
};
use std::{
    io::{self, IsTerminal, Write},
    process::ExitCode,
    sync::Mutex,
    time::{Duration, Instant},
};

/// Several clients, few items, and a network that loses, delays, damages and repeats.
#[derive(Debug, Parser)]
struct Arguments {
    /// How many schedules are run.
    #[arg(long, default_value_t = 2_000)]
    schedules: u64,
    /// From this everything is drawn.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The share of requests that have a fault.
    #[arg(long, default_value_t = 0.2)]
    faults: f64,
    /// Runs this schedule only.
    #[arg(long)]
    schedule: Option<u64>,
    /// Says what happens.
    #[arg(long)]
    verbose: bool,
    /// How many writes, of which one answer is lost after it was applied, for each way to lose it.
    #[arg(long, default_value_t = 0)]
    single: u64,
    /// How many schedules each of the usual ways to count is given, to show that the checks catch them.
    #[arg(long, default_value_t = 500)]
    canaries: u64,
}

/// The least share of schedules in which a usual way to count must be caught.
const CAUGHT: f64 = 0.4;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let Arguments { schedules, seed, faults, verbose, .. } = arguments;
    let settings = Settings { seed, schedules, faults, verbose };
    let summary = match arguments.schedule {
        Some(number) => simulation::replay(&settings, number),
        None => simulation::run(&settings, progress(schedules)),
    };
    for (number, violation) in summary.violations.iter().take(20) {
        println!("schedule {number}: {violation}");
        println!("  again: simulate --seed {seed} --faults {faults} --schedule {number} --verbose");
    }
    let mut caught = true;
    if arguments.schedule.is_none() {
        for strategy in Strategy::ALL {
            let share = strategy.violating(seed, arguments.canaries, faults);
            println!(
                "canary {strategy:?}: caught in {:.1} % of {} schedules",
                share * 100.0,
                arguments.canaries
            );
            caught &= arguments.canaries == 0 || share >= CAUGHT;
        }
    }
    let mut untrue = 0;
    for lost in Lost::ALL.into_iter().filter(|_| arguments.single > 0) {
        let Losses { writes, applied, unknown, untrue: wrong } = lost.of(seed, arguments.single);
        println!("lost {lost:?}: writes={writes} applied={applied} unknown={unknown} untrue={wrong}");
        untrue += wrong;
    }
    let Summary { tally, violations, trace, .. } = &summary;
    println!(
        "writes={} applied={} not_applied={} unknown={} resolved_later={} dropped={} requests={}",
        tally.writes,
        tally.applied,
        tally.not_applied,
        tally.unknown,
        tally.resolved,
        tally.dropped,
        tally.requests
    );
    println!(
        "RESULT schedules={} ops={} faults={} violations={} unknown_rate={:.5} trace={trace:016x}",
        summary.schedules,
        tally.operations,
        tally.faults,
        violations.len(),
        tally.unknown_rate(),
    );
    if !caught {
        println!("the checks do not catch what they must");
    }
    if violations.is_empty() && untrue == 0 && caught { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Shows how far it is, now and then.
fn progress(schedules: u64) -> impl Fn(&Summary) + Sync {
    let begun = Instant::now();
    let last = Mutex::new(begun);
    let pause = if io::stderr().is_terminal() { Duration::from_millis(200) } else { Duration::from_secs(20) };
    move |summary| {
        let Ok(mut last) = last.lock() else { return };
        if last.elapsed() < pause {
            return;
        }
        *last = Instant::now();
        let (done, violations) = (summary.schedules, summary.violations.len());
        let rate = done as f64 / begun.elapsed().as_secs_f64();
        let end = if io::stderr().is_terminal() { '\r' } else { '\n' };
        let line = format!("{done} of {schedules} schedules, {rate:.0}/s, {violations} violations{end}");
        let _ = io::stderr().write_all(line.as_bytes());
    }
}
