//! Programs that know different shapes of the same items, and backfills between them. Each write adds a mark of its own.

use super::{
    history::{Told, of_modify},
    world::{Desk, World},
};
use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::{
    Attribute, Entity, Error, Table,
    entity::{Item, Versioned},
    outcome::BackfillReport,
    value::Version,
};
use std::{pin::Pin, rc::Rc, time::Duration};

const CLIENTS: u32 = 5;
const ACTIONS: u32 = 6;
const ITEMS: u32 = 3;

/// A list of marks, as one of the programs knows it.
trait Marks: Entity<Table = Desk> + Clone {
    fn new(id: u32) -> Self;
    fn key_of(id: u32) -> Self::Key;
    fn marks(&self) -> &Vec<String>;
    fn mark(&mut self, mark: &str);
    /// None of a program that writes another shape than its own, which updates nothing.
    fn update(&self, desk: &Table<Desk>, mark: &str) -> Option<Updating>;
}

type Updating = Pin<Box<dyn Future<Output = Result<(), Error>>>>;

macro_rules! marks {
    ($($name:ident: $key:literal, $entity:literal, ($($shape:tt)*), $marks:ident, $update:expr, ($($version:tt)*);)*) => { $(
        #[derive(Debug, Clone, PartialEq, Entity)]
        #[dynamap(table = Desk, pk = $key, name = $entity, $($shape)*)]
        struct $name {
            id: u32,
            $marks: Vec<String>,
            $($version)*
        }

        impl Marks for $name {
            fn new(id: u32) -> Self {
                $name::of(id, Vec::new(), Version::NEW)
            }
            fn key_of(id: u32) -> Self::Key {
                Self::key(id)
            }
            fn marks(&self) -> &Vec<String> {
                &self.$marks
            }
            fn mark(&mut self, mark: &str) {
                self.$marks.push(mark.to_owned());
            }
            fn update(&self, desk: &Table<Desk>, mark: &str) -> Option<Updating> {
                let update: fn(&Self, &Table<Desk>, &str) -> Option<Updating> = $update;
                update(self, desk, mark)
            }
        }
    )* };
}

macro_rules! updates {
    ($name:ident, $marks:ident $(, $version:ident)?) => {
        |page, desk, mark| {
            let update = desk.update($name::key(page.id)).apply($name::$marks.append([mark]));
            Some(Box::pin(update$(.expect_version(&page.$version))?.send()))
        }
    };
}

