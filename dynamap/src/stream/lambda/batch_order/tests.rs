#![allow(clippy::unwrap_used)]

use super::BatchOrder;
use proptest::{collection::vec, option, prelude::*};

/// A record: its shard and its key.
type Record = (usize, Option<u8>);

/// The course of a batch: the events of its records, in their order.
#[derive(Debug, Clone)]
struct Course {
    records: Vec<Record>,
    /// The number of records that are handled at once.
    concurrency: usize,
    /// Of each record, whether it fails.
    fails: Vec<bool>,
    /// The choice of the running record that ends next.
    ends: Vec<prop::sample::Index>,
    /// The number of ends after which no more is started.
    closes_after: Option<usize>,
}

fn courses() -> impl Strategy<Value = Course> {
    (0_usize..24, 1_usize..6).prop_flat_map(|(count, concurrency)| {
        let record = (0_usize..3, option::weighted(0.9, 0_u8..4));
        let fails = vec(prop::bool::weighted(0.1), count);
        let ends = vec(any::<prop::sample::Index>(), count);
        let closes_after = option::weighted(0.2, 0..=count);
        (vec(record, count), Just(concurrency), fails, ends, closes_after).prop_map(
            |(records, concurrency, fails, ends, closes_after)| Course {
                records,
                concurrency,
                fails,
                ends,
                closes_after,
            },
        )
    })
}

/// The state of a record as the course saw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SeenRecord {
    Waits,
    Runs,
    Done,
    Failed,
}

/// Returns true if the later record is handled after the earlier one.
fn is_ordered(earlier: Record, later: Record) -> bool {
    let same_key = earlier.1 == later.1 || earlier.1.is_none() || later.1.is_none();
    earlier.0 == later.0 && same_key
}

/// The rules of a start.
fn check_start(course: &Course, seen: &[SeenRecord], started: usize) {
    assert_eq!(seen[started], SeenRecord::Waits, "started twice");
    for (earlier, state) in seen.iter().enumerate().take(started) {
        let is_before = is_ordered(course.records[earlier], course.records[started]);
        assert!(!is_before || *state == SeenRecord::Done, "{started} was started before {earlier} was done");
        let is_failure =
            *state == SeenRecord::Failed && course.records[earlier].0 == course.records[started].0;
        assert!(!is_failure, "{started} was started behind the failure of {earlier}");
    }
}

/// The records that may be started, by the definition.
fn startable(course: &Course, seen: &[SeenRecord]) -> Vec<usize> {
    let may_start = |position: &usize| {
        let of_shard = |earlier: &usize| course.records[*earlier].0 == course.records[*position].0;
        let earlier = (0..*position).filter(of_shard);
        seen[*position] == SeenRecord::Waits
            && earlier.clone().all(|earlier| seen[earlier] != SeenRecord::Failed)
            && earlier
                .clone()
                .filter(|earlier| is_ordered(course.records[*earlier], course.records[*position]))
                .all(|earlier| seen[earlier] == SeenRecord::Done)
    };
    (0..seen.len()).filter(may_start).collect()
}

/// Runs the course; returns what it saw of each record and the reported ones.
fn run(course: &Course) -> (Vec<SeenRecord>, Vec<usize>, BatchOrder) {
    let mut order = BatchOrder::new(course.records.iter().copied());
    let mut seen = vec![SeenRecord::Waits; course.records.len()];
    let mut ends = course.ends.iter();
    let mut ended = 0;
    loop {
        if course.closes_after == Some(ended) {
            order.close();
        }
        let is_closed = course.closes_after.is_some_and(|closes| ended >= closes);
        let running = |seen: &[SeenRecord]| seen.iter().filter(|state| **state == SeenRecord::Runs).count();
        while running(&seen) < course.concurrency {
            let expected = startable(course, &seen);
            let Some(started) = order.start() else {
                assert!(is_closed || expected.is_empty(), "{expected:?} could be started");
                break;
            };
            assert!(!is_closed);
            check_start(course, &seen, started);
            assert_eq!(Some(&started), expected.first(), "the lowest first");
            seen[started] = SeenRecord::Runs;
        }
        let running: Vec<usize> = (0..seen.len()).filter(|at| seen[*at] == SeenRecord::Runs).collect();
        if running.is_empty() {
            break;
        }
        let end = running[ends.next().unwrap().index(running.len())];
        seen[end] = if course.fails[end] { SeenRecord::Failed } else { SeenRecord::Done };
        let is_behind = (0..end).any(|earlier| {
            seen[earlier] == SeenRecord::Failed && course.records[earlier].0 == course.records[end].0
        });
        assert_eq!(order.is_worth_a_retry(end), !is_behind && !is_closed);
        if course.fails[end] {
            order.failed(end)
        } else {
            order.done(end)
        }
        ended += 1;
    }
    let reported = order.first_unfinished();
    (seen, reported, order)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_each_key_is_kept_and_the_lowest_unfinished_record_is_reported(course in courses()) {
        let (seen, reported, _) = run(&course);
        for shard in 0..3 {
            let of_shard = |position: &usize| course.records[*position].0 == shard;
            let unfinished = (0..seen.len()).filter(of_shard).find(|at| seen[*at] != SeenRecord::Done);
            let told: Vec<usize> = reported.iter().copied().filter(of_shard).collect();
            prop_assert_eq!(told, Vec::from_iter(unfinished));
        }
    }

    /// Everything is done where nothing fails and nothing stops: no record waits for ever.
    #[test]
    fn without_a_failure_all_records_are_done(course in courses()) {
        let count = course.records.len();
        let course = Course { fails: vec![false; count], closes_after: None, ..course };
        let (seen, reported, _) = run(&course);
        prop_assert!(seen.iter().all(|state| *state == SeenRecord::Done));
        prop_assert_eq!(reported, Vec::<usize>::new());
    }
}

#[test]
fn a_record_below_the_failure_is_still_started() {
    let mut order = BatchOrder::new([(0, Some("a")), (0, Some("a")), (0, Some("b")), (0, Some("c"))]);
    assert_eq!((order.start(), order.start()), (Some(0), Some(2)));
    order.failed(2);
    assert_eq!(order.start(), None);
    order.done(0);
    assert_eq!((order.start(), order.start()), (Some(1), None));
    order.done(1);
    assert_eq!((order.start(), order.first_unfinished()), (None, vec![2]));
}

#[test]
fn the_failure_of_one_shard_does_not_stop_another() {
    let mut order = BatchOrder::new([(0, Some("a")), (1, Some("a")), (0, Some("b")), (1, Some("b"))]);
    assert_eq!(order.start(), Some(0));
    order.failed(0);
    assert_eq!((order.start(), order.start(), order.start()), (Some(1), Some(3), None));
    order.done(3);
    assert_eq!(order.first_unfinished(), [0, 1]);
}
