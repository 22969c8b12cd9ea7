//! Versions of entities.

use crate::MAPPING;
use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::entity::Versioned;
use dynamap::value::{
    AttributeType, FromAttribute, FromZero, Reader, ToAttribute, Version, VersionValue, Writer,
};
use dynamap::{Entity, Error, Result, Table, TableSchema};
use dynamap::{
    error::{DecodeError, EncodeError},
    outcome::VersionConflict,
};
use dynamap_local::Local;
use std::sync::atomic::{AtomicU64, Ordering};
use uuid::Uuid;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Files;

macro_rules! entities {
    ($($name:ident: $prefix:literal, $version:ty;)*) => { $(
        #[derive(Debug, Clone, PartialEq, Entity)]
        #[dynamap(table = Files, pk = $prefix)]
        struct $name {
            #[dynamap(key_only)]
            id: u32,
            text: String,
            #[dynamap(version, rename = "Version")]
            version: $version,
        }

        impl File for $name {
            fn new(text: &str) -> Self {
                Self { id: 1, text: text.into(), version: Version::NEW }
            }
            fn own_key() -> Self::Key {
                Self::key(1)
            }
            fn text(&mut self) -> &mut String {
                &mut self.text
            }
            fn set(text: &str) -> dynamap::expr::Update<Self> {
                Self::TEXT.set(text)
            }
        }
    )* };
}

/// What the tests need of each kind.
trait File: Versioned + Clone + PartialEq + std::fmt::Debug {
    fn new(text: &str) -> Self;
    fn own_key() -> Self::Key;
    fn text(&mut self) -> &mut String;
    fn set(text: &str) -> dynamap::expr::Update<Self>;
}

entities! {
    Numbered: "NUMBERED#{id}", Version<u64>;
    Zeroed: "ZEROED#{id}", Version<FromZero<i32>>;
    Random: "RANDOM#{id}", Version<Uuid>;
    Tagged: "TAGGED#{id}", Version<Tag>;
}

/// A version of one's own: a text that no other has.
#[derive(Debug, Clone, PartialEq)]
struct Tag(String);

impl AttributeType for Tag {
    type DataType = dynamap::value::marker::S;
}
impl ToAttribute for Tag {
    fn write<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
        w.string(&self.0)
    }
}
impl FromAttribute for Tag {
    fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError> {
        r.string().map(Self)
    }
}
impl VersionValue for Tag {
    const COUNTS: bool = false;

    fn first() -> Self {
        static TAGS: AtomicU64 = AtomicU64::new(0);
        Self(format!("tag-{}", TAGS.fetch_add(1, Ordering::Relaxed)))
    }
    fn next(&self) -> Option<Self> {
        Some(Self::first())
    }
}

async fn files() -> Table<Files> {
    let files = Table::new(Local::memory().unwrap().client(), "files").with_mapping(MAPPING);
    files.create_table_if_absent().send().await.unwrap();
    files
}

#[track_caller]
fn conflict<T: std::fmt::Debug>(result: Result<T>) -> VersionConflict {
    match result {
        Err(Error::VersionConflict(conflict)) => conflict,
        other => panic!("{other:?}"),
    }
}

async fn stored<E: File + Entity<Table = Files>>(files: &Table<Files>) -> E {
    files.get(E::own_key()).consistent_read().send().await.unwrap().unwrap()
}

async fn every_write_checks_and_advances<E: File + Entity<Table = Files>>() {
    let files = files().await;
    let mut file = E::new("a");
    assert!(file.version().is_new());
    files.create(&mut file).send().await.unwrap();
    let first = file.version().stored().cloned().unwrap();
    assert_eq!(stored::<E>(&files).await, file, "the version in memory is that of the table");

    let mut theirs = stored::<E>(&files).await;
    *file.text() = "b".into();
    files.save(&mut file).send().await.unwrap();
    assert!(file.version().stored() != Some(&first));
    assert_eq!(stored::<E>(&files).await, file);

    // Somebody who read before that is told, by every write, and keeps the version that was read.
    let old = theirs.clone();
    for outcome in [files.save(&mut theirs).send().await, files.replace(&mut theirs).send().await] {
        let conflict = conflict(outcome);
        assert_eq!(conflict.current::<E>().unwrap().unwrap(), file);
        assert!(conflict.to_string().contains("it was written since it was read"), "{conflict}");
    }
    let update = files.update(E::own_key()).apply(E::set("x")).expect_version(theirs.version());
    conflict(update.send().await);
    conflict(files.delete(E::own_key()).expect_version(theirs.version()).send().await);
    assert_eq!(theirs, old);
    assert_eq!(stored::<E>(&files).await, file);

    // A create fails as ever, and leaves the entity new.
    let mut again = E::new("c");
    let outcome = files.create(&mut again).send().await;
    assert!(matches!(outcome, Err(Error::ConditionFailed(_))), "{outcome:?}");
    assert!(again.version().is_new());

    // An update advances the version, whether one is expected or not.
    files.update(E::own_key()).apply(E::set("d")).ignore_version().send().await.unwrap();
    conflict(files.save(&mut file).send().await);
    let mut file = stored::<E>(&files).await;
    let update = files.update(E::own_key()).apply(E::set("e")).expect_version(file.version());
    let updated = update.return_new().send().await.unwrap();
    assert!(updated.version() != file.version());
    conflict(files.replace(&mut file).send().await);

    let mut file = stored::<E>(&files).await;
    *file.text() = "f".into();
    files.replace(&mut file).send().await.unwrap();
    assert_eq!(stored::<E>(&files).await, file);
    files.delete(E::own_key()).expect_version(file.version()).send().await.unwrap();
    let conflict = conflict(files.save(&mut file).send().await);
    assert!(conflict.current::<E>().is_none());
    assert!(conflict.to_string().contains("it was deleted"), "{conflict}");
}

