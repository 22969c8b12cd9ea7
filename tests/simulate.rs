//! Runs schedules of clients and faults until one of them shows that dynamap lies, or all are done.
//!
//! `cargo run --release -p dynamap-tests --bin simulate -- --schedules 10000 --seed 1 --faults 0.2`

use clap::Parser;
use dynamap::known_fault::KnownFault;
use dynamap_tests::{
    progress::progress,
    simulation::{
        self, FaultShare, Mix, Settings, Summary,
        canary::Strategy,
        known,
        single::{Losses, Lost},
    },
};
use std::process::ExitCode;

/// Several clients, few items, and a network that loses, delays, damages and repeats.
#[derive(Debug, Parser)]
struct Arguments {
    /// How many schedules are run.
    #[arg(long, default_value_t = 2_000)]
    schedules: u64,
    /// From this everything is drawn.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The share of requests that have a fault, such as `0.2`, or `0.05..0.6` of which each schedule draws its own.
    #[arg(long, default_value = "0.05..0.6")]
    faults: FaultShare,
    /// What the clients do, such as `late-creates`; all of it if nothing is said. It can be given several times.
    #[arg(long)]
    mix: Vec<Mix>,
    /// Runs this schedule only.
    #[arg(long)]
    schedule: Option<u64>,
    /// Says what happens.
    #[arg(long)]
    verbose: bool,
    /// How many violations are shown.
    #[arg(long, default_value_t = 20)]
    show: usize,
    /// How many writes, of which one answer is lost after it was applied, for each way to lose it.
    #[arg(long, default_value_t = 0)]
    single: u64,
    /// How many schedules each of the usual ways to count is given, to show that the checks catch them.
    #[arg(long, default_value_t = 500)]
    canaries: u64,
    /// How many schedules each fault is given that dynamap once had, to show that they catch it.
    #[arg(long, default_value_t = 500)]
    known: u64,
}

/// The least share of schedules in which a usual way to count must be caught, and a fault that dynamap once had.
const CAUGHT: (f64, f64) = (0.4, 0.2);

/// The share of faults by which the least shares are measured.
const USUAL: f64 = 0.2;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let Arguments { schedules, seed, faults, verbose, .. } = arguments;
    let mixes = if arguments.mix.is_empty() { Mix::all() } else { arguments.mix.clone() };
    let settings = Settings { seed, schedules, faults, mixes, verbose };
    let summary = match arguments.schedule {
        Some(number) => simulation::replay(&settings, number),
        None => {
            let shown = progress("schedules", schedules);
            simulation::run(&settings, |all| shown(all.schedules, all.violations.len()))
        }
    };
    let chosen: String = arguments.mix.iter().map(|mix| format!(" --mix {mix}")).collect();
    for violation in summary.violations.iter().take(arguments.show) {
        let number = violation.schedule;
        println!("schedule {number}, {}: {}", violation.mix, violation.what);
        println!("  again: simulate --seed {seed} --faults {faults}{chosen} --schedule {number} --verbose");
    }
    let caught = arguments.schedule.is_some() || are_caught(&arguments);
    let mut untrue = 0;
    for lost in Lost::ALL.into_iter().filter(|_| arguments.single > 0) {
        let Losses { writes, applied, unknown, untrue: wrong } = lost.of(seed, arguments.single);
        println!("lost {lost:?}: writes={writes} applied={applied} unknown={unknown} untrue={wrong}");
        untrue += wrong;
    }
    let Summary { tally, violations, trace, .. } = &summary;
    table(&summary);
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

/// Runs what must be caught.
fn are_caught(arguments: &Arguments) -> bool {
    let Arguments { seed, canaries, known: schedules, .. } = *arguments;
    let mut caught = true;
    for strategy in Strategy::ALL.into_iter().filter(|_| canaries > 0) {
        let share = strategy.violating(seed, canaries, USUAL);
        println!("canary {strategy:?}: caught in {:.1} % of {canaries} schedules", share * 100.0);
        caught &= share >= CAUGHT.0;
    }
    for fault in KnownFault::ALL.into_iter().filter(|_| schedules > 0) {
        let share = known::caught(fault, seed, schedules, known::FAULTS);
        println!("known fault {fault:?}: caught in {:.1} % of {schedules} schedules", share * 100.0);
        caught &= share >= CAUGHT.1;
    }
    caught
}

/// Shows what came out of each mix.
fn table(summary: &Summary) {
    println!(
        "{:<14}{:>10}{:>10}{:>10}{:>13}{:>9}{:>9}{:>10}{:>9}",
        "mix", "schedules", "writes", "applied", "not applied", "unknown", "dropped", "unknown %", "untrue"
    );
    for (mix, of) in &summary.mixes {
        let tally = &of.tally;
        println!(
            "{mix:<14}{:>10}{:>10}{:>10}{:>13}{:>9}{:>9}{:>10.2}{:>9}",
            of.schedules,
            tally.writes,
            tally.applied,
            tally.not_applied,
            tally.unknown,
            tally.dropped,
            tally.unknown_rate() * 100.0,
            of.untrue
        );
    }
}
