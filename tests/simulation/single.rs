//! Writes that were applied and of which one answer is lost: none may be told that it failed.

use super::{
    trace::mix,
    world::{self, Desk},
};
use aws_sdk_dynamodb::Client;
use dynamap::{Entity, Error, Table, value::Version};
use dynamap_local::{
    Local,
    faults::{Effect, Fault, Faults, Plan, When},
};
use std::sync::{
    Mutex,
    atomic::{AtomicU64, Ordering},
};
use uuid::Uuid;

/// How an answer is lost after the write was applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lost {
    /// The connection broke.
    Connection,
    /// The server answered with status 500.
    Error,
    /// The answer never came.
    Hang,
    /// The answer was cut off.
    Cut,
    /// The answer was damaged.
    Damaged,
}

/// What came of the writes with one kind of loss.
#[derive(Debug, Default, Clone, Copy)]
pub struct Losses {
    /// Writes whose answer was lost.
    pub writes: u64,
    /// Writes that were told to have succeeded.
    pub applied: u64,
    /// Writes that were told that nobody knows.
    pub unknown: u64,
    /// Writes that were told that they failed, which is not true; or that were not done exactly once.
    pub untrue: u64,
}

impl Lost {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Connection, Self::Error, Self::Hang, Self::Cut, Self::Damaged];

    fn fault(self) -> Fault {
        match self {
            Self::Connection => Fault::DropAfter,
            Self::Error => Fault::ErrorAfter,
            Self::Hang => Fault::HangAfter,
            Self::Cut => Fault::Truncated(1),
            Self::Damaged => Fault::Corrupted(fastrand::usize(..64)),
        }
    }

    /// Loses the answer of at least so many writes.
    pub fn of(self, seed: u64, writes: u64) -> Losses {
        // The engine becomes slow with the tokens of many transactions.
        const OF_ONE: u64 = 210;
        let (next, sum) = (AtomicU64::new(0), Mutex::new(Losses::default()));
        let threads = std::thread::available_parallelism().map_or(1, |threads| threads.get());
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    loop {
                        let begin = next.fetch_add(OF_ONE, Ordering::Relaxed);
                        if begin >= writes {
                            break;
                        }
                        let one = world::run(self.some(mix(seed, begin), OF_ONE));
                        let mut sum = sum.lock().unwrap();
                        sum.writes += one.writes;
                        sum.applied += one.applied;
                        sum.unknown += one.unknown;
                        sum.untrue += one.untrue;
                    }
                });
            }
        });
        sum.into_inner().unwrap()
    }

    async fn some(self, seed: u64, writes: u64) -> Losses {
        fastrand::seed(seed);
        let (local, faults) = Local::memory().unwrap().with_faults(Plan::script([]));
        let client = Client::from_conf(dynamap::direct::prepare(local.config()).build());
        let desk = Table::<Desk>::new(client, "desk");
        desk.create_table_if_absent().send().await.unwrap();
        let mut losses = Losses::default();
        let mut number = 0;
        while losses.writes < writes {
            number += 1;
            let loss = Loss { lost: self, desk: &desk, faults: &faults };
            loss.numbered(number, &mut losses).await;
            loss.random(number, &mut losses).await;
            loss.counted(number, &mut losses).await;
        }
        losses
    }
}

macro_rules! notes {
    ($($name:ident: $key:literal, $version:ty;)*) => { $(
        #[derive(Debug, Clone, PartialEq, Entity)]
        #[dynamap(table = Desk, pk = $key)]
        struct $name {
            number: u64,
            count: u32,
            #[dynamap(version)]
            version: Version<$version>,
        }
    )* };
}

notes! {
    Numbered: "NUMBERED#{number}", u64;
    Random: "RANDOM#{number}", Uuid;
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Desk, pk = "COUNTED#{number}", transactional)]
struct Counted {
    number: u64,
    count: u32,
}

struct Loss<'a> {
    lost: Lost,
    desk: &'a Table<Desk>,
    faults: &'a Faults,
}

impl Loss<'_> {
    /// Does a write whose first answer is lost.
    async fn write(&self, losses: &mut Losses, write: impl Future<Output = Result<(), Error>>) {
        let before = self.faults.log().len();
        self.faults.add(When::any(), self.lost.fault());
        let outcome = write.await;
        losses.writes += 1;
        match outcome {
            Ok(()) => losses.applied += 1,
            Err(Error::Unknown(_)) => losses.unknown += 1,
            Err(_) => losses.untrue += 1,
        }
        // The fault was there, and the request was applied.
        let log = self.faults.log();
        let first = log.get(before);
        losses.untrue +=
            u64::from(first.is_none_or(|first| first.fault.is_none() || first.effect != Effect::Applied));
    }

    fn check(losses: &mut Losses, truth: bool) {
        losses.untrue += u64::from(!truth);
    }

    async fn counted(&self, number: u64, losses: &mut Losses) {
        let desk = self.desk;
        let key = || Counted::key(number);
        self.write(losses, desk.create(&Counted { number, count: 0 }).send()).await;
        self.write(losses, desk.update(key()).apply(Counted::COUNT.add(1_u32)).send()).await;
        let counted = desk.get(key()).consistent_read().send().await.unwrap();
        Self::check(losses, counted == Some(Counted { number, count: 1 }));
        self.write(losses, desk.delete(key()).send()).await;
        Self::check(losses, desk.get(key()).consistent_read().send().await.unwrap().is_none());
    }
}

macro_rules! of_versions {
    ($($function:ident: $entity:ident;)*) => {
        impl Loss<'_> { $(
            async fn $function(&self, number: u64, losses: &mut Losses) {
                let desk = self.desk;
                let key = || $entity::key(number);
                let mut note = $entity { number, count: 0, version: Version::NEW };
                self.write(losses, desk.create(&mut note).send()).await;
                note.count = 1;
                self.write(losses, desk.save(&mut note).send()).await;
                note.count = 2;
                self.write(losses, desk.replace(&mut note).send()).await;
                let stored = desk.get(key()).consistent_read().send().await.unwrap();
                Self::check(losses, stored.as_ref() == Some(&note));
                let count = desk.update(key()).apply($entity::COUNT.add(1_u32)).expect_version(&note.version);
                self.write(losses, count.send()).await;
                let stored = desk.get(key()).consistent_read().send().await.unwrap();
                Self::check(losses, stored.as_ref().is_some_and(|stored| stored.count == 3));
                // What is gone does not tell who deleted it: unknown, and never a conflict.
                if let Some(stored) = stored {
                    self.write(losses, desk.delete(key()).expect_version(&stored.version).send()).await;
                }
            }
        )* }
    };
}

of_versions! {
    numbered: Numbered;
    random: Random;
}
