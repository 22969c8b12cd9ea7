//! Parts of an index key that are given, so that another part is set by itself.

use super::MAPPING;
use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::expr::Update;
use dynamap::{Attribute, Entity, Error, Index, Table, TableSchema};
use dynamap::{error::ExpressionErrorKind, outcome::ConditionFailure};
use dynamap_local::Local;
use std::collections::HashMap;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", indexes(ByDay, ByOwner))]
struct Desk;

#[derive(Index)]
#[dynamap(table = Desk, name = "day", partition_key = "day_pk", sort_key = "day_sk")]
struct ByDay;

#[derive(Index)]
#[dynamap(table = Desk, name = "owner", partition_key = "owner_pk", sort_key = "owner_sk")]
struct ByOwner;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Desk, pk = "CALL#{id}")]
#[dynamap(index = ByDay, pk = "STATUS#{status}#{day}", sk = "{id}")]
#[dynamap(index = ByOwner, pk = "OWNER#{owner}", sk = "{level}#{since}")]
struct Call {
    id: u32,
    status: Status,
    #[dynamap(rename = "on")]
    day: u32,
    owner: Option<String>,
    level: u8,
    since: Option<u32>,
    note: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Attribute)]
enum Status {
    Open,
    Done,
}

fn call(status: Status, day: u32) -> Call {
    Call { id: 1, status, day, owner: Some("ada".into()), level: 2, since: Some(5), note: "n".into() }
}

async fn desk() -> Table<Desk> {
    let desk = Table::new(Local::memory().unwrap().client(), "desk").with_mapping(MAPPING);
    desk.create_table_if_absent().send().await.unwrap();
    desk
}

type Item = HashMap<String, AttributeValue>;

async fn item(desk: &Table<Desk>) -> Item {
    desk.get(Call::key(1)).into_sdk().unwrap().send().await.unwrap().item.unwrap()
}

/// The item is the one that a put of the entity would have left.
async fn is_whole(desk: &Table<Desk>, call: &Call, update: &Update<Call>) {
    let updated = item(desk).await;
    desk.put(call).send().await.unwrap();
    assert_eq!(updated, item(desk).await, "{update}");
}

#[tokio::test]
async fn one_part_is_set_where_the_other_is_as_given() {
    let desk = desk().await;
    desk.create(&call(Status::Open, 3)).send().await.unwrap();
    let set = |day| {
        let update = Call::STATUS.given(Call::DAY, day).set(Status::Done);
        desk.update(Call::key(1)).apply(update)
    };
    let refused = set(4).send().await;
    let Err(Error::ConditionFailed(failed)) = refused else { panic!("{refused:?}") };
    assert_eq!(failed.reason(), ConditionFailure::NotAsGiven("on"));
    let told = "condition of UpdateItem failed for entity `Call` in table `desk`: the item does not hold `on` as it was given";
    assert_eq!(failed.to_string(), told);
    assert_eq!(failed.current::<Call>().unwrap().unwrap(), call(Status::Open, 3));
    assert_eq!(desk.query(Call::by_day(Status::Open, 3)).try_collect().await.unwrap().len(), 1);

    let after = set(3).return_new().send().await.unwrap();
    assert_eq!(after, call(Status::Done, 3));
    assert!(desk.query(Call::by_day(Status::Open, 3)).try_collect().await.unwrap().is_empty());
    assert_eq!(desk.query(Call::by_day(Status::Done, 3)).try_collect().await.unwrap(), [after]);
}

#[tokio::test]
async fn a_condition_beside_it_has_its_own_reason() {
    let desk = desk().await;
    let update = |day, note: &str| {
        let update = Call::STATUS.given(Call::DAY, day).set(Status::Done);
        desk.update(Call::key(1)).apply(update).condition(Call::NOTE.eq(note)).send()
    };
    let reason = |outcome| match outcome {
        Err(Error::ConditionFailed(failed)) => failed.reason(),
        other => panic!("{other:?}"),
    };
    assert_eq!(reason(update(3, "n").await), ConditionFailure::NotTold);
    desk.create(&call(Status::Open, 3)).send().await.unwrap();
    assert_eq!(reason(update(4, "n").await), ConditionFailure::NotAsGiven("on"));
    assert_eq!(reason(update(3, "m").await), ConditionFailure::NotMet);
    update(3, "n").await.unwrap();
}

#[tokio::test]
async fn a_transaction_has_the_condition_and_tells_the_reason() {
    let desk = desk().await;
    desk.create(&call(Status::Open, 3)).send().await.unwrap();
    let set = |day| {
        let update = Call::STATUS.given(Call::DAY, day).set(Status::Done);
        desk.transact_write().update(desk.update(Call::key(1)).apply(update)).send()
    };
    let canceled = set(4).await;
    let Err(Error::TransactionCanceled(canceled)) = canceled else { panic!("{canceled:?}") };
    assert_eq!(canceled.reasons()[0].condition_failure(), Some(ConditionFailure::NotAsGiven("on")));
    set(3).await.unwrap();
    let update = Call::STATUS.given(Call::DAY, 3).set(Status::Done);
    is_whole(&desk, &call(Status::Done, 3), &update).await;
}

