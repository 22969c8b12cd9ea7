//! A few places at which items are created and deleted again.

use super::{
    history::Told,
    world::{Desk, World},
};
use dynamap::{Entity, value::Version};
use std::{cell::RefCell, collections::HashMap, rc::Rc};

const CLIENTS: u32 = 3;
const ACTIONS: u32 = 6;
const SLOTS: u32 = 3;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Desk, pk = "SLOT#{slot}")]
struct Held {
    slot: u32,
    mark: String,
    #[dynamap(version)]
    version: Version,
}

/// What clients were told of the creation and the deletions of an item.
struct Fate {
    slot: u32,
    created: Option<Told>,
    deleted: Vec<Told>,
}

/// The fates by marks.
#[derive(Default)]
struct Fates(RefCell<HashMap<String, Fate>>);

impl Fates {
    fn of(&self, mark: &str, slot: u32, note: impl FnOnce(&mut Fate)) {
        let fates = &mut *self.0.borrow_mut();
        note(fates.entry(mark.to_owned()).or_insert(Fate { slot, created: None, deleted: Vec::new() }));
    }
}

pub(super) async fn run(world: &Rc<World>) {
    let fates = Rc::new(Fates::default());
    let shared = fates.clone();
    world
        .clients(CLIENTS, move |world, client| {
            let fates = shared.clone();
            async move {
                for action in 0..ACTIONS {
                    world.think().await;
                    act(&world, &fates, client, &format!("{client}-{action}")).await;
                }
            }
        })
        .await;
    check(world, &fates).await;
}

async fn act(world: &World, fates: &Fates, client: u32, mark: &str) {
    let slot = fastrand::u32(..SLOTS);
    let marks = |held: &Option<Held>| held.iter().map(|held| held.mark.clone()).collect();
    let read = world.desk.get(Held::key(slot)).consistent_read().send();
    let Some(found) = world.read(client, read, marks).await else { return };
    match found {
        None => {
            let mut held = Held { slot, mark: mark.to_owned(), version: Version::NEW };
            // A late request would create again what was deleted meanwhile, were it not a transaction.
            let create = world.desk.create(&mut held).transactional();
            let told = world.write(client, "create", mark, create.send()).await;
            fates.of(mark, slot, |fate| fate.created = Some(told));
        }
        Some(held) => {
            let delete = world.desk.delete(Held::key(slot)).expect_version(&held.version).transactional();
            let told = world.write(client, "delete", &held.mark, delete.send()).await;
            fates.of(&held.mark, slot, |fate| fate.deleted.push(told));
        }
    }
}

async fn check(world: &World, fates: &Fates) {
    let mut present = Vec::new();
    for slot in 0..SLOTS {
        present.extend(
            world.quiet.get(Held::key(slot)).consistent_read().send().await.unwrap().map(|held| held.mark),
        );
    }
    let may = |told: &Told| *told != Told::NotApplied;
    for (mark, Fate { slot, created, deleted }) in &*fates.0.borrow() {
        let Some(created) = created else {
            world.violated(format!("{mark} was deleted from slot {slot}, and nobody created it"));
            continue;
        };
        let is_there = present.contains(mark);
        let deletions = deleted.iter().filter(|told| **told == Told::Applied).count();
        let was_deleted = deleted.iter().any(may);
        let wrong = match created {
            Told::NotApplied => is_there || deletions > 0,
            Told::Applied => {
                deletions > 1 || is_there == (deletions == 1) && !(was_deleted && deletions == 0)
            }
            Told::Unknown | Told::Dropped => deletions > 1 || is_there && deletions > 0,
        };
        if wrong {
            world.violated(format!(
                "{mark} in slot {slot}: created {created:?}, deleted {deleted:?}, and it is {}",
                if is_there { "there" } else { "gone" }
            ));
        }
    }
    // What was never created is not seen.
    for mark in world.reads().into_iter().flat_map(|read| read.marks) {
        let created = fates.0.borrow().get(&mark).and_then(|fate| fate.created);
        if created == Some(Told::NotApplied) {
            world.violated(format!("{mark} was read, and its creation was told NotApplied"));
        }
    }
}
