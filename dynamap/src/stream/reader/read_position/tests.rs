#![allow(clippy::unwrap_used)]

use super::*;
use proptest::prelude::*;

fn number(at: u64) -> SequenceNumber {
    format!("{at:021}").parse().unwrap()
}

/// A shard of a service whose record `n` was written at second `n / 2`.
#[derive(Debug)]
struct Shard {
    written: u64,
    /// The first record that is there.
    horizon: u64,
    closed: bool,
    gone: bool,
    /// Iterators of an older generation have expired.
    generation: u64,
    lacks_times: bool,
}

impl Shard {
    fn iterator(&self, of: &IteratorType) -> Result<String, ReadFailure> {
        let next = match of {
            IteratorType::TrimHorizon => self.horizon,
            IteratorType::Latest => self.written,
            IteratorType::At(number) => number.as_str().parse().unwrap(),
            IteratorType::After(number) => number.as_str().parse::<u64>().unwrap() + 1,
            IteratorType::AtTime(_) if self.lacks_times => return Err(ReadFailure::InvalidPosition),
            IteratorType::AtTime(time) => self.horizon.max(2 * time.as_seconds().max(0) as u64),
        };
        match () {
            () if self.gone => Err(ReadFailure::ShardGone),
            () if next < self.horizon => Err(ReadFailure::Trimmed),
            () => Ok(format!("{next} {}", self.generation)),
        }
    }

    fn records(&self, iterator: &str, limit: u64) -> Result<(Vec<u64>, Option<String>), ReadFailure> {
        let (next, generation) = iterator.split_once(' ').unwrap();
        let next: u64 = next.parse().unwrap();
        if self.gone {
            return Err(ReadFailure::ShardGone);
        } else if generation != self.generation.to_string() {
            return Err(ReadFailure::ExpiredIterator);
        } else if next < self.horizon {
            return Err(ReadFailure::Trimmed);
        }
        let end = self.written.min(next + limit);
        let iterator = (end < self.written || !self.closed).then(|| format!("{end} {}", self.generation));
        Ok(((next..end).collect(), iterator))
    }
}

#[derive(Debug, Clone)]
enum Event {
    Write(u64),
    Read(u64),
    Fail,
    Expire,
    Trim(u64),
    /// The worker ends, and another goes on at the checkpoint.
    TakeOver,
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        4 => (1..6_u64).prop_map(Event::Write),
        8 => (0..4_u64).prop_map(Event::Read),
        1 => Just(Event::Fail),
        2 => Just(Event::Expire),
        1 => (1..4_u64).prop_map(Event::Trim),
        1 => Just(Event::TakeOver),
    ]
}

/// The deliveries that a consumer has seen of a shard.
#[derive(Debug, Default)]
struct Delivered {
    records: Vec<u64>,
    /// The record before which a gap was told, by position in `records`.
    gaps: Vec<usize>,
}

/// One request and its response.
fn read(position: &mut ReadPosition, shard: &Shard, limit: u64, fails: bool, seen: &mut Delivered) {
    let failure = match position.next() {
        NextRead::End => return,
        NextRead::Gap => {
            seen.gaps.push(seen.records.len());
            return position.told_gap();
        }
        _ if fails => ReadFailure::Transient,
        NextRead::Iterator(of) => match shard.iterator(&of) {
            Ok(iterator) => return position.got_iterator(iterator),
            Err(failure) => failure,
        },
        NextRead::Records(iterator) => match shard.records(&iterator, limit) {
            Ok((records, next)) => {
                for record in records {
                    match position.admit(&number(record), Some(EpochSeconds(record as i64 / 2))) {
                        Admission::PassOver => continue,
                        Admission::DeliverAfterGap => seen.gaps.push(seen.records.len()),
                        Admission::Deliver => {}
                    }
                    seen.records.push(record);
                }
                return position.got_records(next);
            }
            Err(failure) => failure,
        },
    };
    if position.failed(failure).0 {
        seen.gaps.push(seen.records.len());
    }
}

