//! Events whose records fail, take their time and cannot be read, by an oracle.

use crate::event::{ARN, event, image, record};
use crate::model::{Order, Status, order};
use dynamap::stream::{PoisonRecord, lambda::StreamHandler};
use fastrand::Rng;
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::time::sleep;

/// A record of an event.
#[derive(Debug, Clone, Copy)]
struct Plan {
    shard: usize,
    key: u32,
    /// The number of attempts that fail.
    failures: u32,
    is_readable: bool,
    /// Whether the record is stored if it is poison.
    is_stored: bool,
}

#[derive(Debug)]
struct Course {
    plans: Vec<Plan>,
    concurrency: usize,
    max_attempts: u32,
    has_poison_function: bool,
}

/// What the functions of the caller saw.
#[derive(Debug, Default)]
struct Seen {
    /// The records at work.
    running: Vec<usize>,
    most: usize,
    attempts: BTreeMap<usize, u32>,
    /// The records that are done, in the order in which they were.
    done: Vec<usize>,
    poison: Vec<usize>,
    mistakes: Vec<String>,
}

impl Course {
    fn random(rng: &mut Rng) -> Self {
        let plan = |rng: &mut Rng| Plan {
            shard: rng.usize(0..2),
            key: rng.u32(0..4),
            failures: if rng.u8(0..4) == 0 { rng.u32(1..5) } else { 0 },
            is_readable: rng.u8(0..12) > 0,
            is_stored: rng.bool(),
        };
        Self {
            plans: (0..rng.usize(0..16)).map(|_| plan(rng)).collect(),
            concurrency: rng.usize(1..6),
            max_attempts: rng.u32(1..4),
            has_poison_function: rng.bool(),
        }
    }

    fn arn(shard: usize) -> String {
        format!("{ARN}{shard}")
    }

    /// The record at a position, whose number is the position.
    fn record(&self, position: usize) -> Value {
        let plan = self.plans[position];
        let item = image(&Order { number: plan.key, ..order(Status::Open) });
        let mut record = record(position, "INSERT", None, Some(item));
        record["eventSourceARN"] = Self::arn(plan.shard).into();
        if !plan.is_readable {
            record["dynamodb"]["NewImage"]["status"] = json!({ "S": "Lost" });
        }
        record
    }

    fn is_done(&self, position: usize) -> bool {
        let plan = self.plans[position];
        let fails = !plan.is_readable || plan.failures >= self.max_attempts;
        !fails || self.has_poison_function && plan.is_stored
    }
}

/// The position of a record by its event id.
fn position(event_id: Option<&str>) -> usize {
    usize::from_str_radix(event_id.unwrap(), 16).unwrap()
}

impl Seen {
    fn begin(&mut self, course: &Course, position: usize) {
        let plan = course.plans[position];
        let same_key =
            |other: &usize| (course.plans[*other].shard, course.plans[*other].key) == (plan.shard, plan.key);
        if let Some(other) = self.running.iter().find(|other| same_key(other)) {
            self.mistakes.push(format!("{position} was begun while {other} of its key was at work"));
        }
        if let Some(earlier) = (0..position).filter(same_key).find(|earlier| !self.done.contains(earlier)) {
            self.mistakes.push(format!("{position} was begun before {earlier} of its key was done"));
        }
        self.running.push(position);
        self.most = self.most.max(self.running.len());
    }

    fn end(&mut self, position: usize, is_done: bool) {
        self.running.retain(|running| *running != position);
        if is_done {
            self.done.push(position);
        }
    }
}

type Shared = (Arc<Course>, Arc<Mutex<Seen>>);

async fn handle((course, seen): Shared, position: usize) -> Result<(), String> {
    let attempt = {
        let mut seen = seen.lock().unwrap();
        seen.begin(&course, position);
        let attempt = seen.attempts.entry(position).or_default();
        *attempt += 1;
        *attempt
    };
    sleep(Duration::from_millis(fastrand::u64(0..50))).await;
    let is_done = attempt > course.plans[position].failures;
    seen.lock().unwrap().end(position, is_done);
    if is_done { Ok(()) } else { Err("not now".to_owned()) }
}

