//! Whole entities that are written whether they are there or not, beside attributes that nobody knows.

use crate::MAPPING;
use crate::model::{ByStatus, Order, OrderNote, Shop, Status, order, shop};
use crate::outcome::{Fault, faulty};
use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::entity::Item;
use dynamap::value::EpochSeconds;
use dynamap::{Entity, Error, Table, TableSchema};
use dynamap_local::Local;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, UNIX_EPOCH};

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.into())
}

/// The item as it is stored.
async fn item(shop: &Table<Shop>, order: &Order) -> Item {
    shop.get(order).into_sdk().unwrap().send().await.unwrap().item.unwrap()
}

/// Orders with and without each attribute that may be absent.
fn orders() -> Vec<Order> {
    let (statuses, notes) = ([None, Some(Status::Open)], [None, Some("x".to_owned())]);
    let all = statuses.into_iter().flat_map(|status| notes.clone().map(|note| (status, note)));
    all.map(|(status, note)| Order { status, note, ..order("c-1", 2024, 1) }).collect()
}

#[tokio::test]
async fn what_is_created_is_what_a_put_writes() {
    for new in orders() {
        let (saved, put) = (shop().await, shop().await);
        saved.save_or_create(&new).send().await.unwrap();
        put.put(&new).send().await.unwrap();
        assert_eq!(item(&saved, &new).await, item(&put, &new).await);
    }
}

#[tokio::test]
async fn what_is_there_becomes_the_entity_and_keeps_what_it_does_not_know() {
    for before in orders() {
        for after in orders() {
            let shop = shop().await;
            shop.put(&before).send().await.unwrap();
            let update = shop.client().update_item().table_name("shop").update_expression("SET extra = :e");
            let key = shop.get(&before).into_sdk().unwrap().get_key().clone();
            let update = update.set_key(key).expression_attribute_values(":e", text("extra"));
            update.send().await.unwrap();
            let old = shop.repository().save_or_create(&after).return_old().send().await.unwrap();
            assert_eq!(old, Some(before.clone()));
            let mut stored = item(&shop, &after).await;
            assert_eq!(stored.remove("extra"), Some(text("extra")));
            let expected = dynamap::entity::to_item(&after).unwrap();
            assert_eq!(stored, expected);
            // The index follows.
            let open = shop.scan::<Order>().index::<ByStatus>().project::<OrderNote>().try_collect().await;
            assert_eq!(open.unwrap().len(), usize::from(after.status.is_some()));
        }
    }
}

#[tokio::test]
async fn it_replaces_no_item_of_another_entity_and_has_conditions() {
    let shop = shop().await;
    let new = order("c-1", 2024, 1);
    let put = shop.client().put_item().table_name("shop").item("entity_type", text("Other"));
    put.item("pk", text("CUSTOMER#c-1")).item("sk", text("ORDER#02024#0000000001")).send().await.unwrap();
    let refused = shop.save_or_create(&new).send().await;
    assert!(matches!(refused, Err(Error::ConditionFailed(_))), "{refused:?}");
    let other = order("c-1", 2024, 2);
    let refused = shop.save_or_create(&other).condition(Order::NOTE.exists()).send().await;
    assert!(matches!(refused, Err(Error::ConditionFailed(_))), "{refused:?}");
    // In a transaction it does the same.
    shop.transact_write().write(shop.save_or_create(&other)).send().await.unwrap();
    assert_eq!(shop.get(&other).send().await.unwrap(), Some(other.clone()));
    shop.save_or_create(&Order { total: 5, ..other.clone() }).transactional().send().await.unwrap();
    assert_eq!(shop.get(&other).send().await.unwrap().unwrap().total, 5);
}

#[tokio::test]
async fn it_is_repeated_as_it_does_no_harm() {
    for fault in [Fault::LostAfter, Fault::LostBefore, Fault::ErrorAfter, Fault::TimeoutAfter] {
        let (client, script) = faulty();
        let shop = Table::<Shop>::new(client, "shop").with_mapping(MAPPING);
        shop.create_table_if_absent().send().await.unwrap();
        let new = order("c-1", 2024, 1);
        script.set(&[fault]);
        shop.save_or_create(&new).send().await.unwrap();
        assert_eq!((script.attempts(), shop.get(&new).send().await.unwrap()), (2, Some(new)));
    }
}

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", ttl = "expires_at")]
struct Wiki;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Wiki, pk = "PAGE#{name}")]
struct Page {
    name: String,
    #[dynamap(created_at)]
    created: EpochSeconds,
    #[dynamap(updated_at)]
    changed: EpochSeconds,
    #[dynamap(counter)]
    writes: u32,
    #[dynamap(ttl)]
    expires_at: Option<EpochSeconds>,
}

#[tokio::test]
async fn stamps_tell_of_the_first_write_and_of_the_last() {
    let seconds = Arc::new(AtomicU64::new(100));
    let clock = seconds.clone();
    let now = move || UNIX_EPOCH + Duration::from_secs(clock.load(Ordering::Relaxed));
    let wiki = Table::<Wiki>::new(Local::memory().unwrap().client(), "wiki");
    let wiki = wiki.with_mapping(MAPPING).with_clock(now);
    wiki.create_table_if_absent().send().await.unwrap();
    let page = |expires_at| {
        let (created, changed) = (EpochSeconds(-1), EpochSeconds(-1));
        Page { name: "p".into(), created, changed, writes: 77, expires_at }
    };
    let stamps = async |mut after: Page| {
        let stored = wiki.save_or_create(&mut after).return_new().send().await.unwrap();
        (stored.created.0, stored.changed.0, stored.writes, stored.expires_at)
    };
    assert_eq!(stamps(page(None)).await, (100, 100, 1, None));
    seconds.store(200, Ordering::Relaxed);
    let expires_at = Some(EpochSeconds(150));
    assert_eq!(stamps(page(expires_at)).await, (100, 200, 2, expires_at));
    // It has expired, and was absent: the entity begins anew, and nothing of the old item comes back.
    let extra = wiki.client().update_item().table_name("wiki").update_expression("SET extra = :e");
    let key = wiki.get(Page::key("p")).into_sdk().unwrap().get_key().clone();
    extra.set_key(key).expression_attribute_values(":e", text("extra")).send().await.unwrap();
    let old = wiki.save_or_create(&mut page(None)).return_old().send().await.unwrap();
    assert_eq!(old, None);
    let stored = wiki.get(Page::key("p")).send().await.unwrap().unwrap();
    assert_eq!((stored.created.0, stored.changed.0, stored.writes), (200, 200, 1));
    let item = wiki.get(Page::key("p")).into_sdk().unwrap().send().await.unwrap().item.unwrap();
    assert!(!item.contains_key("extra"));
    // In memory they are those that are stored.
    let mut again = page(None);
    seconds.store(300, Ordering::Relaxed);
    wiki.save_or_create(&mut again).send().await.unwrap();
    assert_eq!((again.created.0, again.changed.0, again.writes), (200, 300, 2));
}
