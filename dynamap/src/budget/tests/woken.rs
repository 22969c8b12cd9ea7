//! The calls that are woken when the buckets change: those that are served, and the first in line when its turn comes
//! sooner.

use super::*;
use std::{sync::Arc, task::Wake};

struct NoopWaker;

impl Wake for NoopWaker {
    fn wake(self: Arc<Self>) {}
}

/// Tickets with their wakers, on a bucket with ten units and one a second that was emptied, beside another that is full.
struct Line {
    ledger: Buckets,
    wakers: Vec<(u64, Waker)>,
}

impl Line {
    fn of(units: &[i64]) -> Self {
        let mut ledger = Buckets::new(vec![Bucket::new(UNIT, 10 * UNIT); 2]);
        let all = ledger.ask(charge(10));
        assert!(ledger.serve(Duration::ZERO).is_empty());
        assert_eq!(ledger.claim(all), Some(charge(10)));
        let wakers = units.iter().map(|units| (ledger.ask(charge(*units)), Waker::from(Arc::new(NoopWaker))));
        let wakers = wakers.collect();
        Self { ledger, wakers }
    }

    /// All ask when their turn is: after so many seconds.
    fn ask(&mut self, now: Duration) -> Vec<u64> {
        let due = self.wakers.iter().map(|(ticket, waker)| self.ledger.due(*ticket, now, waker).as_secs());
        due.collect()
    }

    /// The places of those who are woken.
    fn places(&self, woken: &[Waker]) -> Vec<usize> {
        let place = |waker: &Waker| self.wakers.iter().position(|(_, of)| of.will_wake(waker)).unwrap();
        woken.iter().map(place).collect()
    }
}

fn charge(units: i64) -> Vec<Charge> {
    vec![Charge { bucket: 0, units: units * UNIT }]
}

#[test]
fn units_that_come_back_wake_the_first_in_line() {
    let mut line = Line::of(&[5, 4, 1]);
    assert_eq!(line.ask(Duration::ZERO), [5, 9, 10]);
    let woken = line.ledger.refund(&charge(2), Duration::ZERO);
    assert_eq!(line.places(&woken), [0]);
    assert_eq!(line.ask(Duration::ZERO), [3, 7, 8]);
    let woken = line.ledger.settle(&charge(2), &charge(1), Duration::ZERO);
    assert_eq!(line.places(&woken), [0]);
    // It was told, and has not asked again.
    assert!(line.ledger.settle(&charge(2), &charge(1), Duration::ZERO).is_empty());
    assert_eq!(line.ask(Duration::ZERO), [1, 5, 6]);
    // Nobody comes sooner for what was as expected, or more.
    for used in [2, 3] {
        assert!(line.ledger.settle(&charge(2), &charge(used), Duration::ZERO).is_empty(), "{used}");
    }
    assert_eq!(line.ask(Duration::ZERO), [2, 6, 7]);
    // Enough for two of them, who are served; the next is told.
    let woken = line.ledger.refund(&charge(6), Duration::ZERO);
    assert_eq!((line.places(&woken), line.ledger.waiting), (vec![0, 1, 2], 1));
}

#[test]
fn who_leaves_makes_place_for_the_next() {
    let mut line = Line::of(&[5, 4, 1, 1]);
    line.ask(Duration::ZERO);
    let (first, second) = (line.wakers[0].0, line.wakers[1].0);
    let woken = line.ledger.cancel(first, Duration::ZERO);
    assert_eq!((line.places(&woken), line.ledger.waiting), (vec![1], 3));
    // A second brings one unit, which is not enough for the first in line, and so for none.
    line.ask(Duration::ZERO);
    assert!(line.ledger.serve(SECOND).is_empty());
    let woken = line.ledger.serve(4 * SECOND);
    assert_eq!((line.places(&woken), line.ledger.waiting), (vec![1, 2], 2));
    // What was granted comes back, and serves those who wait.
    line.ask(4 * SECOND);
    let woken = line.ledger.cancel(second, 4 * SECOND);
    assert_eq!((line.places(&woken), line.ledger.waiting), (vec![2, 3], 0));
    assert_eq!(line.ledger.bucket(0).map(Bucket::level), Some(2 * UNIT));
    // Those are gone, also who has claimed what was granted to it.
    let third = line.wakers[2].0;
    assert_eq!(line.ledger.claim(third), Some(charge(1)));
    line.wakers.push((line.ledger.ask(charge(9)), Waker::from(Arc::new(NoopWaker))));
    line.ask(4 * SECOND);
    assert!(line.ledger.cancel(third, 4 * SECOND).is_empty());
    assert!(line.ledger.cancel(first, 4 * SECOND).is_empty());
    assert_eq!(line.ledger.claim(second), Some(Vec::new()));
}