async fn store_poison((course, seen): Shared, position: usize) -> Result<(), String> {
    seen.lock().unwrap().begin(&course, position);
    sleep(Duration::from_millis(fastrand::u64(0..50))).await;
    let mut seen = seen.lock().unwrap();
    let is_stored = course.plans[position].is_stored;
    seen.end(position, is_stored);
    seen.poison.push(position);
    if is_stored { Ok(()) } else { Err("the table of dead letters is full".to_owned()) }
}

fn handler(shared: &Shared) -> StreamHandler<Order> {
    let (course, own) = (&shared.0, shared.clone());
    let handler = StreamHandler::new(move |change: dynamap::stream::ChangeRecord<Order>| {
        handle(own.clone(), position(change.event_id()))
    });
    let handler = handler.concurrency(course.concurrency).max_attempts(course.max_attempts);
    if !course.has_poison_function {
        return handler;
    }
    let own = shared.clone();
    handler.on_poison(move |poison| {
        let position = match &poison {
            PoisonRecord::Unreadable(error) => position(error.event_id()),
            PoisonRecord::Failed { change, attempts, .. } => {
                assert_eq!(*attempts, own.0.max_attempts);
                position(change.event_id())
            }
            _ => unreachable!("there are two"),
        };
        store_poison(own.clone(), position)
    })
}

/// Handles one event, and compares.
async fn check(course: Course) {
    let (course, seen) = (Arc::new(course), Arc::default());
    let shared: Shared = (course, seen);
    let records: Vec<Value> = (0..shared.0.plans.len()).map(|position| shared.0.record(position)).collect();
    let response = handler(&shared).handle(&event(&records), None).await.unwrap();
    let (course, seen) = (&*shared.0, shared.1.lock().unwrap());
    assert_eq!((&seen.running, &seen.mistakes), (&vec![], &vec![]), "{course:?}");
    assert!(seen.most <= course.concurrency, "{course:?} {seen:?}");
    let mut expected = Vec::new();
    for shard in 0..2 {
        let mut own = (0..course.plans.len()).filter(|position| course.plans[*position].shard == shard);
        // All before the failure are done, and the failure is not.
        let failure = own.clone().find(|position| !course.is_done(*position));
        let before = own.by_ref().take_while(|position| Some(*position) != failure);
        let missing: Vec<usize> = before.filter(|position| !seen.done.contains(position)).collect();
        assert_eq!(missing, [0; 0], "{course:?} {seen:?}");
        expected.extend(failure);
    }
    let numbers = response.failures().iter().map(|failure| failure.sequence_number().as_str());
    let mut told: Vec<usize> =
        numbers.map(|number| number.parse::<usize>().unwrap() - 4_421_584_500).collect();
    told.sort_unstable();
    expected.sort_unstable();
    assert_eq!(told, expected, "{course:?} {seen:?}");
    assert!(seen.attempts.values().all(|attempts| *attempts <= course.max_attempts), "{course:?} {seen:?}");
}

#[tokio::test(start_paused = true)]
async fn the_order_of_each_key_is_kept_and_the_lowest_record_that_failed_is_told() {
    let cases = std::env::var("DYNAMAP_CASES").map_or(1500, |cases| cases.parse().unwrap());
    let first =
        std::env::var("DYNAMAP_SEED").map_or_else(|_| fastrand::u64(..), |seed| seed.parse().unwrap());
    for seed in (0..cases).map(|case| first.wrapping_add(case)) {
        eprintln!("DYNAMAP_SEED={seed}");
        fastrand::seed(seed);
        check(Course::random(&mut Rng::with_seed(seed))).await;
    }
}

/// An event in another order, such as one made by hand: numbers tell the order of its records.
#[tokio::test]
async fn records_are_handled_by_their_numbers() {
    let records: Vec<Value> = [3, 1, 2, 0]
        .into_iter()
        .map(|number| record(number, "INSERT", None, Some(image(&order(Status::Open)))))
        .collect();
    let seen: Arc<Mutex<Vec<usize>>> = Arc::default();
    let own = seen.clone();
    let handler = StreamHandler::<Order>::new(move |change| {
        let number = position(change.event_id());
        own.lock().unwrap().push(number);
        std::future::ready(if number == 2 { Err("no") } else { Ok(()) })
    });
    let response = handler.max_attempts(1).handle(&event(&records), None).await.unwrap();
    assert_eq!(*seen.lock().unwrap(), [0, 1, 2]);
    assert_eq!(response.failures()[0].sequence_number().as_str(), "0000000000000004421584502");
}