marks! {
    Old: "SHAPED#{id}", "Shaped", (shape = 1), marks, updates!(Old, MARKS, version),
        (#[dynamap(version)] version: Version,);
    New: "SHAPED#{id}", "Shaped", (shape = 2, upgrade(PlainOld)), entries, updates!(New, ENTRIES, version),
        (#[dynamap(version)] version: Version,);
    Between: "SHAPED#{id}", "Shaped", (shape = 2, upgrade(Old), writes = 1), entries, |_, _, _| None,
        (#[dynamap(version)] version: Version,);
    OldBare: "SHAPED-BARE#{id}", "Bare", (shape = 1), marks, updates!(OldBare, MARKS), ();
    NewBare: "SHAPED-BARE#{id}", "Bare", (shape = 2, upgrade(OldBare)), entries, updates!(NewBare, ENTRIES), ();
}

/// The old list as an older shape, which need not have the lineage of its version.
#[derive(Debug, Clone, PartialEq, Attribute)]
struct PlainOld {
    id: u32,
    marks: Vec<String>,
    version: Version,
}

macro_rules! of {
    ($($name:ident: $marks:ident $(, $version:ident)?;)*) => { $(
        impl $name {
            #[allow(unused_variables)]
            fn of(id: u32, $marks: Vec<String>, known: Version) -> Self {
                Self { id, $marks, $($version: known)? }
            }
        }
    )* };
}

of! { Old: marks, version; New: entries, version; Between: entries, version; OldBare: marks; NewBare: entries; }

impl From<PlainOld> for New {
    fn from(PlainOld { id, marks, version }: PlainOld) -> Self {
        Self::of(id, marks, version)
    }
}

impl From<Old> for Between {
    fn from(Old { id, marks, version }: Old) -> Self {
        Self::of(id, marks, version)
    }
}

impl From<&Between> for Old {
    fn from(Between { id, entries, version }: &Between) -> Self {
        Self::of(*id, entries.clone(), *version)
    }
}

impl From<OldBare> for NewBare {
    fn from(OldBare { id, marks }: OldBare) -> Self {
        Self::of(id, marks, Version::NEW)
    }
}

pub(super) async fn run(world: &Rc<World>) {
    for id in 0..ITEMS {
        world.quiet.create(&mut Old::new(id)).send().await.unwrap();
        world.quiet.create(&OldBare::new(id)).send().await.unwrap();
    }
    world
        .clients(CLIENTS, |world, client| async move {
            for action in 0..ACTIONS {
                world.think().await;
                let mark = format!("{client}-{action}");
                match (client, fastrand::u8(..8)) {
                    (0, 0..3) => backfill(&world).await,
                    (_, 3) => act_bare::<OldBare>(&world, client, &mark).await,
                    (_, 4) => act_bare::<NewBare>(&world, client, &mark).await,
                    (1, _) => act::<Old>(&world, client, &mark).await,
                    (2, _) => act::<New>(&world, client, &mark).await,
                    (3, _) => act::<Between>(&world, client, &mark).await,
                    (_, 5) => act::<New>(&world, client, &mark).await,
                    (_, _) => act::<Old>(&world, client, &mark).await,
                }
            }
        })
        .await;
    check(world).await;
    // Once all is quiet, a backfill leaves the new shape everywhere, and all that was written.
    backfilled(world, world.quiet.repository::<New>().backfill().send().await);
    backfilled(world, world.quiet.repository::<NewBare>().backfill().send().await);
    for item in check(world).await {
        if item.get("shape") != Some(&AttributeValue::N("2".into())) {
            world.violated(format!("{:?} was left in an older shape", item["pk"]));
        }
    }
}

/// A program that meets a newer shape than it knows has written nothing.
fn told(outcome: Result<(), Option<Error>>) -> Result<(), Option<Error>> {
    match outcome {
        Err(Some(Error::Decode(error))) if error.found_shape() > error.known_shape() => Err(None),
        outcome => outcome,
    }
}

async fn act<E: Marks + Versioned>(world: &World, client: u32, mark: &str) {
    let (desk, id) = (&world.desk, fastrand::u32(..ITEMS));
    let chosen = fastrand::u8(..4);
    if chosen == 0 {
        let change = |page: &mut E| {
            page.mark(mark);
            Ok::<(), ()>(())
        };
        let modify = desk.repository::<E>().modify(E::key_of(id), change);
        world.told(client, "modify", mark, async { told(of_modify(modify.send().await)) }).await;
        return;
    }
    let Ok(Some(mut page)) = desk.get(E::key_of(id)).consistent_read().send().await else { return };
    world.saw(page.marks().clone());
    world.think().await;
    let old = page.clone();
    if let (1, Some(update)) = (chosen, old.update(desk, mark)) {
        world.write(client, "update", mark, update).await;
        return;
    }
    page.mark(mark);
    let write = async {
        match chosen {
            2 => desk.replace(&mut page).send().await,
            _ => desk.save(&mut page).send().await,
        }
    };
    let told = world.write(client, if chosen == 2 { "replace" } else { "save" }, mark, write).await;
    if (page.version() != old.version()) && told != Told::Applied {
        world.violated(format!("{mark} was told {told:?} and has a new version in memory"));
    }
}

async fn act_bare<E: Marks>(world: &World, client: u32, mark: &str) {
    let page = E::new(fastrand::u32(..ITEMS));
    if let Some(update) = page.update(&world.desk, mark) {
        world.write(client, "bare update", mark, update).await;
    }
}

/// A backfill that may be given up, after which another goes on.
async fn backfill(world: &World) {
    async fn both(desk: &Table<Desk>, world: &World) {
        let mut last = None;
        let shaped = desk.repository::<New>().backfill().segments(2).concurrency(2);
        let shaped = shaped.on_progress(|progress| last = Some(progress.checkpoint.clone()));
        backfilled(world, shaped.send().await);
        if let Some(checkpoint) = last.filter(|_| fastrand::bool()) {
            backfilled(world, desk.repository::<New>().backfill().resume_from(checkpoint).send().await);
        }
        backfilled(world, desk.repository::<NewBare>().backfill().segments(1).send().await);
    }
    let patience = Duration::from_millis(fastrand::u64(50..20_000));
    let _ = tokio::time::timeout(patience, both(&world.desk, world)).await;
}

/// Requests may fail; items may not.
fn backfilled(world: &World, outcome: Result<BackfillReport, Error>) {
    let report = match outcome {
        Ok(report) => report,
        Err(Error::IncompleteBackfill(incomplete)) => incomplete.into_report(),
        Err(error) => return world.violated(format!("a backfill: {error}")),
    };
    for failure in report.failed() {
        if matches!(failure.error(), Error::Decode(_) | Error::Key(_) | Error::Expression(_)) {
            world.violated(format!("a backfill failed at an item: {}", failure.error()));
        }
    }
    let counted = report.written() + report.current() + report.newer() + report.failures();
    if counted != report.seen() {
        world.violated(format!("a backfill has lost items: {report:?}"));
    }
}

/// Compares the marks with what clients were told, and looks for items of mixed shape.
async fn check(world: &World) -> Vec<Item> {
    let scan = world.quiet.client().scan().table_name("desk").consistent_read(true);
    let items = scan.send().await.unwrap().items.unwrap_or_default();
    let mut all = Vec::new();
    let mut lists = Vec::new();
    for item in &items {
        let has = |name: &str| item.contains_key(name);
        let is_new = item.get("shape") == Some(&AttributeValue::N("2".into()));
        if has("entries") != is_new || has("marks") == is_new {
            world.violated(format!("{:?} is of mixed shape: {:?}", item["pk"], item.keys()));
        }
        let list = item.get(if is_new { "entries" } else { "marks" }).and_then(|list| list.as_l().ok());
        let list: Vec<String> = list.into_iter().flatten().map(|mark| mark.as_s().unwrap().clone()).collect();
        all.extend(list.iter().cloned());
        lists.push(list);
    }
    world.check_marks(|mark| all.iter().filter(|known| *known == mark).count());
    for read in world.reads() {
        if !lists.iter().any(|list| list.starts_with(&read.marks)) {
            world.violated(format!("{:?} was read, and is no beginning of what is there", read.marks));
        }
    }
    items
}
