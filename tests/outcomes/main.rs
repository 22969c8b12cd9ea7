//! What writes say of themselves, against what became of them: several clients write one item while answers are lost,
//! delayed, cut and damaged, and requests arrive late.
//!
//! `DYNAMAP_SEED` repeats a run, `DYNAMAP_SCHEDULES` sets how many schedules there are.
#![allow(clippy::unwrap_used, clippy::panic)]

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use dynamap::entity::Versioned;
use dynamap::value::Version;
use dynamap::{Entity, Error, Table, TableSchema};
use dynamap_local::Local;
use dynamap_local::faults::{Plan, Rates};
use std::cell::RefCell;
use std::io::Write;
use std::rc::Rc;
use std::time::Duration;
use uuid::Uuid;

const CLIENTS: u32 = 3;
const WRITES: u32 = 4;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Desk;

/// What the clients write: each write adds a mark of its own.
trait Page: Versioned + Entity<Table = Desk> {
    fn new() -> Self;
    fn own_key() -> Self::Key;
    fn marks(&mut self) -> &mut Vec<String>;
}

macro_rules! pages {
    ($($name:ident: $key:literal, $version:ty;)*) => { $(
        #[derive(Debug, Clone, PartialEq, Entity)]
        #[dynamap(table = Desk, pk = $key)]
        struct $name {
            marks: Vec<String>,
            #[dynamap(version)]
            version: $version,
        }

        impl Page for $name {
            fn new() -> Self {
                Self { marks: Vec::new(), version: Version::NEW }
            }
            fn own_key() -> Self::Key {
                Self::key()
            }
            fn marks(&mut self) -> &mut Vec<String> {
                &mut self.marks
            }
        }
    )* };
}

pages! {
    Numbered: "NUMBERED", Version;
    Random: "RANDOM", Version<Uuid>;
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Desk, pk = "COUNTER")]
struct Counter {
    count: u64,
}

/// What a client was told of one write.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Told {
    Applied,
    NotApplied,
    Unknown,
}

impl Told {
    fn of<T>(outcome: Result<T, Error>) -> Self {
        match outcome {
            Ok(_) => Self::Applied,
            Err(Error::Unknown(_)) => Self::Unknown,
            // A refusal, a conflict, or a service that says so.
            Err(Error::VersionConflict(_) | Error::ConditionFailed(_) | Error::Service(_)) => {
                Self::NotApplied
            }
            Err(other) => panic!("{other:?}"),
        }
    }
}

/// How often each was told.
#[derive(Debug, Default)]
struct Tally {
    applied: usize,
    not_applied: usize,
    unknown: usize,
    faults: usize,
}

impl Tally {
    fn add(&mut self, told: Told) {
        match told {
            Told::Applied => self.applied += 1,
            Told::NotApplied => self.not_applied += 1,
            Told::Unknown => self.unknown += 1,
        }
    }
}

#[test]
fn every_outcome_is_the_truth() {
    let number = |name| std::env::var(name).ok().map(|value| value.parse::<u64>().unwrap());
    let first = number("DYNAMAP_SEED").unwrap_or_else(|| fastrand::u64(..u64::from(u32::MAX)));
    let schedules = number("DYNAMAP_SCHEDULES").unwrap_or(300);
    let line = format!("outcomes: {schedules} schedules, DYNAMAP_SEED={first}\n");
    std::io::stderr().write_all(line.as_bytes()).unwrap();
    let mut tally = Tally::default();
    for seed in first..first + schedules {
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        match seed % 2 {
            0 => runtime.block_on(schedule::<Numbered>(seed, &mut tally)),
            _ => runtime.block_on(schedule::<Random>(seed, &mut tally)),
        }
    }
    std::io::stderr().write_all(format!("{tally:?}\n").as_bytes()).unwrap();
    // Where nothing happens, nothing is tested.
    assert!(
        tally.faults > schedules as usize && tally.applied > tally.faults && tally.not_applied > 0,
        "{tally:?}"
    );
    assert!(tally.unknown > 0 && tally.unknown < tally.applied, "{tally:?}");
}

async fn schedule<E: Page>(seed: u64, tally: &mut Tally) {
    fastrand::seed(seed);
    let local = Local::memory().unwrap();
    let quiet = Table::<Desk>::new(local.client(), "desk");
    quiet.create_table_if_absent().send().await.unwrap();
    quiet.create(&mut E::new()).send().await.unwrap();
    quiet.create(&Counter { count: 0 }).send().await.unwrap();

    let plan = Plan::random(seed, Rates::all(0.2)).latency(Duration::ZERO..=Duration::from_millis(40));
    let (faulty, faults) = local.with_faults(plan);
    let timeouts = TimeoutConfig::builder().operation_attempt_timeout(Duration::from_secs(2)).build();
    let config = dynamap::direct::prepare(faulty.config()).timeout_config(timeouts);
    let desk = Table::<Desk>::new(Client::from_conf(config.build()), "desk");

    let told: Rc<RefCell<Vec<(String, Told)>>> = Rc::default();
    let counted: Rc<RefCell<Vec<Told>>> = Rc::default();
    let tasks = tokio::task::LocalSet::new();
    for client in 0..CLIENTS {
        let (desk, told, counted) = (desk.clone(), told.clone(), counted.clone());
        tasks.spawn_local(async move {
            for write in 0..WRITES {
                tokio::time::sleep(Duration::from_millis(fastrand::u64(..50))).await;
                // What cannot be read is tried later.
                let Ok(Some(mut page)) = desk.get(E::own_key()).consistent_read().send().await else {
                    continue;
                };
                let mark = format!("{client}-{write}");
                page.marks().push(mark.clone());
                let outcome = match fastrand::bool() {
                    true => desk.save(&mut page).send().await,
                    false => desk.replace(&mut page).send().await,
                };
                told.borrow_mut().push((mark, Told::of(outcome)));
                let count = desk.update(Counter::key()).apply(Counter::COUNT.add(1_u64)).send().await;
                counted.borrow_mut().push(Told::of(count));
            }
        });
    }
    tasks.await;
    faults.stop();
    faults.drain().await;

    let mut page = quiet.get(E::own_key()).consistent_read().send().await.unwrap().unwrap();
    for (mark, told) in &*told.borrow() {
        let times = page.marks().iter().filter(|known| *known == mark).count();
        let truth = match told {
            Told::Applied => times == 1,
            Told::NotApplied => times == 0,
            Told::Unknown => times <= 1,
        };
        assert!(truth, "{mark} was told {told:?} and is there {times} times, DYNAMAP_SEED={seed}");
        tally.add(*told);
    }
    let count = quiet.get(Counter::key()).consistent_read().send().await.unwrap().unwrap().count as usize;
    let told_of = |wanted| counted.borrow().iter().filter(|told| **told == wanted).count();
    let (applied, unknown) = (told_of(Told::Applied), told_of(Told::Unknown));
    assert!(
        (applied..=applied + unknown).contains(&count),
        "{count} counted, {applied} told, {unknown} unknown, DYNAMAP_SEED={seed}"
    );
    counted.borrow().iter().for_each(|told| tally.add(*told));
    tally.faults += faults.log().iter().filter(|request| request.fault.is_some()).count();
    assert!(faults.illegal().is_empty(), "{:?}", faults.illegal());
}