proptest! {
    /// Every record of the shard is delivered, once and in order, unless a gap was told where it is missing.
    #[test]
    fn nothing_is_missing_without_a_gap(
        start in 0..3_usize,
        before in 0..10_u64,
        events in prop::collection::vec(event(), 0..60),
        gone in prop::bool::weighted(0.1),
        lacks_times in any::<bool>(),
    ) {
        let mut shard = Shard { written: before, horizon: 0, closed: false, gone: false, generation: 0, lacks_times };
        let started_at = EpochSeconds(before as i64 / 2);
        let place = match start {
            0 => Checkpoint::TrimHorizon,
            1 => Checkpoint::At(number(0)),
            _ => Checkpoint::Latest(started_at),
        };
        let mut position = ReadPosition::new(place.clone(), true, Some(number(0)));
        let mut seen = Delivered::default();
        // It is read before anything happens, as the first record is not known otherwise.
        read(&mut position, &shard, 3, false, &mut seen);
        for event in events {
            match event {
                Event::Write(count) => shard.written += count,
                Event::Read(limit) => read(&mut position, &shard, limit, false, &mut seen),
                Event::Fail => read(&mut position, &shard, 1, true, &mut seen),
                Event::Expire => shard.generation += 1,
                Event::Trim(count) => shard.horizon = (shard.horizon + count).min(shard.written),
                Event::TakeOver => {
                    let checkpoint = seen.records.last().map_or(position.place().clone(), |last| {
                        Checkpoint::After(number(*last))
                    });
                    // A gap that was told is not told again.
                    let checkpoint = if position.is_in_gap { Checkpoint::TrimHorizon } else { checkpoint };
                    position = ReadPosition::new(checkpoint, false, Some(number(0)));
                }
            }
        }
        (shard.closed, shard.gone) = (true, gone);
        for _ in 0..200 {
            read(&mut position, &shard, 3, false, &mut seen);
        }
        prop_assert_eq!(position.next(), NextRead::End);
        prop_assert!(seen.records.is_sorted_by(|a, b| a < b), "{:?}", seen);
        let first = if start == 2 { before } else { 0 };
        let mut expected = first;
        for (at, record) in seen.records.iter().enumerate() {
            // Records of the last second before a start at the latest may come as well.
            prop_assert!(*record <= expected || seen.gaps.contains(&at), "{} is missing: {:?}", expected, seen);
            expected = expected.max(record + 1);
        }
        let is_told = seen.gaps.contains(&seen.records.len());
        prop_assert!(expected == shard.written || is_told, "{} is missing: {:?}", expected, seen);
        if shard.horizon == 0 && !gone {
            prop_assert!(seen.gaps.is_empty(), "{:?}", seen);
        }
    }
}

/// Readers asked again and again with the iterator that had expired.
#[test]
fn an_expired_iterator_goes_on_after_the_last_record() {
    let mut position = ReadPosition::new(Checkpoint::TrimHorizon, false, None);
    position.got_iterator("i".into());
    assert_eq!(position.admit(&number(7), None), Admission::Deliver);
    position.got_records(Some("j".into()));
    let mut longest = Duration::ZERO;
    for _ in 0..50 {
        assert_eq!(position.next(), NextRead::Records("j".into()));
        let (is_gap, pause) = position.failed(ReadFailure::ExpiredIterator);
        assert!(!is_gap);
        longest = longest.max(pause);
        assert_eq!(position.next(), NextRead::Iterator(IteratorType::After(number(7))));
        position.got_iterator("j".into());
    }
    assert!(longest > Duration::from_secs(1), "it does not hurry: {longest:?}");
}

/// Readers asked for an iterator after the number "null".
#[test]
fn without_a_record_an_expired_iterator_goes_on_at_the_start() {
    for (place, expected) in [
        (Checkpoint::TrimHorizon, IteratorType::TrimHorizon),
        (Checkpoint::From(EpochSeconds(5)), IteratorType::AtTime(EpochSeconds(5))),
        (Checkpoint::At(number(3)), IteratorType::At(number(3))),
        (Checkpoint::After(number(3)), IteratorType::After(number(3))),
    ] {
        let mut position = ReadPosition::new(place, true, None);
        assert_eq!(position.next(), NextRead::Iterator(expected.clone()));
        position.got_iterator("i".into());
        position.got_records(Some("j".into()));
        position.failed(ReadFailure::ExpiredIterator);
        assert_eq!(position.next(), NextRead::Iterator(expected));
    }
}

