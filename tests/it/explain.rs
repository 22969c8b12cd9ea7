//! What calls would send and cost, without sending it.

use crate::MAPPING;
use crate::model::{Customer, Order, OrderNote, Session, Shop, Status, order};
use dynamap::op::{Capacity, Explanation};
use dynamap::value::{EpochSeconds, Version};
use dynamap::{Entity, Error, ItemCollection, Table, TableSchema};
use dynamap_local::{Local, Requests};
use serde_json::Value;
use std::convert::Infallible;
use std::ops::RangeInclusive;

async fn shop() -> (Table<Shop>, Requests) {
    let (local, requests) = Local::memory().unwrap().recording();
    let shop = Table::<Shop>::new(local.client(), "shop").with_mapping(MAPPING);
    shop.create_table_if_absent().send().await.unwrap();
    requests.clear();
    (shop, requests)
}

/// The request that was explained, which must be the one that was sent next.
fn agree(requests: &Requests, explanation: &Explanation) {
    let sent = requests.take().remove(0);
    let explained: Value = serde_json::from_str(&explanation.request_json()).unwrap();
    assert_eq!(explained, sent.body);
    assert_eq!(explanation.operation(), sent.operation);
    assert!(explanation.to_string().starts_with(explanation.operation()));
}

fn sizes(explanation: &Explanation) -> Vec<(&'static str, usize, usize)> {
    explanation.expressions().iter().map(|size| (size.member, size.bytes, size.operators)).collect()
}

#[tokio::test]
async fn an_explanation_is_the_request_that_is_sent() {
    let (shop, requests) = shop().await;
    let key = || Order::key("c-1", 2024, 1);
    let create = || shop.create(&order("c-1", 2024, 1)).condition(Order::NOTE.not_exists());
    let explanation = create().explain().unwrap();
    assert!(requests.take().is_empty(), "nothing was sent");
    create().send().await.unwrap();
    agree(&requests, &explanation);
    assert_eq!(sizes(&explanation), [("ConditionExpression", 55, 3)]);

    let update = || {
        let of = Order::TOTAL.set(Order::TOTAL + 1_u64).and(Order::STATUS.set(Status::Shipped));
        shop.update(key()).apply(of).condition(Order::TOTAL.between(1, 20)).return_new()
    };
    let explanation = update().explain().unwrap();
    update().send().await.unwrap();
    agree(&requests, &explanation);
    assert_eq!(explanation.expressions()[0].operators, 1);

    let get = || shop.get(key()).consistent_read();
    let explanation = get().explain().unwrap();
    get().send().await.unwrap();
    agree(&requests, &explanation);
    let exists = shop.exists(key());
    let explanation = shop.exists(key()).explain().unwrap();
    exists.send().await.unwrap();
    agree(&requests, &explanation);
    let delete = || shop.delete(key()).condition(Order::TOTAL.exists());
    let explanation = delete().explain().unwrap();
    delete().send().await.unwrap();
    agree(&requests, &explanation);
}

#[tokio::test]
async fn queries_and_scans_are_explained() {
    let (shop, requests) = shop().await;
    for number in 1..=3 {
        shop.create(&order("c-1", 2024, number)).send().await.unwrap();
    }
    requests.clear();
    let query =
        || shop.query(Order::partition("c-1").year(2024).number(1..=2)).filter(Order::TOTAL.gt(1)).limit(1);
    let explanation = query().explain().unwrap();
    let page = query().send().await.unwrap();
    agree(&requests, &explanation);
    let all = sizes(&explanation);
    assert_eq!(all[0], ("KeyConditionExpression", 37, 3));
    assert_eq!(all[1], ("FilterExpression", 9, 1));
    assert_eq!(explanation.capacity(), &Capacity::Read(0.5..=50.0));

    let next = || query().start_after(page.cursor.clone().unwrap()).consistent_read();
    let explanation = next().explain().unwrap();
    next().send().await.unwrap();
    agree(&requests, &explanation);
    let index =
        || shop.query(Order::by_status(Status::Open)).project::<crate::model::OrderNote>().descending();
    let explanation = index().explain().unwrap();
    index().send().await.unwrap();
    agree(&requests, &explanation);
    assert_eq!(explanation.capacity(), &Capacity::Read(0.5..=128.0));
    let hydrate = || shop.query(Order::by_status(Status::Open)).filter(Order::NOTE.exists()).hydrate();
    let explanation = hydrate().explain().unwrap();
    hydrate().send().await.unwrap();
    agree(&requests, &explanation);
    assert_eq!(explanation.expressions()[1].operators, 1);
    let scan = || shop.scan::<Order>().filter(Order::NOTE.not_exists() | Order::TOTAL.between(1, 2));
    let explanation = scan().explain().unwrap();
    scan().send().await.unwrap();
    agree(&requests, &explanation);
    assert_eq!(explanation.expressions()[0].operators, 3);
}

