//! A bounded run of the simulation, and of the canaries that show that it catches what it must.
//!
//! `DYNAMAP_SEED` repeats a run, `DYNAMAP_SCHEDULES` sets how many schedules there are.
#![allow(clippy::unwrap_used)]

use dynamap_tests::simulation::{self, Settings, canary::Strategy, single::Lost};
use std::io::Write;

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|value| value.parse().unwrap())
}

fn say(line: &str) {
    std::io::stderr().write_all(line.as_bytes()).unwrap();
}

#[test]
fn every_outcome_is_the_truth() {
    let seed = number("DYNAMAP_SEED").unwrap_or_else(|| fastrand::u64(..u64::from(u32::MAX)));
    let schedules = number("DYNAMAP_SCHEDULES").unwrap_or(2_000);
    say(&format!("{schedules} schedules, DYNAMAP_SEED={seed}\n"));
    let settings = Settings { seed, schedules, faults: 0.2, verbose: false };
    let summary = simulation::run(&settings, |_| {});
    let again = |number| format!("simulate --seed {seed} --schedule {number} --verbose");
    let violations: Vec<_> = summary
        .violations
        .iter()
        .map(|(number, violation)| format!("{violation}: {}", again(number)))
        .collect();
    assert!(violations.is_empty(), "{violations:#?}");
    let tally = &summary.tally;
    say(&format!("{tally:?}, unknown rate {:.5}\n", tally.unknown_rate()));
    // Where nothing happens, nothing is tested.
    assert!(
        tally.faults > 2 * schedules && tally.applied > 4 * schedules && tally.not_applied > schedules / 2
    );
    assert!(tally.dropped > schedules / 20, "{tally:?}");
    // Over many schedules it is below 0.5 %.
    assert!(schedules < 500 || tally.unknown_rate() <= 0.007, "{tally:?}");
}

#[test]
fn one_seed_is_one_history() {
    let seed = number("DYNAMAP_SEED").unwrap_or(7);
    let settings = |seed| Settings { seed, schedules: 24, faults: 0.2, verbose: false };
    let trace = |seed| simulation::run(&settings(seed), |_| {}).trace;
    assert_eq!(trace(seed), trace(seed));
    assert_ne!(trace(seed), trace(seed + 1));
}

#[test]
fn without_faults_every_outcome_is_known() {
    let settings = Settings { seed: 3, schedules: 60, faults: 0.0, verbose: false };
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
