//! Bugs of other mappers and SDKs, each as it was reported, and what becomes of it here: versions, and writes whose answer
//! was lost. Those of transactions and of batches are with their operations.

use crate::MAPPING;
use crate::outcome::{Fault, Script, faulty};
use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::value::{FromZero, Version};
use dynamap::{Entity, Error, Table, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Desk;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Desk, pk = "LEASE#{shard}")]
struct Lease {
    shard: String,
    owner: String,
    counter: u64,
    #[dynamap(version)]
    version: Version,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Desk, pk = "ROW#{id}")]
struct Row {
    id: u32,
    text: String,
    #[dynamap(version)]
    version: Version<FromZero<i64>>,
}

async fn desk() -> (Table<Desk>, Script) {
    let (client, script) = faulty();
    let desk = Table::new(client, "desk").with_mapping(MAPPING);
    desk.create_table_if_absent().send().await.unwrap();
    (desk, script)
}

fn lease(owner: &str) -> Lease {
    Lease { shard: "s-1".into(), owner: owner.into(), counter: 0, version: Version::NEW }
}

async fn stored(desk: &Table<Desk>) -> Lease {
    desk.get(Lease::key("s-1")).consistent_read().send().await.unwrap().unwrap()
}

/// The client's timeout ends an attempt that the server has applied; the SDK's own repetition then finds the version gone on,
/// and the mapper reports a conflict with itself.
#[tokio::test]
async fn aws_sdk_java_2667_a_timeout_is_no_conflict() {
    let (desk, script) = desk().await;
    let mut mine = lease("a");
    script.set(&[Fault::TimeoutAfter]);
    desk.create(&mut mine).send().await.unwrap();
    mine.counter = 1;
    script.set(&[Fault::TimeoutAfter]);
    desk.save(&mut mine).send().await.unwrap();
    assert_eq!((script.attempts(), stored(&desk).await), (2, mine));
}

/// A save that succeeded throws, and the object in memory keeps the old version, so that every later save fails.
#[tokio::test]
async fn aws_sdk_java_1945_the_version_in_memory_is_that_of_the_table() {
    let (desk, script) = desk().await;
    let mut mine = lease("a");
    desk.create(&mut mine).send().await.unwrap();
    for counter in 1..4 {
        mine.counter = counter;
        script.set(&[Fault::ErrorAfter]);
        desk.save(&mut mine).send().await.unwrap();
        assert_eq!(stored(&desk).await.version, mine.version);
    }
}

/// KCL looks again after a failed renewal, for renewals only: taking, creating and giving up a lease are not covered.
#[tokio::test]
async fn kcl_777_every_write_of_a_lease_knows_itself() {
    let (desk, script) = desk().await;
    let after = || script.set(&[Fault::LostAfter]);
    let mut mine = lease("a");
    after();
    desk.create(&mut mine).send().await.unwrap();
    // Renewing and taking are updates.
    for owner in ["a", "b"] {
        let update =
            desk.update(Lease::key("s-1")).apply(Lease::OWNER.set(owner)).apply(Lease::COUNTER.add(1_u64));
        after();
        update.expect_version(&stored(&desk).await.version).send().await.unwrap();
    }
    let now = stored(&desk).await;
    assert_eq!((now.owner.as_str(), now.counter), ("b", 2));
    // Giving it up cannot be seen in an item that is gone, and is not called a conflict either; as a transaction it is known.
    after();
    let outcome = desk.delete(Lease::key("s-1")).expect_version(&now.version).send().await;
    assert!(matches!(outcome, Err(Error::Unknown(_))), "{outcome:?}");
    let mut mine = lease("a");
    desk.create(&mut mine).send().await.unwrap();
    after();
    desk.delete(Lease::key("s-1")).expect_version(&mine.version).transactional().send().await.unwrap();
}

/// erlcloud repeats updates that are not safe to repeat: expressions run more than once.
#[tokio::test]
async fn erlcloud_627_an_update_runs_once() {
    let (desk, script) = desk().await;
    desk.create(&mut lease("a")).send().await.unwrap();
    let add = || desk.update(Lease::key("s-1")).apply(Lease::COUNTER.add(1_u64));
    for fault in [Fault::LostAfter, Fault::ErrorAfter, Fault::TimeoutAfter, Fault::CutAfter] {
        let before = stored(&desk).await.counter;
        script.set(&[fault]);
        let outcome = add().ignore_version().send().await;
        assert!(matches!(outcome, Err(Error::Unknown(_))), "{outcome:?}");
        script.set(&[fault]);
        add().ignore_version().transactional().send().await.unwrap();
        assert_eq!(stored(&desk).await.counter, before + 2);
    }
}

/// The enhanced client takes an initial value of 0 for "no version", so that a stored 0 can never be updated.
#[tokio::test]
async fn java_v2_1865_a_stored_version_0_is_a_version() {
    let (desk, _) = desk().await;
    let mut row = Row { id: 1, text: "a".into(), version: Version::NEW };
    desk.create(&mut row).send().await.unwrap();
    assert_eq!(row.version.stored(), Some(&FromZero(0)));
    let mut read = desk.get(Row::key(1)).consistent_read().send().await.unwrap().unwrap();
    read.text = "b".into();
    desk.save(&mut read).send().await.unwrap();
    assert_eq!(read.version.stored(), Some(&FromZero(1)));
    // And no version at all is not 0.
    let text = |text: &str| AttributeValue::S(text.into());
    let put = desk.client().put_item().table_name("desk").item("pk", text("ROW#0000000002"));
    put.item("id", AttributeValue::N("2".into())).item("text", text("old")).send().await.unwrap();
    let mut old = desk.get(Row::key(2)).consistent_read().send().await.unwrap().unwrap();
    assert!(!old.version.is_new() && old.version.stored().is_none());
    desk.save(&mut old).send().await.unwrap();
    assert_eq!(old.version.stored(), Some(&FromZero(0)));
}

/// guregu, pynamodb and others: a create of what was just created, by the SDK's repetition, is "already exists".
#[tokio::test]
async fn a_create_does_not_find_itself() {
    for fault in [Fault::LostAfter, Fault::ErrorAfter, Fault::TimeoutAfter] {
        let (desk, script) = desk().await;
        script.set(&[fault]);
        desk.create(&mut lease("a")).send().await.unwrap();
        // A second one does.
        let outcome = desk.create(&mut lease("b")).send().await;
        assert!(matches!(outcome, Err(Error::ConditionFailed(_))), "{outcome:?}");
        assert_eq!(stored(&desk).await.owner, "a");
    }
}

/// A conditional failure of an attempt that nobody could doubt is a conflict, at once and with the item.
#[tokio::test]
async fn a_definite_conflict_costs_no_second_request() {
    let (desk, script) = desk().await;
    let mut mine = lease("a");
    desk.create(&mut mine).send().await.unwrap();
    let mut theirs = stored(&desk).await;
    theirs.owner = "b".into();
    desk.save(&mut theirs).send().await.unwrap();
    script.set(&[]);
    match desk.save(&mut mine).send().await {
        Err(Error::VersionConflict(conflict)) => {
            assert_eq!(conflict.current::<Lease>().unwrap().unwrap(), theirs);
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(script.attempts(), 1);
}