#[tokio::test]
async fn numbers_from_one() {
    every_write_checks_and_advances::<Numbered>().await;
    let files = files().await;
    let mut file = Numbered::new("a");
    files.create(&mut file).send().await.unwrap();
    assert_eq!(file.version.stored(), Some(&1));
    files.save(&mut file).send().await.unwrap();
    assert_eq!(file.version.stored(), Some(&2));
    files.update(Numbered::own_key()).apply(Numbered::set("b")).ignore_version().send().await.unwrap();
    assert_eq!(stored::<Numbered>(&files).await.version.stored(), Some(&3));
    files.upsert(Numbered::key(2)).apply(Numbered::set("b")).ignore_version().send().await.unwrap();
    let created = files.get(Numbered::key(2)).send().await.unwrap().unwrap();
    assert_eq!(created.version.stored(), Some(&1));
}

#[tokio::test]
async fn numbers_from_zero() {
    every_write_checks_and_advances::<Zeroed>().await;
    let files = files().await;
    let mut file = Zeroed::new("a");
    files.create(&mut file).send().await.unwrap();
    assert_eq!(file.version.stored(), Some(&FromZero(0)));
    let item = files.get(Zeroed::own_key()).into_sdk().unwrap().send().await.unwrap().item.unwrap();
    assert_eq!(item["Version"], AttributeValue::N("0".into()));
    // A stored 0 is no new entity.
    let mut loaded = stored::<Zeroed>(&files).await;
    files.save(&mut loaded).send().await.unwrap();
    assert_eq!(loaded.version.stored(), Some(&FromZero(1)));
}

#[tokio::test]
async fn random_ones_and_ones_own() {
    every_write_checks_and_advances::<Random>().await;
    every_write_checks_and_advances::<Tagged>().await;
}

#[tokio::test]
async fn what_is_new_cannot_be_saved() {
    let (local, requests) = Local::memory().unwrap().recording();
    let files = Table::<Files>::new(local.client(), "files").with_mapping(MAPPING);
    let mut file = Numbered::new("a");
    let version = file.version;
    for outcome in [
        files.save(&mut file).send().await,
        files.replace(&mut file).send().await,
        files.update(Numbered::own_key()).apply(Numbered::set("x")).expect_version(&version).send().await,
        files.delete(Numbered::own_key()).expect_version(&version).send().await,
    ] {
        let Err(Error::NoStoredVersion(error)) = outcome else { panic!("{outcome:?}") };
        assert_eq!(
            error.to_string(),
            "this `Numbered` is new, so there is no version to write over; create it"
        );
    }
    assert!(requests.take().is_empty(), "nothing was sent");
    assert!(file.version.is_new());
}

#[tokio::test]
async fn an_item_from_before_there_were_versions_can_be_saved() {
    let files = files().await;
    let mut item = dynamap::entity::to_item(&Numbered::new("a")).unwrap();
    assert!(!item.contains_key("Version"));
    item.insert("entity_type".into(), AttributeValue::S("Numbered".into()));
    files.client().put_item().table_name("files").set_item(Some(item)).send().await.unwrap();
    let (mut mine, mut theirs) = (stored::<Numbered>(&files).await, stored::<Numbered>(&files).await);
    assert!(!mine.version.is_new() && mine.version.stored().is_none());
    files.save(&mut mine).send().await.unwrap();
    assert_eq!(mine.version.stored(), Some(&1));
    conflict(files.save(&mut theirs).send().await);
}

