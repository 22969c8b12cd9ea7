//! Why a condition failed: each write, whatever is at its key.

use crate::MAPPING;
use crate::model::{Order, Session, Shop, order, shop, table};
use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::entity::{Item, to_item};
use dynamap::op::ModifyError;
use dynamap::outcome::{ConditionFailed, ConditionFailure};
use dynamap::value::{EpochSeconds, Version};
use dynamap::{Entity, Error, Result, Table};
use dynamap_local::{Local, Request, Response, SharedTransport, Transport, TransportFuture};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "DRAFT#{id}", sk = "DRAFT")]
struct Draft {
    id: u32,
    text: String,
    #[dynamap(version)]
    version: Version<u64>,
}

fn draft(version: u64) -> Draft {
    Draft { id: 1, text: "x".into(), version: Version::from_stored(version) }
}

async fn store(shop: &Table<Shop>, item: Item) {
    shop.client().put_item().table_name("shop").set_item(Some(item)).send().await.unwrap();
}

/// The item as one of another entity.
fn of_another(mut item: Item) -> Item {
    item.insert("entity_type".into(), AttributeValue::S("Stranger".into()));
    item
}

fn failed<T: std::fmt::Debug>(outcome: Result<T>) -> ConditionFailed {
    match outcome {
        Err(Error::ConditionFailed(failed)) => failed,
        other => panic!("{other:?}"),
    }
}

/// Why the condition failed, by the method and in the text.
fn reason<T: std::fmt::Debug>(outcome: Result<T>) -> ConditionFailure {
    let failed = failed(outcome);
    let (reason, shown) = (failed.reason(), failed.to_string());
    assert!(shown.ends_with(&format!("in table `shop`: {reason}")), "{shown}");
    // For those who ask AWS, and for those who ask.
    assert!(failed.request_id().unwrap().starts_with("DYNAMAPLOCAL"), "{shown}");
    assert!(failed.message_unredacted().is_some(), "{shown}");
    reason
}

/// The same of the first action of a transaction.
fn of_action(outcome: Result<()>) -> ConditionFailure {
    let Err(Error::TransactionCanceled(canceled)) = outcome else { panic!("{outcome:?}") };
    assert!(canceled.request_id().unwrap().starts_with("DYNAMAPLOCAL"), "{canceled}");
    assert!(canceled.message_unredacted().is_some(), "{canceled}");
    let first = &canceled.reasons()[0];
    let reason = first.condition_failure().unwrap();
    assert!(!first.is_version_conflict(), "{canceled}");
    assert!(canceled.to_string().contains(&format!("ConditionalCheckFailed ({reason})")), "{canceled}");
    reason
}

fn key() -> <Order as Entity>::Key {
    Order::key("c-1", 2024, 1)
}

/// Each write of an order, by itself, as a transaction of its own and as an action of one.
async fn reasons(shop: &Table<Shop>) -> Vec<(&'static str, [ConditionFailure; 3])> {
    let orders = shop.repository::<Order>();
    let one = order("c-1", 2024, 1);
    let other = order("c-2", 2024, 2);
    let mut reasons = Vec::new();
    macro_rules! each {
        ($($name:literal: $write:expr;)*) => { $({
            let three = [
                reason($write.send().await),
                reason($write.transactional().send().await),
                of_action(shop.transact_write().write($write).put(&other).send().await),
            ];
            reasons.push(($name, three));
        })* };
    }
    each! {
        "create": orders.create(&one);
        "put": orders.put(&one).condition(Order::NOTE.exists());
        "replace": orders.replace(&one).condition(Order::NOTE.exists());
        "save": orders.save(&one).condition(Order::NOTE.exists());
        "update": orders.update(key()).apply(Order::NOTE.set("x".to_owned())).condition(Order::NOTE.exists());
        "upsert": orders.upsert(key()).apply(Order::NOTE.set("x".to_owned())).condition(Order::NOTE.exists());
        "delete": orders.delete(key()).condition(Order::NOTE.exists());
    }
    let check = shop.transact_write().check(key(), Order::NOTE.exists()).put(&other).send().await;
    reasons.push(("check", [of_action(check); 3]));
    reasons
}

#[tokio::test]
async fn an_item_of_another_entity_is_the_reason_of_each_write() {
    let shop = shop().await;
    store(&shop, of_another(to_item(&order("c-1", 2024, 1)).unwrap())).await;
    for (name, reasons) in reasons(&shop).await {
        assert_eq!(reasons, [ConditionFailure::OtherEntity; 3], "{name}");
    }
    let exists = shop.transact_write().check_exists(key()).check_absent(Order::key("c-9", 1, 1)).send().await;
    assert_eq!(of_action(exists), ConditionFailure::OtherEntity);
    let (put, update) = (shop.put(&order("c-1", 2024, 1)), shop.update(key()).apply(Order::TOTAL.set(1)));
    assert_eq!(reason(put.send().await), ConditionFailure::OtherEntity);
    assert_eq!(reason(update.send().await), ConditionFailure::OtherEntity);
}

