//! The pure part of a budget, on clocks that the tests make.
#![allow(clippy::unwrap_used)]

mod charges;
mod exact;
mod woken;

use super::{
    bucket::{Bucket, UNIT},
    buckets::{Buckets, Charge},
};
use proptest::prelude::*;
use std::{task::Waker, time::Duration};

const SECOND: Duration = Duration::from_secs(1);

fn rates() -> impl Strategy<Value = (i64, i64)> {
    (1..2000 * UNIT, 1..5000 * UNIT)
}

fn passing() -> impl Strategy<Value = Vec<Duration>> {
    prop::collection::vec((0..3_000_000_000_u64).prop_map(Duration::from_nanos), 1..20)
}

proptest! {
    /// Looking often brings no more and no less than looking once.
    #[test]
    fn time_passes_the_same_in_parts((rate, burst) in rates(), parts in passing(), cut in any::<bool>()) {
        let mut once = Bucket::new(rate, burst);
        prop_assume!(once.take(burst, Duration::ZERO));
        if cut {
            once.throttle(Duration::ZERO, Duration::ZERO);
        }
        let (mut often, mut now) = (once.clone(), Duration::ZERO);
        for part in parts {
            now += part;
            often.tick(now);
            prop_assert!(often.level() <= burst);
        }
        once.tick(now);
        prop_assert_eq!(once.level(), often.level());
        prop_assert_eq!(once.rate(), often.rate());
    }

    /// A wait of the length that `wait` returns is enough, and no shorter one is, unless the rate grows.
    #[test]
    fn a_wait_is_exact((rate, burst) in rates(), debt in 0..5000 * UNIT, need in 1..9000 * UNIT) {
        let mut bucket = Bucket::new(rate, burst);
        bucket.settle(0, burst + debt, Duration::ZERO);
        let wait = bucket.wait(need);
        prop_assert!(!bucket.clone().take(need, wait - Duration::from_nanos(1)));
        prop_assert!(bucket.take(need, wait));
    }

    /// Whatever is given back or settled, all is accounted for.
    #[test]
    fn what_is_taken_is_given_back((rate, burst) in rates(), need in 1..9000 * UNIT, used in 0..9000 * UNIT) {
        let mut bucket = Bucket::new(rate, burst);
        bucket.take(need, Duration::ZERO);
        let mut refunded = bucket.clone();
        refunded.refund(need, Duration::ZERO);
        prop_assert_eq!(refunded.level(), burst);
        bucket.settle(need, used, Duration::ZERO);
        prop_assert_eq!(bucket.level(), burst - used);
    }

    /// Those who wait are served in their order, for each bucket, and what they gave up comes back.
    #[test]
    fn a_ledger_is_fair_and_loses_nothing(
        rates in prop::collection::vec(rates(), 1..4),
        steps in prop::collection::vec((0..4_u8, any::<prop::sample::Index>(), 1..400 * UNIT, 0..900_u64), 1..80),
    ) {
        let buckets: Vec<_> = rates.iter().map(|(rate, burst)| Bucket::new(*rate, *burst)).collect();
        let mut ledger = Buckets::new(buckets.clone());
        let (mut now, mut waiting, mut held) = (Duration::ZERO, Vec::<(u64, Vec<Charge>)>::new(), Vec::new());
        for (step, pick, units, millis) in steps {
            match step {
                0 | 1 => {
                    let mask = pick.index((1 << rates.len()) - 1) + 1;
                    let mine = (0..rates.len()).filter(|bucket| mask & (1 << bucket) != 0);
                    let charges: Vec<_> = mine.map(|bucket| Charge { bucket, units }).collect();
                    waiting.push((ledger.ask(charges.clone()), charges));
                }
                2 => now += Duration::from_millis(millis),
                _ if !waiting.is_empty() => {
                    let (ticket, _) = waiting.remove(pick.index(waiting.len()));
                    ledger.cancel(ticket, now);
                }
                _ => {}
            }
            ledger.serve(now);
            let mut skipped: Vec<bool> = vec![false; rates.len()];
            let mut left = Vec::new();
            for (ticket, charges) in waiting {
                let granted = ledger.claim(ticket);
                let ahead = charges.iter().any(|charge| skipped[charge.bucket]);
                match granted {
                    Some(granted) => {
                        prop_assert!(!ahead, "served before one who came first");
                        prop_assert_eq!(&granted, &charges);
                        held.extend(granted);
                    }
                    None => {
                        charges.iter().for_each(|charge| skipped[charge.bucket] = true);
                        // Whoever waits has a bucket with too little, or somebody ahead.
                        let short = |charge: &Charge| !ledger.bucket(charge.bucket).unwrap().wait(charge.units).is_zero();
                        prop_assert!(ahead || charges.iter().any(short), "kept waiting");
                        left.push((ticket, charges));
                    }
                }
            }
            waiting = left;
            prop_assert_eq!(ledger.waiting, waiting.len());
        }
        // All that was granted comes back, and nobody is forgotten.
        let mut buckets = buckets;
        for (at, bucket) in buckets.iter_mut().enumerate() {
            let of = |charges: &[Charge]| charges.iter().filter(|charge| charge.bucket == at).map(|charge| charge.units).sum::<i64>();
            prop_assert!(of(&held) as i128 <= rates[at].1 as i128
                + (rates[at].0 as i128 * now.as_nanos() as i128) / 1_000_000_000
                + held.iter().map(|charge| charge.units as i128).max().unwrap_or_default() + 1);
            bucket.tick(now);
        }
        while let Some((last, _)) = waiting.last() {
            now = ledger.due(*last, now, Waker::noop());
            ledger.serve(now);
            let before = waiting.len();
            waiting.retain(|(ticket, _)| ledger.claim(*ticket).is_none());
            prop_assert!(waiting.len() < before, "{} wait for ever", waiting.len());
        }
    }
}

