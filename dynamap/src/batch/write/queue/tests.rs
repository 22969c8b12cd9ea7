#![allow(clippy::unwrap_used, clippy::panic)]

mod limits;
mod several_tables;

use super::*;
use proptest::prelude::*;
use std::time::Duration;

const LIMITS: Limits = Limits { writes: 100, bytes: 1 << 20 };

fn write(position: u64, key: &str) -> PositionedWrite {
    write_to(0, position, key)
}

fn write_to(table: usize, position: u64, key: &str) -> PositionedWrite {
    PositionedWrite { table, position, encoded: EncodedWrite::of_text(key, 100) }
}

fn queue(keys: &[&str]) -> Queue {
    let mut queue = Queue::new(LIMITS, 1);
    for (position, key) in (0..).zip(keys) {
        queue.push(write(position, key));
    }
    queue
}

fn positions(chunk: &WriteBatch) -> Vec<u64> {
    chunk.writes.iter().map(|waiting| waiting.write.position).collect()
}

/// Settles a chunk, and gives the positions and fates of what is settled.
fn settle(
    queue: &mut Queue,
    chunk: WriteBatch,
    answer: &BatchOutcome,
    ambiguous: bool,
    pace: &mut RetryPacer,
) -> Vec<(u64, WriteOutcome)> {
    let mut fates = Vec::new();
    queue.settle(chunk, (answer, ambiguous), pace, Instant::now(), |write, fate| {
        fates.push((write.position, fate));
    });
    fates
}

fn patient() -> RetryPacer {
    RetryPacer::new(Duration::from_secs(60))
}

fn processed_but(keys: &[&str]) -> BatchOutcome {
    processed_but_of(keys.iter().map(|key| (0, *key)))
}

fn processed_but_of<'a>(keys: impl Iterator<Item = (usize, &'a str)>) -> BatchOutcome {
    let mut left = Unprocessed::default();
    keys.for_each(|(table, key)| left.add(table, KeyValues::text(key)));
    BatchOutcome::Processed(left)
}

#[test]
fn the_last_write_of_a_key_takes_the_place_of_the_first() {
    let mut queue = queue(&["a", "b"]);
    queue.push(write(2, "a"));
    let chunk = queue.next(true, Instant::now()).unwrap();
    assert_eq!(positions(&chunk), [2, 1]);
    let fates = settle(&mut queue, chunk, &processed_but(&[]), false, &mut patient());
    assert_eq!(
        fates,
        [(0, WriteOutcome::Superseded), (2, WriteOutcome::Written), (1, WriteOutcome::Written)]
    );
    assert!(queue.is_empty() && queue.bytes == 0 && queue.superseded == 0);
}

#[test]
fn a_write_waits_while_one_of_its_key_is_on_its_way() {
    let (mut queue, mut pace) = (queue(&["a"]), patient());
    let first = queue.next(true, Instant::now()).unwrap();
    queue.push(write(1, "a"));
    assert!(queue.next(true, Instant::now()).is_none(), "two of one key on their way");
    queue.push(write(2, "a"));
    // The first one came back, and is not sent behind the last.
    assert_eq!(settle(&mut queue, first, &processed_but(&["a"]), false, &mut pace), []);
    let last = queue.next(true, Instant::now()).unwrap();
    assert_eq!(positions(&last), [2]);
    let fates = settle(&mut queue, last, &processed_but(&[]), false, &mut pace);
    assert_eq!(
        fates,
        [(0, WriteOutcome::Superseded), (1, WriteOutcome::Superseded), (2, WriteOutcome::Written)]
    );
    assert!(queue.is_empty());
}

