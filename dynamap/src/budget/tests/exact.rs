//! Levels and waits of a bucket, to the nanosecond; averages by their numbers.

use super::*;
use crate::budget::average::{Averages, CallForm};

const HALF: Duration = Duration::from_millis(500);

/// The time until this part of a micro-unit has come at three micro-units per second.
fn thirds(nanos: u64) -> Duration {
    Duration::from_nanos(nanos.div_ceil(3))
}

#[test]
fn parts_of_a_micro_unit_are_kept_unless_the_bucket_is_full() {
    let mut bucket = Bucket::new(3, 10);
    assert!(bucket.take(10, Duration::ZERO));
    bucket.tick(HALF);
    assert_eq!((bucket.level(), bucket.wait(2)), (1, thirds(500_000_000)));
    // What comes to a full bucket is lost, also where nothing but the part is too much.
    let mut bucket = Bucket::new(3, 1);
    assert!(bucket.take(1, Duration::ZERO));
    bucket.tick(HALF);
    assert_eq!(bucket.level(), 1);
    assert!(bucket.take(1, HALF));
    assert_eq!(bucket.wait(1), thirds(1_000_000_000));
}

#[test]
fn what_is_given_back_to_a_full_bucket_is_lost() {
    let mut bucket = Bucket::new(UNIT, 10 * UNIT);
    assert!(bucket.take(5 * UNIT, Duration::ZERO));
    bucket.settle(5 * UNIT, 0, 100 * SECOND);
    assert_eq!(bucket.level(), 10 * UNIT);
}

#[test]
fn a_rate_that_was_cut_grows_to_what_it_was_and_no_further() {
    for full in [1, 10, 1000] {
        let mut bucket = Bucket::new(full, full);
        bucket.throttle(Duration::ZERO, Duration::ZERO);
        assert_eq!(bucket.rate(), (full / 2).max(1));
        bucket.tick(100 * SECOND);
        assert_eq!((bucket.rate(), bucket.level()), (full, full));
        // It grows no more, so that nobody is woken for it.
        assert!(bucket.take(full, 100 * SECOND));
        bucket.settle(0, 9 * full, 100 * SECOND);
        assert_eq!(bucket.wait(full), 10 * SECOND);
    }
    assert_eq!(Bucket::new(0, 0).rate(), 1, "a rate of nothing would never end a wait");
}

/// A second brings a step, so that half the rate is not less than one.
#[test]
fn a_rate_is_never_cut_below_a_step() {
    for full in [1, 2, 19, 20, 21, 999, 1000, 7 * UNIT] {
        let mut bucket = Bucket::new(full, full);
        for second in 0..100 {
            bucket.throttle(second * SECOND, second * SECOND);
            assert!(bucket.rate() >= (full / 20).max(1), "{full}: {}", bucket.rate());
        }
        assert!(bucket.rate() <= (full / 20).max(1) + 1, "{full}: {}", bucket.rate());
    }
}

#[test]
fn who_waits_while_the_rate_grows_asks_again_at_its_next_step() {
    let mut bucket = Bucket::new(UNIT, 100 * UNIT);
    bucket.throttle(Duration::ZERO, Duration::ZERO);
    assert_eq!(bucket.wait(50 * UNIT), SECOND);
    bucket.tick(HALF);
    assert_eq!(bucket.wait(50 * UNIT), HALF);
}

#[test]
fn a_cut_counts_from_when_it_is_known() {
    let mut bucket = Bucket::new(1000, 1000);
    bucket.settle(0, 1005, Duration::ZERO);
    bucket.throttle(Duration::ZERO, Duration::ZERO);
    assert_eq!(bucket.level(), -5, "a debt stays");
    let mut bucket = Bucket::new(1000, 1000);
    // It was throttled long before the call was over.
    bucket.throttle(Duration::ZERO, 5 * SECOND);
    bucket.tick(5 * SECOND + HALF);
    assert_eq!(bucket.rate(), 500);
    // That was noted before the cut, and this within a second of it.
    bucket.throttle(4 * SECOND, 5 * SECOND + HALF);
    bucket.throttle(5 * SECOND + HALF, 5 * SECOND + HALF);
    assert_eq!(bucket.rate(), 500);
    bucket.throttle(6 * SECOND, 6 * SECOND);
    assert_eq!(bucket.rate(), 275, "it had grown by a twentieth");
}

#[test]
fn the_first_costs_count_the_same_and_later_ones_a_twentieth() {
    let form = CallForm { operation: "Query", entity: "Order", index: None, consistent: false };
    let mut averages = Averages::default();
    assert_eq!(averages.of(form, 0), None);
    for (units, average) in [(10.0, 10.0), (20.0, 15.0), (30.0, 20.0)] {
        averages.learn(form, 0, units);
        assert!((averages.of(form, 0).unwrap_or_default() - average).abs() < 1e-9, "{average}");
    }
    (0..1000).for_each(|_| averages.learn(form, 0, 0.0));
    averages.learn(form, 0, 100.0);
    assert!((averages.of(form, 0).unwrap_or_default() - 5.0).abs() < 1e-9);
    assert_eq!(averages.of(form, 1), None, "another bucket");
}
