//! The entity as it was before a write, and what becomes of it where an answer is lost.

use crate::MAPPING;
use crate::model::{Order, Session, Shop, order, shop};
use crate::outcome::{Fault, Script, faulty};
use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::value::{EpochSeconds, Version};
use dynamap::{Entity, Error, Result, Table, TableSchema};
use std::fmt::Debug;
use std::time::{Duration, SystemTime};

fn mine(total: u64) -> Order {
    Order { total, ..order("c-1", 2024, 1) }
}

fn key() -> <Order as Entity>::Key {
    Order::key("c-1", 2024, 1)
}

async fn faulty_shop() -> (Table<Shop>, Script) {
    let (client, script) = faulty();
    let shop = Table::new(client, "shop").with_mapping(MAPPING);
    shop.create_table_if_absent().send().await.unwrap();
    (shop, script)
}

#[track_caller]
fn assert_unknown<T: Debug>(result: Result<T>) {
    assert!(matches!(result, Err(Error::Unknown(_))), "{result:?}");
}

#[tokio::test]
async fn a_put_returns_what_it_replaced() {
    let shop = shop().await;
    assert_eq!(shop.put(&mine(1)).return_old().send().await.unwrap(), None);
    assert_eq!(shop.put(&mine(2)).return_old().send().await.unwrap(), Some(mine(1)));
    assert_eq!(shop.replace(&mine(3)).return_old().send().await.unwrap(), Some(mine(2)));
    let refused = shop.replace(&mine(4)).condition(Order::TOTAL.gt(9_u64)).return_old().send().await;
    let Err(Error::ConditionFailed(failed)) = refused else { panic!("{refused:?}") };
    assert_eq!(failed.current::<Order>().unwrap().unwrap(), mine(3));
}

#[tokio::test]
async fn a_delete_takes_an_entity_once() {
    let shop = shop().await;
    shop.put(&mine(1)).send().await.unwrap();
    let takers = (shop.delete(key()).return_old().send(), shop.delete(key()).return_old().send());
    let (one, other) = tokio::join!(takers.0, takers.1);
    let taken: Vec<_> = [one.unwrap(), other.unwrap()].into_iter().flatten().collect();
    assert_eq!(taken, [mine(1)]);
}

#[tokio::test]
async fn an_expired_item_was_absent() {
    let shop = shop().await;
    let session = |seconds: u64, ago: bool| {
        let (now, seconds) = (SystemTime::now(), Duration::from_secs(seconds));
        let expires_at = EpochSeconds::from(if ago { now - seconds } else { now + seconds });
        Session { customer_id: "c-1".into(), token: "t".into(), expires_at }
    };
    let (expired, alive) = (session(60, true), session(600, false));
    shop.put(&expired).send().await.unwrap();
    assert_eq!(shop.put(&alive).return_old().send().await.unwrap(), None);
    assert_eq!(shop.put(&expired).return_old().send().await.unwrap(), Some(alive.clone()));
    assert_eq!(shop.create(&expired).return_old().send().await.unwrap(), None);
    let revived = Session::EXPIRES_AT.set(alive.expires_at);
    let upsert = shop.upsert(alive.to_key()).apply(revived);
    assert_eq!(upsert.return_old().send().await.unwrap(), None);
    assert_eq!(shop.put(&expired).return_old().send().await.unwrap(), Some(alive.clone()));
    assert_eq!(shop.delete(expired.to_key()).return_old().send().await.unwrap(), None);
    assert!(!shop.exists(expired.to_key()).include_expired().send().await.unwrap());
}

#[tokio::test]
async fn an_item_of_another_entity_is_not_taken() {
    let shop = shop().await;
    let text = |text: &str| AttributeValue::S(text.into());
    let put = shop.client().put_item().table_name("shop").item("entity_type", text("Other"));
    let put = put.item("pk", text("CUSTOMER#c-1")).item("sk", text("ORDER#02024#0000000001"));
    put.send().await.unwrap();
    let taken = shop.delete(key()).return_old().send().await;
    assert!(matches!(taken, Err(Error::ConditionFailed(_))), "{taken:?}");
    // Where the caller allows it to be replaced, it was no order.
    let replaced = shop.put(&mine(1)).overwrite_other_entities().return_old().send().await;
    assert_eq!(replaced.unwrap(), None);
}