#[test]
fn a_write_that_is_never_taken_replaces_nothing() {
    let (mut queue, mut pace) = (queue(&["a", "a", "a"]), patient());
    for (refused, fates) in
        [(2, vec![(2, WriteOutcome::NotWritten)]), (1, vec![(1, WriteOutcome::NotWritten)])]
    {
        let chunk = queue.next(true, Instant::now()).unwrap();
        assert_eq!(positions(&chunk), [refused]);
        assert_eq!(settle(&mut queue, chunk, &BatchOutcome::Invalid, false, &mut pace), fates);
    }
    let chunk = queue.next(true, Instant::now()).unwrap();
    assert_eq!(positions(&chunk), [0]);
    assert_eq!(
        settle(&mut queue, chunk, &processed_but(&[]), false, &mut pace),
        [(0, WriteOutcome::Written)]
    );
    assert!(queue.is_empty() && queue.bytes == 0 && queue.superseded == 0);
}

#[test]
fn what_waits_behind_a_write_that_is_refused_is_not_replaced() {
    let (mut queue, mut pace) = (queue(&["a"]), patient());
    let chunk = queue.next(true, Instant::now()).unwrap();
    queue.push(write(1, "a"));
    queue.push(write(2, "a"));
    // The first attempt may have been applied, and is not sent again.
    assert_eq!(settle(&mut queue, chunk, &BatchOutcome::Failed, true, &mut pace), []);
    let chunk = queue.next(true, Instant::now()).unwrap();
    let fates = settle(&mut queue, chunk, &BatchOutcome::Refused, false, &mut pace);
    assert_eq!(
        fates,
        [(0, WriteOutcome::Unknown), (1, WriteOutcome::NotWritten), (2, WriteOutcome::NotWritten)]
    );
    assert!(queue.is_empty() && queue.bytes == 0 && queue.superseded == 0);
}

#[test]
fn writes_of_one_key_are_held_up_to_a_limit() {
    let mut queue = Queue::new(Limits { writes: 100, bytes: 1 << 30 }, 1);
    for position in 0.. {
        if !queue.has_room() {
            assert_eq!(position, MAX_SUPERSEDED as u64 + 1);
            break;
        }
        queue.push(write(position, "a"));
    }
    let chunk = queue.next(true, Instant::now()).unwrap();
    settle(&mut queue, chunk, &processed_but(&[]), false, &mut patient());
    assert!(queue.has_room() && queue.is_empty());
}

#[test]
fn what_is_left_goes_with_new_writes() {
    let (mut queue, mut pace) = (queue(&["a", "b", "c"]), patient());
    let chunk = queue.next(true, Instant::now()).unwrap();
    queue.push(write(3, "d"));
    settle(&mut queue, chunk, &processed_but(&["b"]), false, &mut pace);
    let chunk = queue.next(true, Instant::now()).unwrap();
    assert_eq!(positions(&chunk), [3, 1]);
}

#[test]
fn there_is_room_for_so_many_writes_and_bytes() {
    let mut queue = Queue::new(Limits { writes: 3, bytes: 350 }, 1);
    queue.push(write(0, "a"));
    queue.push(write(1, "b"));
    assert!(queue.has_room());
    queue.push(write(2, "a"));
    assert!(queue.has_room(), "it took the place of another");
    queue.push(write(3, "c"));
    assert!(!queue.has_room());
}

#[test]
fn what_may_have_been_applied_is_unknown_when_it_is_given_up() {
    for (first, last, expected) in [
        (false, false, WriteOutcome::NotWritten),
        (true, false, WriteOutcome::Unknown),
        (false, true, WriteOutcome::Unknown),
    ] {
        let (mut queue, mut pace, mut fates) = (queue(&["a"]), patient(), Vec::new());
        let begin = Instant::now();
        for (seconds, ambiguous) in [(59, first), (60, last)] {
            let chunk = queue.next(true, begin).unwrap();
            let now = begin + Duration::from_secs(seconds);
            queue.settle(chunk, (&BatchOutcome::Failed, ambiguous), &mut pace, now, |write, fate| {
                fates.push((seconds, write.position, fate));
            });
        }
        assert_eq!(fates, [(60, 0, expected)]);
        assert!(queue.is_empty());
    }
}