#[tokio::test]
async fn another_condition_stands_beside_the_version() {
    let files = files().await;
    let mut file = Numbered::new("a");
    files.create(&mut file).send().await.unwrap();
    let either = || Numbered::TEXT.eq("x") | Numbered::TEXT.eq("y");
    let outcome = files.save(&mut file).condition(either()).send().await;
    assert!(matches!(outcome, Err(Error::ConditionFailed(_))), "the version was right: {outcome:?}");
    // Were the parentheses missing, the second half would be enough.
    let mut old = file.clone();
    files.save(&mut file).condition(Numbered::TEXT.eq("x") | Numbered::TEXT.eq("a")).send().await.unwrap();
    conflict(files.save(&mut old).condition(Numbered::TEXT.eq("x") | Numbered::TEXT.eq("a")).send().await);
}

#[tokio::test]
async fn modify_loses_nothing() {
    let files = files().await;
    let mut file = Numbered::new("");
    files.create(&mut file).send().await.unwrap();
    let repository = files.repository::<Numbered>();
    let writers = (0..8).map(|_| {
        let repository = repository.clone();
        tokio::spawn(async move {
            for _ in 0..5 {
                let add = |file: &mut Numbered| {
                    file.text.push('x');
                    Ok::<(), ()>(())
                };
                repository.modify(Numbered::own_key(), add).attempts(1000).send().await.unwrap();
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    let file = stored::<Numbered>(&files).await;
    assert_eq!((file.text.len(), file.version.stored()), (40, Some(&41)));
}

#[tokio::test]
async fn modify_ends() {
    use dynamap::op::ModifyError;
    let files = files().await;
    let repository = files.repository::<Random>();
    let nothing = |_: &mut Random| Ok::<(), &str>(());
    let outcome = repository.modify(Random::own_key(), nothing).send().await;
    assert!(matches!(outcome, Err(ModifyError::NotFound(_))), "{outcome:?}");
    files.create(&mut Random::new("a")).send().await.unwrap();

    let refused = repository.modify(Random::own_key(), |_| Err("no")).send().await;
    assert!(matches!(refused, Err(ModifyError::Refused("no"))), "{refused:?}");
    assert_eq!(stored::<Random>(&files).await.text, "a");

    // Somebody else is always faster.
    let (others, mut calls) = (files.clone(), 0);
    let change = |file: &mut Random| {
        calls += 1;
        file.text.push('x');
        let others = others.clone();
        let other = async move {
            others.update(Random::own_key()).apply(Random::set("theirs")).ignore_version().send().await
        };
        std::thread::scope(|scope| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            scope.spawn(move || runtime.block_on(other).unwrap()).join().unwrap();
        });
        Ok::<(), &str>(())
    };
    let outcome = repository.modify(Random::own_key(), change).attempts(3).send().await;
    assert!(matches!(outcome, Err(ModifyError::Table(Error::VersionConflict(_)))), "{outcome:?}");
    assert_eq!((calls, stored::<Random>(&files).await.text), (3, "theirs".into()));
}

/// An upsert counts from where `create` does.
#[tokio::test]
async fn an_upsert_begins_with_the_first_version() {
    #[derive(Debug, Clone, PartialEq, Entity)]
    #[dynamap(table = Files, pk = "UPSERTED#{id}")]
    struct Upserted {
        id: u8,
        text: String,
        #[dynamap(version)]
        version: Version<FromZero<u32>>,
    }

    let files = files().await;
    let mut created = Upserted { id: 1, text: "a".into(), version: Version::NEW };
    files.create(&mut created).send().await.unwrap();
    for (id, version) in [(1, 1), (2, 0), (2, 1)] {
        let upsert =
            files.upsert(Upserted::key(id)).apply(Upserted::TEXT.set("b")).ignore_version().send().await;
        upsert.unwrap();
        let stored = files.get(Upserted::key(id)).send().await.unwrap().unwrap();
        assert_eq!(stored.version.stored(), Some(&FromZero(version)));
    }
}

/// A version that came back from a caller, such as by HTTP.
#[tokio::test]
async fn a_version_from_elsewhere_is_expected() {
    let files = files().await;
    let mut file = Numbered::new("a");
    files.create(&mut file).send().await.unwrap();
    let text = file.version().to_string();
    let update = |version: &str| {
        let update = files.update(Numbered::own_key()).apply(Numbered::TEXT.set("b"));
        update.expect_version(&version.parse().unwrap()).send()
    };
    update(&text).await.unwrap();
    conflict(update(&text).await);
}

/// It neither wraps nor stays.
#[tokio::test]
async fn a_version_at_the_end_of_its_type_is_an_error() {
    #[derive(Debug, Clone, PartialEq, Entity)]
    #[dynamap(table = Files, pk = "LAST")]
    struct Last {
        #[dynamap(version)]
        version: Version<u32>,
    }

    let files = files().await;
    let mut last = Last { version: Version::NEW };
    files.create(&mut last).send().await.unwrap();
    last.version = Version::from_stored(u32::MAX);
    match files.save(&mut last).send().await {
        Err(Error::Encode(error)) => assert_eq!(error.reason(), "the version is the last one of its type"),
        other => panic!("{other:?}"),
    }
}
