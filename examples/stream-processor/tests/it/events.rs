//! Recorded events of Lambda, each of them delivered to the handler of the function.

use dynamap::{
    Table,
    stream::{
        Change, ChangeRecord, EventName, KeysOnly, NewImage, NotInView, OldImage, StreamView,
        lambda::{BatchResponse, StreamHandler},
    },
    value::Value,
};
use dynamap_local::Local;
use std::{
    fs,
    sync::{Arc, Mutex},
};
use stream_processor::{
    changes_of_day, changes_of_item, low_stock,
    model::{Event, OutboxEntry, Views},
    poison_records, sales, stream_handler,
};
use webshop::model::{ProductId, ShopItem, Stock};

/// The day of the events.
const DAY: &str = "2026-11-30";

pub(crate) fn event(name: &str) -> Vec<u8> {
    fs::read(format!("{}/tests/events/{name}.json", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

async fn views() -> Table<Views> {
    let views = Table::<Views>::new(Local::memory().unwrap().client(), "views");
    views.create_table_if_absent().send().await.unwrap();
    views
}

async fn handle(views: &Table<Views>, name: &str) -> BatchResponse {
    stream_handler(views).handle(&event(name), None).await.unwrap()
}

async fn outbox(views: &Table<Views>) -> Vec<OutboxEntry> {
    changes_of_day(views, DAY).await.unwrap()
}

fn told(entries: &[OutboxEntry]) -> Vec<(Event, &str, &str)> {
    entries.iter().map(|entry| (entry.event, &*entry.item, &*entry.what)).collect()
}

#[tokio::test]
async fn each_change_is_in_the_outbox_with_what_follows_from_it() {
    let views = views().await;
    assert!(handle(&views, "both_images").await.is_complete());
    let stock = "stock of product 31";
    let expected = [
        (Event::Insert, stock, "5 in stock"),
        (Event::Modify, stock, "5 in stock -> 3 in stock"),
        (Event::Modify, stock, "3 in stock -> 2 in stock"),
        (Event::Remove, stock, "2 in stock"),
    ];
    assert_eq!(told(&outbox(&views).await), expected);
    assert_eq!(told(&changes_of_item(&views, stock).await.unwrap()), expected);
    let sales = sales(&views, ProductId(31)).await.unwrap();
    assert_eq!((sales.sales, sales.sold), (2, 3));
    let alerts = low_stock(&views, 10).await.unwrap();
    assert_eq!(
        alerts.iter().map(|alert| (alert.product, alert.left)).collect::<Vec<_>>(),
        [(ProductId(31), 2)]
    );
}

#[tokio::test]
async fn an_event_that_is_delivered_again_changes_nothing() {
    let views = views().await;
    for _ in 0..3 {
        assert!(handle(&views, "both_images").await.is_complete());
        assert!(handle(&views, "duplicates").await.is_complete());
    }
    let sales = sales(&views, ProductId(31)).await.unwrap();
    // Two of the first event and two of the second, whose first record is there three times.
    assert_eq!((sales.sales, sales.sold, outbox(&views).await.len()), (4, 6, 6));
    assert_eq!(low_stock(&views, 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_poison_record_lets_those_around_it_go_on() {
    let views = views().await;
    assert!(handle(&views, "poison").await.is_complete());
    let sales = sales(&views, ProductId(31)).await.unwrap();
    assert_eq!((sales.sales, outbox(&views).await.len()), (2, 2));
    let letters = poison_records(&views).await.unwrap();
    let [letter] = letters.as_slice() else { panic!("{letters:?}") };
    assert!(
        letter.reason.contains("could not be read") && !letter.reason.contains("many"),
        "{}",
        letter.reason
    );
    assert_eq!(letter.new.as_ref().unwrap()["count"], Value::S("many".into()));
    assert_eq!(letter.old.as_ref().unwrap()["count"], Value::N("5".parse().unwrap()));
}

#[tokio::test]
async fn an_item_of_an_unknown_entity_is_in_the_outbox() {
    let views = views().await;
    assert!(handle(&views, "unknown_entity").await.is_complete());
    let entries = outbox(&views).await;
    let entities: Vec<&str> = entries.iter().map(|entry| &*entry.entity).collect();
    assert_eq!(entities, ["Unknown", "Stock"]);
    assert_eq!(poison_records(&views).await.unwrap(), []);
}

#[tokio::test]
async fn what_expired_is_told_apart_from_what_was_deleted() {
    let views = views().await;
    assert!(handle(&views, "time_to_live").await.is_complete());
    let entries = outbox(&views).await;
    assert_eq!(told(&entries), [(Event::Expire, "session of ada@example.com", "")]);
    // A token would let the reader of the outbox log in.
    assert!(!format!("{entries:?}").contains("b0e52b5d"));
}

#[tokio::test]
async fn numbers_keep_all_their_digits() {
    let views = views().await;
    assert!(handle(&views, "digits").await.is_complete());
    assert_eq!(outbox(&views).await[0].what, "`Numbers` at 99999999999999999999999999.99");
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let own = seen.clone();
    let handler = StreamHandler::<ShopItem>::new(move |record| {
        if let Change::Insert { new: ShopItem::Unknown(item) } = &record.change {
            let mut digits = ["percent", "small"].map(|name| item[name].as_n().unwrap().clone());
            own.lock().unwrap().append(&mut Vec::from_iter(digits.iter_mut().map(std::mem::take)));
        }
        std::future::ready(Ok::<(), String>(()))
    });
    assert!(handler.handle(&event("digits"), None).await.unwrap().is_complete());
    let expected =
        ["12345678901234567890123456789012345678", "-1.2345678901234567890123456789012345678E-100"];
    assert_eq!(*seen.lock().unwrap(), expected);
}

#[tokio::test]
async fn an_empty_event_is_done() {
    let views = views().await;
    assert!(handle(&views, "empty").await.is_complete());
    assert_eq!(outbox(&views).await, []);
}

/// A stream of another view type is a mistake of the settings: its records are not thrown away as poison.
#[tokio::test]
async fn a_stream_without_both_images_is_not_passed_over() {
    let views = views().await;
    for name in ["keys_only", "new_image", "old_image"] {
        let response = handle(&views, name).await;
        let [failure] = response.failures() else { panic!("{response:?}") };
        assert_eq!(failure.sequence_number().as_str(), "442158450000000001745043909117");
    }
    assert_eq!((poison_records(&views).await.unwrap(), outbox(&views).await), (vec![], vec![]));
}

/// The changes of an event, as a view type gives them.
async fn changes<V: StreamView>(
    name: &str,
    change: impl Fn(&ChangeRecord<Stock, V>) -> String + Send + Sync + 'static,
) -> Vec<String> {
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let own = seen.clone();
    let handler = StreamHandler::<Stock, V>::new(move |record| {
        own.lock().unwrap().push(change(&record));
        std::future::ready(Ok::<(), String>(()))
    });
    assert!(handler.handle(&event(name), None).await.unwrap().is_complete());
    let seen = seen.lock().unwrap();
    seen.clone()
}

#[tokio::test]
async fn each_view_type_has_its_images() {
    let keys = changes::<KeysOnly>("keys_only", |record| {
        let (id, name): (ProductId, EventName) = (record.key.id, record.change.event_name());
        format!("{name} {id}")
    });
    assert_eq!(keys.await, ["INSERT 31", "MODIFY 31", "REMOVE 31"]);
    let new = changes::<NewImage>("new_image", |record| match &record.change {
        Change::Insert { new } => format!("new {}", new.count),
        Change::Modify { old: NotInView, new } => format!("now {}", new.count),
        Change::Remove { old: NotInView } => "gone".to_owned(),
    });
    assert_eq!(new.await, ["new 5", "now 3", "gone"]);
    let old = changes::<OldImage>("old_image", |record| match &record.change {
        Change::Insert { new: NotInView } => "new".to_owned(),
        Change::Modify { old, new: NotInView } => format!("was {}", old.count),
        Change::Remove { old } => format!("last {}", old.count),
    });
    assert_eq!(old.await, ["new", "was 5", "last 3"]);
    // A stream with both images serves a consumer of keys.
    let keys = changes::<KeysOnly>("both_images", |record| record.change.event_name().to_string());
    assert_eq!(keys.await, ["INSERT", "MODIFY", "MODIFY", "REMOVE"]);
}
