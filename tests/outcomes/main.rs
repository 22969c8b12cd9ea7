//! A bounded run of the simulation, and of the canaries that show that it catches what it must.
//!
//! `DYNAMAP_SEED` repeats a run, `DYNAMAP_SCHEDULES` sets how many schedules each of its runs has.
#![allow(clippy::unwrap_used)]

use dynamap::known_fault::KnownFault;
mod guide;

use dynamap_tests::simulation::{
    self, FaultShare, Mix, Settings, Summary, Violation, canary::Strategy, known, single::Lost,
};
use std::io::Write;

/// How many schedules there are, of scripted and of generated mixes.
const SCHEDULES: (u64, u64) = (1_000, 2_000);

/// How many schedules there are of programs that know different shapes.
const SHAPES: u64 = 200;

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|value| value.parse().unwrap())
}

fn say(line: &str) {
    std::io::stderr().write_all(line.as_bytes()).unwrap();
}

/// Runs schedules, of which none may show that anything was not true.
#[track_caller]
fn true_in_all(schedules: u64, faults: FaultShare, mixes: &[Mix]) -> Summary {
    let seed = number("DYNAMAP_SEED").unwrap_or_else(|| fastrand::u64(..u64::from(u32::MAX)));
    let schedules = number("DYNAMAP_SCHEDULES").unwrap_or(schedules);
    say(&format!("{schedules} schedules, DYNAMAP_SEED={seed}\n"));
    let settings = Settings { seed, schedules, faults, mixes: mixes.to_vec(), verbose: false };
    let summary = simulation::run(&settings, |_| {});
    let chosen: String = mixes.iter().map(|mix| format!(" --mix {mix}")).collect();
    let violations: Vec<_> = summary
        .violations
        .iter()
        .map(|Violation { schedule, mix, what }| {
            let again = format!("--seed {seed} --faults {faults}{chosen} --schedule {schedule}");
            format!("{mix}: {what}: simulate {again} --verbose")
        })
        .collect();
    for (mix, of) in &summary.mixes {
        say(&format!("{mix}: {:?}, unknown rate {:.5}\n", of.tally, of.tally.unknown_rate()));
    }
    let shown = &violations[..violations.len().min(20)];
    assert!(violations.is_empty(), "{} are not true: {shown:#?}", violations.len());
    summary
}

#[test]
fn every_outcome_is_the_truth() {
    let Summary { tally, schedules, .. } = true_in_all(SCHEDULES.0, FaultShare::always(0.2), &Mix::SCRIPTED);
    // Where nothing happens, nothing is tested.
    assert!(
        tally.faults > 2 * schedules && tally.applied > 4 * schedules && tally.not_applied > schedules / 2
    );
    assert!(tally.dropped > schedules / 20, "{tally:?}");
    // Over many schedules it is below 0.5 %.
    assert!(schedules < 500 || tally.unknown_rate() <= 0.007, "{tally:?}");
}

#[test]
fn every_outcome_is_the_truth_whatever_clients_do() {
    let faults = FaultShare::between(0.05, 0.6);
    let Summary { mixes, .. } = true_in_all(SCHEDULES.1, faults, &Mix::GENERATED);
    for (mix, of) in mixes {
        let (tally, schedules) = (&of.tally, of.schedules);
        assert!(tally.faults > schedules && tally.applied > 2 * schedules, "{mix}: {tally:?}");
    }
}

/// Programs of different shapes and backfills side by side.
#[test]
fn programs_of_different_shapes_lose_nothing() {
    let faults = FaultShare::between(0.05, 0.6);
    let Summary { tally, schedules, .. } = true_in_all(SHAPES, faults, &[Mix::Shapes]);
    assert!(tally.faults > schedules && tally.applied > 5 * schedules, "{tally:?}");
}

#[test]
fn one_seed_is_one_history() {
    let seed = number("DYNAMAP_SEED").unwrap_or(7);
    let faults = FaultShare::between(0.05, 0.6);
    let settings = |seed| Settings { seed, schedules: 64, faults, mixes: Mix::all(), verbose: false };
    let trace = |seed| simulation::run(&settings(seed), |_| {}).trace;
    assert_eq!(trace(seed), trace(seed));
    assert_ne!(trace(seed), trace(seed + 1));
}

#[test]
fn without_faults_every_outcome_is_known() {
    let mixes = Mix::SCRIPTED.to_vec();
    let settings =
        Settings { seed: 3, schedules: 60, faults: FaultShare::always(0.0), mixes, verbose: false };
    let summary = simulation::run(&settings, |_| {});
    assert_eq!((summary.violations.len(), summary.tally.unknown, summary.tally.faults), (0, 0, 0));
}

#[test]
fn no_write_that_was_applied_is_told_that_it_failed() {
    let seed = number("DYNAMAP_SEED").unwrap_or(5);
    for lost in Lost::ALL {
        let losses = lost.of(seed, 400);
        say(&format!("{lost:?}: {losses:?}\n"));
        assert!(
            losses.writes >= 400 && losses.untrue == 0 && losses.applied > losses.unknown * 4,
            "{lost:?}: {losses:?}"
        );
    }
}

/// Did the checks not catch these, they would catch nothing.
#[test]
fn the_usual_ways_to_count_are_caught() {
    let seed = number("DYNAMAP_SEED").unwrap_or(1);
    for strategy in Strategy::ALL {
        let share = strategy.violating(seed, 200, 0.2);
        say(&format!("{strategy:?}: caught in {:.1} % of 200 schedules\n", share * 100.0));
        assert!(share >= 0.4, "{strategy:?}: {share}");
        assert_eq!(strategy.violating(seed, 20, 0.0), 0.0, "{strategy:?} is right where nothing goes wrong");
    }
}

/// With a fault of the past put back, what is told is not true, and the schedules find it.
#[test]
fn the_faults_of_the_past_are_caught() {
    let seed = number("DYNAMAP_SEED").unwrap_or(1);
    for fault in KnownFault::ALL {
        let share = known::caught(fault, seed, 100, known::FAULTS);
        say(&format!("known fault {fault:?}: caught in {:.1} % of 100 schedules\n", share * 100.0));
        assert!(share >= 0.2, "{fault:?}: {share}");
    }
}