#[tokio::test]
async fn the_operations_of_tables_are_explained() {
    let (local, requests) = Local::memory().unwrap().recording();
    let shop = Table::<Shop>::new(local.client(), "shop").with_mapping(MAPPING);
    let create = || shop.create_table_if_absent().provisioned(5, 7);
    let explanation = create().explain();
    create().send().await.unwrap();
    let sent = requests.take().into_iter().find(|request| request.operation == "CreateTable").unwrap();
    let explained: Value = serde_json::from_str(&explanation.request_json()).unwrap();
    assert_eq!(explained, sent.body);
    assert!(explanation.to_string().ends_with("capacity: none"));
    let explanation = shop.wait_until_active().explain();
    shop.wait_until_active().send().await.unwrap();
    agree(&requests, &explanation);
}

#[tokio::test]
async fn the_capacity_is_that_of_the_sizes() {
    let (shop, _) = shop().await;
    let item = Order { note: Some("x".repeat(5000)), ..order("c-1", 2024, 1) };
    let explanation = shop.put(&item).explain().unwrap();
    let size = dynamap::wire::item_size(&dynamap::entity::to_item(&item).unwrap());
    assert_eq!(
        (explanation.item_size(), explanation.capacity()),
        (Some(size), &Capacity::Write(6.0..=400.0))
    );
    let get = shop.get(Order::key("c-1", 2024, 1));
    assert_eq!(get.explain().unwrap().capacity(), &Capacity::Read(0.5..=50.0));
    let text =
        shop.delete(Order::key("c-1", 2024, 1)).overwrite_other_entities().explain().unwrap().to_string();
    assert_eq!(
        text,
        "DeleteItem {\n  \"TableName\": \"shop\"\n  \"Key\": {\"pk\":{\"S\":\"CUSTOMER#c-1\"},\"sk\":{\"S\":\"ORDER#02024#0000000001\"}}\n}\n\
         capacity: 1 to 400 write units\nindex `gsi1`: 0 to 400 write units\nindex `lsi1`: 0 to 400 write units"
    );
    let refused = shop.delete(Order::key("c-1", 2024, 1)).condition(Order::TOTAL.between(2, 1)).explain();
    assert!(matches!(refused, Err(Error::Expression(_))), "{refused:?}");
}

#[tokio::test]
async fn projections_keys_and_batches_are_explained() {
    let (shop, requests) = shop().await;
    let get = || shop.get(Order::key("c-1", 2024, 1)).project::<OrderNote>().consistent_read();
    get().send().await.unwrap();
    agree(&requests, &get().explain().unwrap());
    let keys = || shop.query(Order::by_status(Status::Open)).keys().limit(3);
    keys().send().await.unwrap();
    agree(&requests, &keys().explain().unwrap());

    let orders = shop.repository::<Order>();
    let batch = |count: u32| orders.batch_get((1..=count).map(|number| Order::key("c-1", 2024, number)));
    for batch in [batch(2), batch(150), batch(1).consistent_read()] {
        batch.clone().send().await.unwrap();
        agree(&requests, &batch.explain().unwrap());
        requests.clear();
    }
    assert_eq!(batch(150).explain().unwrap().capacity(), &Capacity::Read(50.0..=5000.0));
    let one = batch(1).consistent_read().explain().unwrap();
    assert_eq!(one.capacity(), &Capacity::Read(1.0..=100.0));
}

#[tokio::test]
async fn a_batch_write_is_explained() {
    let (shop, requests) = shop().await;
    let orders = shop.repository::<Order>();
    let long = Order { note: Some("x".repeat(5000)), ..order("c-1", 2024, 1) };
    let batch = |last: u32| {
        let many = (1..=last).map(|number| Order { number, ..long.clone() });
        orders.batch_write().put_all(many).delete(Order::key("c-1", 2024, last + 1))
    };
    batch(20).send().await.unwrap();
    let explanation = batch(20).explain().unwrap();
    agree(&requests, &explanation);
    assert_eq!(explanation.capacity(), &Capacity::Write(121.0..=8400.0));
    requests.clear();
    batch(20).into_sdk().unwrap().send().await.unwrap();
    agree(&requests, &explanation);
    let writes = |explanation: &Explanation| {
        let request: Value = serde_json::from_str(&explanation.request_json()).unwrap();
        request["RequestItems"]["shop"].as_array().unwrap().len()
    };
    assert_eq!(writes(&batch(70).explain().unwrap()), 25);
    // As it would be sent: of writes with one key there is the last.
    let twice = batch(3).put_all(vec![order("c-1", 2024, 2)]);
    assert_eq!(writes(&twice.explain().unwrap()), 4);
    let too_large = Order { note: Some("x".repeat(410_000)), ..long };
    let refused = orders.batch_write().put(&too_large).explain();
    assert!(matches!(refused, Err(Error::Encode(_))), "{refused:?}");
    let refused = orders.batch_write().put(&too_large).into_sdk();
    assert!(matches!(refused, Err(Error::Encode(_))));
}