/// The latest of today is not the latest of yesterday: what was written in between is found by its time.
#[test]
fn a_start_at_the_latest_that_expires_loses_nothing() {
    let started_at = EpochSeconds(1000);
    let mut position = ReadPosition::new(Checkpoint::Latest(started_at), true, None);
    assert_eq!(position.next(), NextRead::Iterator(IteratorType::Latest));
    position.got_iterator("i".into());
    position.got_records(Some("j".into()));
    position.failed(ReadFailure::ExpiredIterator);
    let other = ReadPosition::new(Checkpoint::Latest(started_at), false, None);
    for mut position in [position, other] {
        assert_eq!(position.next(), NextRead::Iterator(IteratorType::AtTime(EpochSeconds(940))));
        assert!(!position.failed(ReadFailure::InvalidPosition).0);
        assert_eq!(position.next(), NextRead::Iterator(IteratorType::TrimHorizon));
        position.got_iterator("i".into());
        let mut admit = |at, time| position.admit(&number(at), Some(EpochSeconds(time)));
        assert_eq!(admit(1, 939), Admission::PassOver);
        assert_eq!(admit(2, 1000), Admission::Deliver);
        // The service's times are approximate: after the first, all are delivered.
        assert_eq!(admit(3, 938), Admission::Deliver);
    }
}

/// A second iterator would be behind what was written since the first was asked for.
#[test]
fn an_iterator_at_the_latest_that_was_not_got_is_not_asked_for_again() {
    let mut position = ReadPosition::new(Checkpoint::Latest(EpochSeconds(1000)), true, None);
    assert!(!position.failed(ReadFailure::Transient).0);
    assert_eq!(position.next(), NextRead::Iterator(IteratorType::AtTime(EpochSeconds(940))));
}

/// An iterator at the latest record is followed by new records only, whatever the clock of the worker says.
#[test]
fn times_do_not_count_behind_an_iterator_at_the_latest() {
    let mut position = ReadPosition::new(Checkpoint::Latest(EpochSeconds(1000)), true, None);
    position.got_iterator("i".into());
    assert_eq!(position.admit(&number(1), Some(EpochSeconds(800))), Admission::Deliver);
}

#[test]
fn records_from_a_time_on_are_delivered() {
    let mut position = ReadPosition::new(Checkpoint::From(EpochSeconds(10)), false, None);
    let mut admit = |at, time: Option<i64>| position.admit(&number(at), time.map(EpochSeconds));
    assert_eq!(admit(1, Some(9)), Admission::PassOver);
    assert_eq!(admit(2, None), Admission::Deliver);
}

#[test]
fn a_number_that_is_refused_is_passed_over_from_the_oldest_record_on() {
    let mut position = ReadPosition::new(Checkpoint::After(number(3)), false, None);
    assert!(!position.failed(ReadFailure::InvalidPosition).0);
    assert_eq!(position.next(), NextRead::Iterator(IteratorType::TrimHorizon));
    position.got_iterator("i".into());
    assert_eq!([2, 3, 4].map(|at| position.admit(&number(at), None)), {
        use Admission::{Deliver, PassOver};
        [PassOver, PassOver, Deliver]
    });
}

#[test]
fn a_gap_is_told_once() {
    let mut position = ReadPosition::new(Checkpoint::After(number(3)), false, None);
    assert!(position.failed(ReadFailure::Trimmed).0);
    assert!(
        !position.failed(ReadFailure::Trimmed).0,
        "the oldest record was trimmed as well, before it was read"
    );
    assert!(!position.failed(ReadFailure::ShardGone).0);
    assert_eq!(position.next(), NextRead::End);
    let mut position = ReadPosition::new(Checkpoint::Gap, false, None);
    assert_eq!(position.next(), NextRead::Gap);
    position.told_gap();
    assert_eq!(position.next(), NextRead::Iterator(IteratorType::TrimHorizon));
}