#[tokio::test]
async fn a_condition_of_the_callers_own_is_not_met() {
    let shop = shop().await;
    store(&shop, to_item(&order("c-1", 2024, 1)).unwrap()).await;
    for (name, reasons) in reasons(&shop).await {
        let expected = if name == "create" { ConditionFailure::Exists } else { ConditionFailure::NotMet };
        assert_eq!(reasons, [expected; 3], "{name}");
    }
    let failed = failed(shop.delete(key()).condition(Order::NOTE.exists()).send().await);
    assert!(!failed.to_string().contains("exists"), "{failed}");
    // Where entities share their keys, it is the only one.
    store(&shop, of_another(to_item(&order("c-1", 2024, 1)).unwrap())).await;
    let put = shop.put(&order("c-1", 2024, 1)).overwrite_other_entities().condition(Order::NOTE.exists());
    assert_eq!(reason(put.send().await), ConditionFailure::NotMet);
}

#[tokio::test]
async fn without_an_item_nobody_claims_to_know() {
    let shop = shop().await;
    shop.delete(key()).send().await.unwrap();
    let orders = shop.repository::<Order>();
    let one = order("c-1", 2024, 1);
    for outcome in [
        orders.replace(&one).send().await,
        orders.save(&one).send().await,
        orders.update(key()).apply(Order::NOTE.set("x".to_owned())).send().await,
        orders.delete(key()).condition(Order::NOTE.exists()).send().await,
        orders.put(&one).condition(Order::NOTE.exists()).send().await,
        orders.create(&one).condition(Order::NOTE.exists()).send().await,
    ] {
        let failed = failed(outcome);
        assert_eq!(failed.reason(), ConditionFailure::NotTold, "{failed}");
        assert!(failed.to_string().ends_with("there is no such item, or it was not told"), "{failed}");
        assert!(failed.current::<Order>().is_none());
    }
    let exists = shop.transact_write().check_exists(key()).put(&order("c-2", 2024, 1)).send().await;
    assert_eq!(of_action(exists), ConditionFailure::NotTold);
    let conflict = shop.save(&mut draft(3)).send().await.unwrap_err();
    let Error::VersionConflict(conflict) = conflict else { panic!("{conflict:?}") };
    assert!(
        conflict.to_string().ends_with("it was deleted since it was read, or it was not told"),
        "{conflict}"
    );
}

#[tokio::test]
async fn an_expired_item_is_told_to_be_that() {
    let shop = shop().await;
    let session = Session { customer_id: "c-1".into(), token: "t".into(), expires_at: EpochSeconds(1) };
    store(&shop, to_item(&session).unwrap()).await;
    let update = shop.update(Session::key("c-1", "t")).apply(Session::EXPIRES_AT.set(EpochSeconds(2)));
    for outcome in [shop.replace(&session).send().await, update.send().await] {
        assert_eq!(reason(outcome), ConditionFailure::Expired);
    }
    shop.create(&session).send().await.unwrap();
}

#[tokio::test]
async fn an_item_of_another_entity_is_no_conflict_of_versions() {
    let shop = shop().await;
    store(&shop, of_another(to_item(&draft(3)).unwrap())).await;
    let other = order("c-2", 2024, 2);
    let set = || shop.update(Draft::key(1)).apply(Draft::TEXT.set("y"));
    for version in [3, 7] {
        let mut read = draft(version);
        let outcomes = [
            shop.save(&mut read).send().await,
            shop.replace(&mut read).send().await,
            shop.save(&mut read).transactional().send().await,
            set().expect_version(&read.version).send().await,
            set().expect_version(&read.version).transactional().send().await,
            shop.delete(Draft::key(1)).expect_version(&read.version).send().await,
        ];
        for outcome in outcomes {
            assert_eq!(reason(outcome), ConditionFailure::OtherEntity, "{version}");
        }
        let outcome = shop.transact_write().save(&mut read).put(&other).send().await;
        assert_eq!(of_action(outcome), ConditionFailure::OtherEntity, "{version}");
        assert_eq!(read, draft(version));
    }
    let modified = shop.repository::<Draft>().modify(Draft::key(1), |_| Ok::<_, String>(())).send().await;
    assert!(matches!(modified, Err(ModifyError::Table(Error::Decode(_)))), "{modified:?}");
    // One of this entity is one.
    store(&shop, to_item(&draft(4)).unwrap()).await;
    let conflict = shop.save(&mut draft(3)).send().await.unwrap_err();
    assert!(conflict.to_string().ends_with("it was written since it was read"), "{conflict}");
    let Error::VersionConflict(conflict) = conflict else { panic!("{conflict}") };
    assert!(conflict.request_id().is_some() && conflict.message_unredacted().is_some());
}