fn units(explanation: &Explanation) -> Vec<(&'static str, RangeInclusive<f64>)> {
    explanation.indexes().iter().map(|capacity| (capacity.index, capacity.units.clone())).collect()
}

#[tokio::test]
async fn the_capacity_of_a_write_is_that_of_its_item_and_its_indexes() {
    let (shop, _) = shop().await;
    let note = |length| Some("x".repeat(length));
    let item = Order { note: note(5000), ..order("c-1", 2024, 1) };
    // An order has no time to live: what is created takes no other's place.
    let create = shop.create(&item).explain().unwrap();
    assert_eq!(create.capacity(), &Capacity::Write(6.0..=6.0));
    // The local index has the keys and all attributes, the global one the note.
    assert_eq!(units(&create), [("gsi1", 5.0..=5.0), ("lsi1", 6.0..=6.0)]);
    let put = shop.put(&item).explain().unwrap();
    assert_eq!(put.capacity(), &Capacity::Write(6.0..=400.0));
    assert_eq!(units(&put), [("gsi1", 0.0..=405.0), ("lsi1", 0.0..=406.0)]);
    // Without a status it is not in the index, but may have been.
    let closed = Order { status: None, ..item.clone() };
    assert_eq!(units(&shop.create(&closed).explain().unwrap()), [("lsi1", 5.0..=5.0)]);
    assert_eq!(units(&shop.put(&closed).explain().unwrap())[0], ("gsi1", 0.0..=400.0));
    // A session may take the place of an expired one, of which nobody knows the size, and is in no index.
    let session = Session { customer_id: "c".into(), token: "t".into(), expires_at: EpochSeconds(1) };
    let create = shop.create(&session).explain().unwrap();
    assert_eq!((create.capacity(), units(&create)), (&Capacity::Write(1.0..=400.0), vec![]));

    let save = shop.save(&item).explain().unwrap();
    assert_eq!(save.capacity(), &Capacity::Write(6.0..=400.0));
    assert_eq!(units(&save), [("gsi1", 0.0..=800.0), ("lsi1", 0.0..=800.0)]);
    let update = |update| shop.update(&item).apply(update).explain().unwrap();
    assert_eq!(update(Order::NOTE.set(note(3000))).capacity(), &Capacity::Write(3.0..=400.0));
    assert_eq!(update(Order::NOTE.remove()).capacity(), &Capacity::Write(1.0..=400.0));
    assert_eq!(units(&shop.delete(&item).explain().unwrap()), [("gsi1", 0.0..=400.0), ("lsi1", 0.0..=400.0)]);
}

#[derive(Debug, PartialEq, ItemCollection)]
struct Account {
    customer: Customer,
    orders: Vec<Order>,
}

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Desk;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Desk, pk = "NOTE#{id}")]
struct Note {
    id: u32,
    #[dynamap(version)]
    version: Version,
}

#[tokio::test]
async fn what_is_put_together_modified_and_dumped_is_explained() {
    let (shop, requests) = shop().await;
    shop.put(&Customer { customer_id: "c-1".into(), name: "Ada".into() }).send().await.unwrap();
    requests.clear();
    let account = || shop.query(Account::partition("c-1")).limit(9);
    let explanation = account().explain().unwrap();
    account().assemble().await.unwrap();
    agree(&requests, &explanation);
    let explanation = shop.dump(std::io::sink()).segments(1).consistent_read().explain().unwrap();
    assert!(requests.take().is_empty(), "nothing was sent");
    shop.dump(std::io::sink()).segments(1).consistent_read().send().await.unwrap();
    agree(&requests, &explanation);
    assert!(matches!(shop.dump(std::io::sink()).segments(0).explain(), Err(Error::InvalidSegmentCount(_))));

    let desk = Table::<Desk>::new(shop.client().clone(), "desk").with_mapping(MAPPING);
    desk.create_table_if_absent().send().await.unwrap();
    desk.create(&mut Note { id: 1, version: Version::NEW }).send().await.unwrap();
    requests.clear();
    let notes = desk.repository::<Note>();
    let modify = || notes.modify(Note::key(1), |_| Ok::<(), Infallible>(()));
    let explanation = modify().explain().unwrap();
    modify().send().await.unwrap();
    agree(&requests, &explanation);
}