/// Every part of a key of three is set, with every state of the two others given.
#[tokio::test]
async fn the_key_that_is_written_is_the_one_of_the_entity() {
    let desk = desk().await;
    let owners = [None, Some("ada".to_owned()), Some("bob".to_owned())];
    let sinces = [None, Some(5), Some(6)];
    let mut written = 0;
    for owner in &owners {
        for since in sinces {
            for level in [1, 2] {
                let stored = Call { owner: owner.clone(), since, level, ..call(Status::Open, 3) };
                let owner_to = |new: &Option<String>| {
                    let update =
                        Call::OWNER.given(Call::LEVEL, level).given(Call::SINCE, since).set(new.clone());
                    (update, Call { owner: new.clone(), ..stored.clone() })
                };
                let since_to = |new: Option<u32>| {
                    let update =
                        Call::SINCE.given(Call::OWNER, owner.clone()).given(Call::LEVEL, level).set(new);
                    (update, Call { since: new, ..stored.clone() })
                };
                let level_to = |new: u8| {
                    let update =
                        Call::LEVEL.given(Call::OWNER, owner.clone()).given(Call::SINCE, since).set(new);
                    (update, Call { level: new, ..stored.clone() })
                };
                // What is set needs not to be given, and a wrong part of it is no matter to the key.
                let both = Call::LEVEL
                    .given(Call::OWNER, owner.clone())
                    .set(9)
                    .and(Call::SINCE.given(Call::LEVEL, level).set(7));
                let both = (both, Call { level: 9, since: Some(7), ..stored.clone() });
                let cases = owners.iter().map(owner_to).chain(sinces.map(since_to));
                for (update, expected) in cases.chain([1, 2].map(level_to)).chain([both]) {
                    desk.put(&stored).send().await.unwrap();
                    let in_memory = update.apply_to(&item(&desk).await).unwrap();
                    desk.update(Call::key(1)).apply(update.clone()).send().await.unwrap();
                    assert_eq!(in_memory, item(&desk).await, "{update}");
                    is_whole(&desk, &expected, &update).await;
                    written += 1;
                }
            }
        }
    }
    assert_eq!(written, 18 * 9);
}

#[tokio::test]
async fn none_is_given_for_what_is_absent() {
    let desk = desk().await;
    desk.create(&call(Status::Open, 3)).send().await.unwrap();
    let set = |since: Option<u32>| {
        let update = Call::LEVEL.given(Call::OWNER, "ada").given(Call::SINCE, since).set(7);
        desk.update(Call::key(1)).apply(update).send()
    };
    let refused = set(None).await;
    let Err(Error::ConditionFailed(failed)) = refused else { panic!("{refused:?}") };
    assert_eq!(failed.reason(), ConditionFailure::NotAsGiven("since"));
    desk.update(Call::key(1)).apply(Call::SINCE.remove()).send().await.unwrap();
    set(None).await.unwrap();
    assert!(!item(&desk).await.contains_key("owner_sk"));
}

#[tokio::test]
async fn what_is_missing_or_given_to_an_upsert_is_an_error_before_any_request() {
    let (local, requests) = Local::memory().unwrap().recording();
    let desk = Table::<Desk>::new(local.client(), "desk").with_mapping(MAPPING);
    let kind = |outcome| match outcome {
        Err(Error::Expression(error)) => error.kind().clone(),
        other => panic!("{other:?}"),
    };
    // Whether the item is in the index depends on an attribute that is not given.
    for (update, missing) in [
        (Call::LEVEL.given(Call::OWNER, "ada").set(7), "since"),
        (Call::LEVEL.given(Call::SINCE, 5).set(7), "owner"),
        (Call::OWNER.given(Call::SINCE, 5).set("bob"), "level"),
    ] {
        let outcome = desk.update(Call::key(1)).apply(update).send().await;
        assert_eq!(kind(outcome), ExpressionErrorKind::IndexKey(missing));
    }
    let given = Call::STATUS.given(Call::DAY, 3).set(Status::Done);
    let outcome = desk.upsert(Call::key(1)).apply(given).send().await;
    assert_eq!(kind(outcome), ExpressionErrorKind::GivenToUpsert("on"));
    assert!(requests.take().is_empty(), "nothing was sent");
}

#[tokio::test]
async fn in_memory_an_item_that_is_not_as_given_is_refused() {
    let desk = desk().await;
    desk.create(&call(Status::Open, 3)).send().await.unwrap();
    let item = item(&desk).await;
    let update = |day| Call::STATUS.given(Call::DAY, day).set(Status::Done);
    update(3).apply_to(&item).unwrap();
    let Err(dynamap::error::ItemError::Expression(error)) = update(4).apply_to(&item) else { panic!() };
    assert_eq!(error.to_string(), "the item does not have what the update needs at `on`");
}