#[tokio::test]
async fn what_is_not_of_the_form_of_the_entity_is_an_error_after_the_write() {
    let shop = shop().await;
    shop.put(&mine(1)).send().await.unwrap();
    let broken = shop.update(key()).apply(Order::NOTE.set("x".to_owned())).into_sdk().unwrap();
    let broken = broken.update_expression("SET #n0 = :v0").expression_attribute_names("#n0", "year");
    broken.send().await.unwrap();
    let taken = shop.delete(key()).return_old().send().await;
    assert!(matches!(taken, Err(Error::Decode(_))), "{taken:?}");
    assert!(!shop.exists(key()).send().await.unwrap());
}

#[tokio::test]
async fn what_an_earlier_attempt_left_is_never_called_old() {
    use Fault::{ErrorAfter, LostAfter, LostBefore, NeverConnected, Throttled, TimeoutAfter};
    for fault in [LostAfter, ErrorAfter, TimeoutAfter, LostBefore] {
        let (shop, script) = faulty_shop().await;
        shop.put(&mine(1)).send().await.unwrap();
        script.set(&[fault]);
        assert_unknown(shop.put(&mine(2)).return_old().send().await);
        assert_eq!(script.attempts(), 1, "{fault:?}");
        for at_least_once in [false, true] {
            let update = || shop.update(key()).apply(Order::TOTAL.set(3_u64));
            let update = || if at_least_once { update().at_least_once() } else { update() };
            script.set(&[fault]);
            assert_unknown(update().return_old().send().await);
            script.set(&[fault]);
            assert_unknown(update().return_updated_old().send().await);
            script.set(&[fault]);
            assert_eq!(update().return_new().send().await.unwrap(), mine(3));
            assert_eq!(script.attempts(), 2, "{fault:?}");
            shop.put(&mine(1)).send().await.unwrap();
            script.set(&[fault]);
            let delete = shop.delete(key());
            let delete = if at_least_once { delete.at_least_once() } else { delete };
            assert_unknown(delete.return_old().send().await);
            assert_eq!(script.attempts(), 1, "{fault:?}");
            shop.put(&mine(1)).send().await.unwrap();
        }
    }
    // A refusal is no doubt.
    let (shop, script) = faulty_shop().await;
    shop.put(&mine(1)).send().await.unwrap();
    script.set(&[Throttled, NeverConnected]);
    assert_eq!(shop.delete(key()).return_old().send().await.unwrap(), Some(mine(1)));
    assert_eq!(script.attempts(), 3);
}

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Desk;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Desk, pk = "NOTE#{id}")]
struct Note {
    id: u32,
    text: String,
    #[dynamap(version)]
    version: Version,
}

#[tokio::test]
async fn a_write_that_expects_a_version_returns_what_it_replaced_though_an_attempt_was_lost() {
    let (client, script) = faulty();
    let desk = Table::<Desk>::new(client, "desk").with_mapping(MAPPING);
    desk.create_table_if_absent().send().await.unwrap();
    let mut note = Note { id: 1, text: "milk".into(), version: Version::NEW };
    desk.create(&mut note).send().await.unwrap();

    // The first attempt does not arrive, the second finds the version.
    let before = note.clone();
    note.text = "tea".into();
    script.set(&[Fault::LostBefore]);
    assert_eq!(desk.replace(&mut note).return_old().send().await.unwrap(), Some(before));
    script.set(&[Fault::LostBefore]);
    let before = note.clone();
    let rename = |text: &str| desk.update(Note::key(1)).apply(Note::TEXT.set(text.to_owned()));
    let old = rename("ink").expect_version(&note.version).return_old().send().await.unwrap();
    assert_eq!(old, Some(before));

    // The first arrives: the second does not know what was before.
    let mut note = desk.get(Note::key(1)).send().await.unwrap().unwrap();
    note.text = "pen".into();
    script.set(&[Fault::LostAfter]);
    assert_unknown(desk.replace(&mut note).return_old().send().await);
    assert_eq!(script.attempts(), 2);
    let note = desk.get(Note::key(1)).send().await.unwrap().unwrap();
    assert_eq!(note.text, "pen");
    script.set(&[Fault::LostAfter]);
    assert_unknown(desk.delete(Note::key(1)).expect_version(&note.version).return_old().send().await);
    assert_eq!(desk.get(Note::key(1)).send().await.unwrap(), None);
}