/// Takes the items out of failed conditions, as an engine does that does not know of them; and lets somebody else write just
/// before an update, once for each time it is told to.
#[derive(Debug)]
struct Forgets(SharedTransport, Arc<AtomicBool>);

impl Transport for Forgets {
    fn call(&self, request: Request) -> TransportFuture<'_> {
        let (inner, others) = (self.0.clone(), self.1.clone());
        Box::pin(async move {
            if request.operation == "UpdateItem" && others.swap(false, Ordering::Relaxed) {
                inner.call(request.clone()).await?;
            }
            let response = inner.call(request).await?;
            if response.status != 400 {
                return Ok(response);
            }
            let mut body: serde_json::Value = serde_json::from_slice(&response.body).unwrap();
            body.as_object_mut().unwrap().remove("Item");
            for reason in body["CancellationReasons"].as_array_mut().into_iter().flatten() {
                reason.as_object_mut().unwrap().remove("Item");
            }
            Ok(Response::new(400, body.to_string()))
        })
    }
}

#[tokio::test]
async fn what_an_engine_does_not_tell_is_not_invented() {
    let others = Arc::new(AtomicBool::new(false));
    let local = Local::memory().unwrap().wrap(|inner| Forgets(inner, others.clone()));
    let shop = table(&local).await.with_mapping(MAPPING);
    store(&shop, to_item(&order("c-1", 2024, 1)).unwrap()).await;
    let own = || shop.update(key()).apply(Order::TOTAL.set(1)).condition(Order::NOTE.exists());
    assert_eq!(reason(own().send().await), ConditionFailure::NotTold);
    assert_eq!(reason(own().transactional().send().await), ConditionFailure::NotTold);
    assert_eq!(
        of_action(shop.transact_write().write(own()).put(&order("c-2", 1, 1)).send().await),
        ConditionFailure::NotTold
    );
    // A create fails for nothing else.
    assert_eq!(reason(shop.create(&order("c-1", 2024, 1)).send().await), ConditionFailure::Exists);
    let absent = shop.transact_write().check_absent(key()).put(&order("c-2", 1, 1)).send().await;
    assert_eq!(of_action(absent), ConditionFailure::Exists);
    // A change that met a conflict reads the item.
    store(&shop, to_item(&draft(4)).unwrap()).await;
    others.store(true, Ordering::Relaxed);
    let mut changes = 0;
    let modified = shop.repository::<Draft>().modify(Draft::key(1), |draft: &mut Draft| {
        changes += 1;
        draft.text.push('!');
        Ok::<_, String>(())
    });
    let modified = modified.send().await.unwrap();
    assert_eq!((modified.text.as_str(), changes), ("x!!", 2));
    let conflict = shop.save(&mut draft(4)).send().await.unwrap_err();
    assert!(conflict.to_string().ends_with("or it was not told"), "{conflict}");
}

#[tokio::test]
async fn a_create_in_a_transaction_says_that_the_item_exists_as_a_single_one_does() {
    let shop = shop().await;
    store(&shop, to_item(&order("c-1", 2024, 1)).unwrap()).await;
    store(&shop, to_item(&draft(3)).unwrap()).await;
    let (one, other) = (order("c-1", 2024, 1), order("c-2", 2024, 2));
    let single = reason(shop.create(&one).send().await);
    let action = of_action(shop.transact_write().create(&one).put(&other).send().await);
    let alone = of_action(shop.transact_write().create(&one).send().await);
    assert_eq!([single, action, alone], [ConditionFailure::Exists; 3]);
    // With a version as well.
    let single = reason(shop.create(&mut draft(0)).send().await);
    let action = of_action(shop.transact_write().create(&mut draft(0)).put(&other).send().await);
    let alone = of_action(shop.transact_write().create(&mut draft(0)).send().await);
    assert_eq!([single, action, alone], [ConditionFailure::Exists; 3]);
    let canceled = shop.transact_write().put(&other).create(&one).create(&mut draft(0)).send().await;
    let canceled = canceled.unwrap_err().to_string();
    assert_eq!(canceled.matches("ConditionalCheckFailed (the item exists)").count(), 2, "{canceled}");
}
