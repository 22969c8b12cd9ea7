//! One document with a version, to which each write adds a mark of its own.

use super::{
    history::{Told, of_modify},
    world::{Desk, World},
};
use dynamap::{
    Entity, Error,
    entity::Versioned,
    expr::Update,
    value::{FromZero, Version},
};
use std::rc::Rc;
use uuid::Uuid;

const CLIENTS: u32 = 3;
const ACTIONS: u32 = 5;

/// What the clients write.
pub(super) trait Page: Versioned + Entity<Table = Desk> + Clone {
    fn new() -> Self;
    fn own_key() -> Self::Key;
    fn marks(&self) -> &Vec<String>;
    fn mark(&mut self, mark: &str);
    fn marking(mark: &str) -> Update<Self>;
    fn noting(note: u32) -> Update<Self>;
    /// How many writes there were, if the version tells.
    fn writes(&self) -> Option<u64>;
}

macro_rules! pages {
    ($($name:ident: $key:literal, $version:ty, $writes:expr;)*) => { $(
        #[derive(Debug, Clone, PartialEq, Entity)]
        #[dynamap(table = Desk, pk = $key)]
        pub(super) struct $name {
            marks: Vec<String>,
            note: u32,
            #[dynamap(version)]
            version: Version<$version>,
        }

        impl Page for $name {
            fn new() -> Self {
                Self { marks: Vec::new(), note: 0, version: Version::NEW }
            }
            fn own_key() -> Self::Key {
                Self::key()
            }
            fn marks(&self) -> &Vec<String> {
                &self.marks
            }
            fn mark(&mut self, mark: &str) {
                self.marks.push(mark.to_owned());
            }
            fn marking(mark: &str) -> Update<Self> {
                Self::MARKS.append([mark])
            }
            fn noting(note: u32) -> Update<Self> {
                Self::NOTE.set(note)
            }
            fn writes(&self) -> Option<u64> {
                let writes: fn(&$version) -> Option<u64> = $writes;
                writes(self.version.stored()?)
            }
        }
    )* };
}

pages! {
    Numbered: "NUMBERED", u64, |version| Some(*version - 1);
    FromZeroed: "FROM-ZERO", FromZero<u64>, |version| Some(version.0);
    Random: "RANDOM", Uuid, |_| None;
}

pub(super) async fn run<E: Page>(world: &Rc<World>) {
    world.quiet.create(&mut E::new()).send().await.unwrap();
    let with_blind_writes = fastrand::bool();
    world
        .clients(CLIENTS, move |world, client| async move {
            for action in 0..ACTIONS {
                world.think().await;
                act::<E>(&world, client, &format!("{client}-{action}"), with_blind_writes).await;
            }
        })
        .await;
    check::<E>(world, with_blind_writes).await;
}

async fn act<E: Page>(world: &World, client: u32, mark: &str, with_blind_writes: bool) {
    let desk = &world.desk;
    let marks = |page: &Option<E>| page.as_ref().map_or_else(Vec::new, |page| page.marks().clone());
    let chosen = fastrand::u8(..6);
    if chosen == 0 {
        let change = |page: &mut E| {
            page.mark(mark);
            Ok::<(), ()>(())
        };
        let modify = desk.repository::<E>().modify(E::own_key(), change);
        world.told(client, "modify", mark, async { of_modify(modify.send().await) }).await;
        return;
    }
    if chosen == 1 && with_blind_writes {
        // It leaves no mark: that it does not disturb others is what counts.
        let update = desk.update(E::own_key()).apply(E::noting(fastrand::u32(..))).ignore_version();
        if let Err(error) = update.send().await
            && Told::by(&error).is_none()
        {
            world.violated(format!("a blind update: {error}"));
        }
        return;
    }
    let read = desk.get(E::own_key()).consistent_read().send();
    // What cannot be read is tried later.
    let Some(Some(mut page)) = world.read(client, read, marks).await else { return };
    if chosen == 2 {
        return;
    }
    world.think().await;
    let old = page.clone();
    if chosen == 3 {
        let update = desk.update(E::own_key()).apply(E::marking(mark)).expect_version(old.version());
        world.write(client, "update", mark, update.send()).await;
        return;
    }
    page.mark(mark);
    let write = async {
        let outcome = match chosen {
            4 => desk.replace(&mut page).send().await,
            _ => desk.save(&mut page).send().await,
        };
        if let Err(Error::VersionConflict(conflict)) = &outcome {
            // The item that comes with a conflict is what was there.
            world.saw(marks(&conflict.current::<E>().transpose().unwrap()));
        }
        outcome
    };
    let told = world.write(client, if chosen == 4 { "replace" } else { "save" }, mark, write).await;
    if (page.version() != old.version()) && told != Told::Applied {
        world.violated(format!("{mark} was told {told:?} and has a new version in memory"));
    }
}

async fn check<E: Page>(world: &World, with_blind_writes: bool) {
    let page = world.quiet.get(E::own_key()).consistent_read().send().await.unwrap().unwrap();
    let marks = page.marks();
    world.check_marks(|mark| marks.iter().filter(|known| *known == mark).count());
    // One chain: each version has one mark more than the one before it.
    let position = |mark: &str| marks.iter().position(|known| known == mark);
    for read in world.reads() {
        if !marks.starts_with(&read.marks) {
            world.violated(format!("{:?} was read, and is no beginning of {marks:?}", read.marks));
        }
        // What was acknowledged before a read is in it.
        let before = world
            .writes()
            .into_iter()
            .filter(|write| write.told == Told::Applied && write.span.1 < read.begun);
        for write in before.filter(|write| !read.marks.contains(&write.mark)) {
            world.violated(format!("{} was acknowledged before {:?} was read", write.mark, read.marks));
        }
    }
    let applied: Vec<_> =
        world.writes().into_iter().filter(|write| position(&write.mark).is_some()).collect();
    for (first, second) in applied.iter().flat_map(|first| applied.iter().map(move |second| (first, second)))
    {
        let in_order =
            first.told == Told::Applied && second.told == Told::Applied && first.span.1 < second.span.0;
        if in_order && position(&first.mark) > position(&second.mark) {
            world.violated(format!("{} ended before {} began, and comes after it", first.mark, second.mark));
        }
    }
    if let Some(writes) = page.writes()
        && (writes < marks.len() as u64 || !with_blind_writes && writes != marks.len() as u64)
    {
        world.violated(format!("the version counts {writes} writes, and there are {} marks", marks.len()));
    }
}