#[test]
fn an_attempt_that_is_written_settles_those_before_it() {
    let (mut queue, mut pace) = (queue(&["a"]), patient());
    let chunk = queue.next(true, Instant::now()).unwrap();
    settle(&mut queue, chunk, &BatchOutcome::Failed, true, &mut pace);
    let chunk = queue.next(true, Instant::now()).unwrap();
    assert_eq!(
        settle(&mut queue, chunk, &processed_but(&[]), false, &mut pace),
        [(0, WriteOutcome::Written)]
    );
}

/// An event of a queue.
#[derive(Debug, Clone)]
enum Step {
    /// A write of this key to this table.
    Push(usize, u8),
    Send(bool),
    /// Settles one of the requests on their way.
    Settle(usize, Outcome),
}

#[derive(Debug, Clone)]
enum Outcome {
    /// The writes whose bit is not set come back.
    Processed(u32),
    Failed(bool),
    Invalid,
    Refused,
}

fn step() -> impl Strategy<Value = Step> {
    let outcome = prop_oneof![
        4 => any::<u32>().prop_map(Outcome::Processed),
        2 => any::<bool>().prop_map(Outcome::Failed),
        1 => Just(Outcome::Invalid),
        1 => Just(Outcome::Refused),
    ];
    prop_oneof![
        6 => (0..3_usize, 0..8_u8).prop_map(|(table, key)| Step::Push(table, key)),
        2 => any::<bool>().prop_map(Step::Send),
        2 => (any::<usize>(), outcome).prop_map(|(which, outcome)| Step::Settle(which, outcome)),
    ]
}

proptest! {
    /// Whatever happens: every write has one fate, no two of a key of a table are on their way, and none is sent behind a
    /// later one.
    #[test]
    fn every_write_has_one_fate(
        steps in prop::collection::vec(step(), 1..300),
        retry_timeout in 0_u64..2,
        tables in 1_usize..=3,
    ) {
        let mut model = Model::new(RetryPacer::new(Duration::from_secs(retry_timeout * 60)), tables);
        for step in steps {
            model.step(step);
        }
        // In the end everything is processed.
        loop {
            model.step(Step::Send(true));
            if model.on_their_way.is_empty() {
                break;
            }
            model.step(Step::Settle(0, Outcome::Processed(u32::MAX)));
        }
        prop_assert!(model.queue.is_empty());
        prop_assert_eq!(model.queue.bytes, 0);
        prop_assert_eq!(model.fates.len() as u64, model.given);
        model.check_what_is_stored();
    }
}

/// A table that the requests of a queue write to, and what must be true of them.
struct Model {
    queue: Queue,
    pace: RetryPacer,
    given: u64,
    on_their_way: Vec<WriteBatch>,
    /// The number of tables.
    tables: usize,
    /// The last position that was sent, by key.
    sent: HashMap<TableKey, u64>,
    /// The keys by position.
    keys: Vec<TableKey>,
    /// The position that is stored for certain, by key; what may have been applied makes it uncertain.
    stored: HashMap<TableKey, Option<u64>>,
    fates: HashMap<u64, WriteOutcome>,
}

/// A table, and a key of it.
type TableKey = (usize, String);

impl Model {
    fn new(pace: RetryPacer, tables: usize) -> Self {
        Self {
            queue: Queue::new(LIMITS, tables),
            tables,
            pace,
            given: 0,
            on_their_way: Vec::new(),
            sent: HashMap::new(),
            keys: Vec::new(),
            stored: HashMap::new(),
            fates: HashMap::new(),
        }
    }

