//! The limits of a request and a queue, to the byte; and the calls by which a queue paces its retries.

use super::*;
use crate::call::retry::DEFAULT_RETRY_TIMEOUT;

fn sized(position: u64, bytes: usize) -> PositionedWrite {
    PositionedWrite { table: 0, position, encoded: EncodedWrite::of_text(&format!("k{position}"), bytes) }
}

fn of_sizes(sizes: &[usize]) -> Queue {
    let mut queue = Queue::new(Limits { writes: 1000, bytes: 1 << 30 }, 1);
    (0..).zip(sizes).for_each(|(position, bytes)| queue.push(sized(position, *bytes)));
    queue
}

#[test]
fn a_request_has_twenty_five_writes_and_sixteen_megabytes() {
    let mut queue = Queue::new(Limits { writes: 1000, bytes: 1 << 30 }, 1);
    for position in 0..30 {
        queue.push(write(position, &position.to_string()));
    }
    assert_eq!(queue.next(false, Instant::now()).unwrap().writes.len(), 25);
    assert!(queue.next(false, Instant::now()).is_none(), "five are no full request");
    assert_eq!(queue.next(true, Instant::now()).unwrap().writes.len(), 5);
    for position in 100..110 {
        queue.push(sized(position, 2_400_000));
    }
    assert_eq!(queue.next(false, Instant::now()).unwrap().writes.len(), 6);
    assert_eq!(queue.next(true, Instant::now()).unwrap().writes.len(), 4);
}

#[test]
fn a_request_is_filled_to_the_byte() {
    // Each write has its comma, and all together what stands around them.
    let half = (MAX_BYTES - AROUND) / 2 - 1;
    for (more, count) in [(0, 2), (1, 1)] {
        let mut queue = of_sizes(&[half, half + more]);
        assert_eq!(queue.next(true, Instant::now()).unwrap().writes.len(), count);
    }
    // What is too large for a request goes alone, and DynamoDB says so.
    let mut queue = of_sizes(&[MAX_BYTES + 1, 1]);
    assert_eq!(positions(&queue.next(true, Instant::now()).unwrap()), [0]);
}

#[test]
fn twenty_five_writes_are_a_full_request() {
    for (count, is_full) in [(24, false), (25, true), (26, true)] {
        let mut queue = of_sizes(&vec![10; count]);
        assert_eq!(queue.has_request(), is_full);
        assert_eq!(queue.next(false, Instant::now()).map(|chunk| chunk.writes.len()), is_full.then_some(25));
    }
}

#[test]
fn each_limit_of_a_queue_counts_alone() {
    for (writes, bytes) in [(2, 1 << 20), (100, 200)] {
        let mut queue = Queue::new(Limits { writes, bytes }, 1);
        queue.push(sized(0, 100));
        assert!(queue.has_room());
        queue.push(sized(1, 100));
        assert!(!queue.has_room(), "{writes} {bytes}");
    }
}

#[test]
fn what_is_on_its_way_is_not_settled() {
    let mut queue = of_sizes(&[1]);
    let chunk = queue.next(true, Instant::now()).unwrap();
    assert!(!queue.is_empty());
    settle(&mut queue, chunk, &processed_but(&[]), false, &mut patient());
    assert!(queue.is_empty());
}

/// A batch of a million keys needs no more room than the writes that it holds at a time.
#[test]
fn the_place_of_a_key_is_used_again() {
    let mut queue = of_sizes(&[]);
    for position in 0..100 {
        queue.push(sized(position, 1));
        let chunk = queue.next(true, Instant::now()).unwrap();
        settle(&mut queue, chunk, &processed_but(&[]), false, &mut patient());
    }
    assert_eq!(queue.slots.len(), 1);
}