#[test]
fn a_rate_that_was_cut_grows_again() {
    let mut bucket = Bucket::new(100 * UNIT, 100 * UNIT);
    bucket.throttle(Duration::ZERO, Duration::ZERO);
    assert_eq!((bucket.rate(), bucket.level()), (50 * UNIT, 0));
    // One sign, not ten.
    for _ in 0..10 {
        bucket.throttle(SECOND / 2, SECOND / 2);
    }
    assert_eq!(bucket.rate(), 50 * UNIT);
    bucket.tick(SECOND);
    assert_eq!((bucket.rate(), bucket.level()), (55 * UNIT, 50 * UNIT));
    bucket.throttle(SECOND, SECOND);
    assert_eq!(bucket.rate(), 55 * UNIT / 2);
    for second in 2..12 {
        bucket.throttle(second * SECOND, second * SECOND);
    }
    assert!(bucket.rate() >= 5 * UNIT, "{}", bucket.rate());
    bucket.tick(40 * SECOND);
    assert_eq!((bucket.rate(), bucket.level()), (100 * UNIT, 100 * UNIT));
}

/// A call tells of its throttled attempts when it is over, and the SDK makes pauses between them.
#[test]
fn what_was_throttled_before_a_cut_is_no_other_sign() {
    let mut bucket = Bucket::new(100 * UNIT, 100 * UNIT);
    bucket.throttle(SECOND, SECOND);
    bucket.throttle(SECOND / 2, 5 * SECOND);
    bucket.throttle(SECOND * 3 / 2, 5 * SECOND);
    assert_eq!(bucket.rate(), 70 * UNIT);
    bucket.throttle(4 * SECOND, 5 * SECOND);
    assert_eq!(bucket.rate(), 35 * UNIT);
}

#[test]
fn a_clock_that_goes_back_brings_nothing() {
    let mut bucket = Bucket::new(UNIT, 10 * UNIT);
    assert!(bucket.take(10 * UNIT, 5 * SECOND));
    bucket.tick(SECOND);
    assert_eq!(bucket.level(), 0);
    bucket.tick(7 * SECOND);
    assert_eq!(bucket.level(), 2 * UNIT);
}