    fn fate(&mut self, position: u64, fate: WriteOutcome) {
        assert!(self.fates.insert(position, fate).is_none(), "{position} has two fates");
        // What DynamoDB never takes is nothing that an earlier one could not follow.
        let key = &self.keys[position as usize];
        if fate != WriteOutcome::Written && self.sent.get(key) == Some(&position) {
            self.sent.remove(key);
        }
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Push(table, key) => {
                let key = (table % self.tables, format!("k{key}"));
                self.queue.push(write_to(key.0, self.given, &key.1));
                self.keys.push(key);
                self.given += 1;
            }
            Step::Send(any) => self.send(any),
            Step::Settle(which, outcome) if !self.on_their_way.is_empty() => {
                let chunk = self.on_their_way.swap_remove(which % self.on_their_way.len());
                self.settle(chunk, &outcome);
            }
            Step::Settle(..) => {}
        }
    }

    fn send(&mut self, any: bool) {
        let Some(chunk) = self.queue.next(any, Instant::now()) else { return };
        assert!((1..=MAX_WRITES).contains(&chunk.writes.len()));
        for position in positions(&chunk) {
            let key = &self.keys[position as usize];
            let is_there =
                |chunk: &WriteBatch| positions(chunk).iter().any(|other| self.keys[*other as usize] == *key);
            assert!(!self.on_their_way.iter().any(is_there), "{key:?} is on its way twice");
            assert!(
                self.sent.get(key).is_none_or(|sent| *sent <= position),
                "{key:?} is sent behind a later one"
            );
            self.sent.insert(key.clone(), position);
        }
        self.on_their_way.push(chunk);
    }

    fn settle(&mut self, chunk: WriteBatch, outcome: &Outcome) {
        let positions = positions(&chunk);
        let key = |position: u64| self.keys[position as usize].clone();
        let (answer, ambiguous) = match outcome {
            Outcome::Processed(mask) => {
                let left = positions.iter().enumerate().filter(|(at, _)| mask & (1 << at) == 0);
                let left: Vec<TableKey> = left.map(|(_, position)| key(*position)).collect();
                (processed_but_of(left.iter().map(|(table, key)| (*table, key.as_str()))), false)
            }
            Outcome::Failed(ambiguous) => (BatchOutcome::Failed, *ambiguous),
            Outcome::Invalid => (BatchOutcome::Invalid, false),
            Outcome::Refused => (BatchOutcome::Refused, false),
        };
        for position in &positions {
            let key = key(*position);
            match &answer {
                BatchOutcome::Processed(left) if !left.has_key(key.0, &KeyValues::text(&key.1)) => {
                    self.stored.insert(key, Some(*position));
                }
                _ if ambiguous => drop(self.stored.insert(key, None)),
                _ => {}
            }
        }
        let mut fates = Vec::new();
        self.queue.settle(chunk, (&answer, ambiguous), &mut self.pace, Instant::now(), |write, fate| {
            fates.push((write.position, fate));
        });
        fates.into_iter().for_each(|(position, fate)| self.fate(position, fate));
    }

    /// Checks that each replaced write was replaced by a later one that was written. The last write of a key that was
    /// written is the one that is stored, unless a later one is unknown.
    fn check_what_is_stored(&self) {
        for key in &self.keys {
            let of_key = (0_u64..).zip(&self.keys).filter(|(_, other)| *other == key);
            let fates: Vec<_> = of_key.map(|(position, _)| (position, self.fates[&position])).collect();
            let last = fates.iter().rev().find(|(_, fate)| *fate == WriteOutcome::Written);
            for (position, _) in fates.iter().filter(|(_, fate)| *fate == WriteOutcome::Superseded) {
                assert!(last.is_some_and(|(last, _)| last > position), "{position} was not replaced");
            }
            let uncertain = fates.iter().rev().take_while(|(_, fate)| *fate != WriteOutcome::Written);
            if let Some((position, _)) = last
                && !uncertain.into_iter().any(|(_, fate)| *fate == WriteOutcome::Unknown)
            {
                assert_eq!(self.stored.get(key), Some(&Some(*position)), "{key:?}");
            }
        }
    }
}
