//! A bounded run of the topologies of shards and workers, and of the faults of a shard reader that they must find.
//!
//! `DYNAMAP_SEED` repeats a run, `DYNAMAP_SCHEDULES` sets how many topologies it has.
#![allow(clippy::unwrap_used)]

use dynamap::known_fault::KnownFault;
use dynamap_tests::topology::{self, Topologies};
use std::io::Write;

/// How many topologies there are: each takes a tenth of a second where nothing is optimised. The binary `topologies` runs
/// more.
const SCHEDULES: u64 = 150;

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|value| value.parse().unwrap())
}

fn say(line: &str) {
    std::io::stderr().write_all(line.as_bytes()).unwrap();
}

#[test]
fn every_record_is_delivered_in_its_order_or_its_loss_is_told() {
    let seed = number("DYNAMAP_SEED").unwrap_or_else(|| fastrand::u64(..u64::from(u32::MAX)));
    let schedules = number("DYNAMAP_SCHEDULES").unwrap_or(SCHEDULES);
    say(&format!("{schedules} topologies, DYNAMAP_SEED={seed}\n"));
    let Topologies { tally, violations, .. } = topology::run(seed, schedules, |_| {});
    say(&format!("{tally:?}\n"));
    let shown: Vec<_> = violations
        .iter()
        .take(20)
        .map(|(number, what)| format!("{what}: topologies --seed {seed} --schedule {number}"))
        .collect();
    assert!(violations.is_empty(), "{} are not true: {shown:#?}", violations.len());
    // Where nothing happens, nothing is tested.
    if schedules >= SCHEDULES {
        assert!(tally.records > 10 * schedules && tally.shards > 4 * schedules, "{tally:?}");
        assert!(tally.trimmed > 0 && tally.gaps > 0 && tally.replays > 0, "{tally:?}");
        assert!(tally.takeovers > schedules / 10 && tally.killed > 0 && tally.asleep > 0, "{tally:?}");
    }
}

#[test]
fn one_seed_is_one_history() {
    let seed = number("DYNAMAP_SEED").unwrap_or(7);
    assert_eq!(topology::trace(seed, 24), topology::trace(seed, 24));
    assert_ne!(topology::trace(seed, 24), topology::trace(seed + 1, 24));
}

/// Did the checks not catch these, they would catch nothing.
#[test]
fn a_reader_of_children_before_parents_and_one_without_fences_are_caught() {
    let seed = number("DYNAMAP_SEED").unwrap_or(1);
    for fault in KnownFault::OF_SHARD_READER {
        let share = topology::caught(fault, seed, 60);
        say(&format!("{fault:?}: caught in {:.1} % of 60 topologies\n", share * 100.0));
        assert!(share >= 0.1, "{fault:?}: {share}");
    }
}