#[test]
fn the_write_that_makes_a_request_not_valid_is_found() {
    let keys: Vec<String> = (0..25).map(|number| format!("k{number}")).collect();
    let mut queue = queue(&keys.iter().map(String::as_str).collect::<Vec<_>>());
    let (mut pace, mut fates, mut requests) = (patient(), Vec::new(), 0);
    while let Some(chunk) = queue.next(true, Instant::now()) {
        requests += 1;
        let is_bad = positions(&chunk).contains(&7);
        let answer = if is_bad { BatchOutcome::Invalid } else { processed_but(&[]) };
        fates.extend(settle(&mut queue, chunk, &answer, false, &mut pace));
    }
    let bad: Vec<_> = fates.iter().filter(|(_, fate)| *fate != WriteOutcome::Written).collect();
    assert_eq!((bad, fates.len()), (vec![&(7, WriteOutcome::NotWritten)], 25));
    assert!(requests <= 13, "{requests} requests");
}

#[test]
fn of_two_writes_the_one_that_is_valid_is_written() {
    let mut queue = of_sizes(&[1, 1]);
    let (mut pace, mut fates) = (patient(), Vec::new());
    while let Some(chunk) = queue.next(true, Instant::now()) {
        let answer = if positions(&chunk).contains(&0) { BatchOutcome::Invalid } else { processed_but(&[]) };
        fates.extend(settle(&mut queue, chunk, &answer, false, &mut pace));
    }
    fates.sort_by_key(|(position, _)| *position);
    assert_eq!(fates, [(0, WriteOutcome::NotWritten), (1, WriteOutcome::Written)]);
    // A half is not more than that.
    let mut queue = of_sizes(&[1, 1, 1]);
    let chunk = queue.next(true, Instant::now()).unwrap();
    settle(&mut queue, chunk, &BatchOutcome::Invalid, false, &mut pace);
    assert_eq!(queue.next(true, Instant::now()).unwrap().writes.len(), 1);
}

/// Settles a request that was sent at `sent`, in seconds, by its answer a second later.
fn settle_at(queue: &mut Queue, begin: Instant, sent: u64, answer: &BatchOutcome, pace: &mut RetryPacer) {
    let at = |seconds| begin + Duration::from_secs(seconds);
    let chunk = queue.next(true, at(sent)).unwrap();
    queue.settle(chunk, (answer, false), pace, at(sent + 1), |_, _| {});
}

#[test]
fn patience_runs_while_nothing_is_written_and_something_is_left() {
    let begin = Instant::now();
    let over = |pace: &RetryPacer, seconds| {
        pace.is_over(begin + Duration::from_secs(seconds) + DEFAULT_RETRY_TIMEOUT)
    };
    // All of it comes back, twice: it runs since the first request.
    let (mut queue, mut pace) = (of_sizes(&[1, 1]), patient());
    for sent in [0, 10] {
        settle_at(&mut queue, begin, sent, &processed_but(&["k0", "k1"]), &mut pace);
    }
    assert!(over(&pace, 0));
    // A part of it is written: it begins anew with what fails after that.
    settle_at(&mut queue, begin, 20, &processed_but(&["k1"]), &mut pace);
    assert!(!over(&pace, 20));
    settle_at(&mut queue, begin, 30, &BatchOutcome::Failed, &mut pace);
    assert!(!over(&pace, 29) && over(&pace, 30));
    // What was refused in between was not written.
    let refused = queue.next(true, begin).unwrap();
    queue.push(sized(7, 1));
    queue.settle(refused, (&BatchOutcome::Refused, false), &mut pace, begin, |_, _| {});
    assert!(over(&pace, 30));
    // When nothing is left, what comes next has a new timeout.
    settle_at(&mut queue, begin, 40, &BatchOutcome::Refused, &mut pace);
    assert!(queue.is_empty() && !over(&pace, 1000));
}

#[test]
fn a_pause_is_for_what_is_left() {
    let begin = Instant::now();
    for answer in [processed_but(&[]), BatchOutcome::Refused] {
        let (mut queue, mut pace) = (of_sizes(&[1]), patient().of_requests(8));
        settle_at(&mut queue, begin, 0, &answer, &mut pace);
        assert_eq!((pace.pause(begin), pace.requests(begin)), (None, 8), "{answer:?}");
    }
}
