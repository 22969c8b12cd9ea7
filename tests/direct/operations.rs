//! Each function of `dynamap::direct` against the same request of the SDK, on the embedded engine.

use crate::answer::{Order, Shop, order};
use aws_sdk_dynamodb::types::{AttributeValue, Get, KeysAndAttributes, ReturnValue, TransactGetItem};
use dynamap::{Attribute, Table, TableSchema, VectorIndex, direct, entity, entity::Item, value::Vector};
use dynamap_local::Local;
use std::collections::HashMap;

/// Orders 1 to 9, and one item that knows more than an order.
async fn shop() -> Table<Shop> {
    let shop = Table::<Shop>::new(Local::memory().unwrap().client(), "shop");
    shop.create_table_if_absent().send().await.unwrap();
    for id in 1..=9 {
        let note = (id % 2 == 0).then(|| "even".to_owned());
        shop.create(&Order { note, ..order(id) }).send().await.unwrap();
    }
    let mut item = entity::to_item(&order(10)).unwrap();
    item.insert(
        "unknown".into(),
        AttributeValue::L(vec![AttributeValue::Null(true), AttributeValue::Ss(vec!["x".into()])]),
    );
    shop.client().put_item().table_name("shop").set_item(Some(item)).send().await.unwrap();
    shop
}

fn key(id: u32) -> Item {
    let key = [("pk", format!("ORDER#{id:010}")), ("sk", "ORDER".to_owned())];
    key.map(|(name, value)| (name.to_owned(), AttributeValue::S(value))).into_iter().collect()
}

fn orders(items: Vec<Item>) -> Vec<Order> {
    items.into_iter().map(|item| entity::from_item::<Order>(item).unwrap()).collect()
}

#[tokio::test]
async fn get_item() {
    let shop = shop().await;
    for id in [1, 2, 10, 11] {
        let request = shop.client().get_item().table_name("shop").set_key(Some(key(id)));
        let expected =
            request.clone().send().await.unwrap().item.map(|item| entity::from_item::<Order>(item).unwrap());
        let (found, output) = direct::get_item::<Order>(request).await.unwrap();
        assert_eq!(found, expected);
        assert_eq!(found.is_some(), id != 11);
        assert_eq!(output.item, None);
    }
}

#[tokio::test]
async fn query_and_scan() {
    let shop = shop().await;
    let scan = shop.client().scan().table_name("shop").limit(7);
    let expected = scan.clone().send().await.unwrap();
    let (found, output) = direct::scan::<Order>(scan).await.unwrap();
    assert_eq!(found, orders(expected.items.unwrap()));
    assert_eq!((found.len(), output.count(), output.scanned_count()), (7, 7, 7));
    assert_eq!(output.last_evaluated_key, expected.last_evaluated_key);
    assert!(output.last_evaluated_key.is_some());

    let query = shop.client().query().table_name("shop").key_condition_expression("pk = :pk");
    let query = query.expression_attribute_values(":pk", AttributeValue::S("ORDER#0000000010".into()));
    let expected = query.clone().send().await.unwrap();
    let (raw, _) = direct::query::<Item>(query.clone()).await.unwrap();
    assert_eq!(raw, expected.items.clone().unwrap());
    let (found, output) = direct::query::<Order>(query).await.unwrap();
    assert_eq!(found, orders(expected.items.unwrap()));
    assert_eq!((found.len(), output.count()), (1, 1));
}

#[tokio::test]
async fn batch_get_item() {
    let shop = shop().await;
    let keys = [1, 2, 10, 11].map(key);
    let keys = KeysAndAttributes::builder().set_keys(Some(keys.to_vec())).build().unwrap();
    let request = shop.client().batch_get_item().request_items("shop", keys);
    let expected = request.clone().send().await.unwrap().responses.unwrap();
    let expected: HashMap<_, _> = expected.into_iter().map(|(table, items)| (table, orders(items))).collect();
    let (found, output) = direct::batch_get_item::<Order>(request).await.unwrap();
    assert_eq!(found, expected);
    assert_eq!(found["shop"].len(), 3);
    assert_eq!(output.responses, None);
    assert!(output.unprocessed_keys.is_none_or(|keys| keys.is_empty()));
}

#[tokio::test]
async fn transact_get_items() {
    let shop = shop().await;
    let gets = [11, 2, 12, 10].map(|id| {
        let get = Get::builder().table_name("shop").set_key(Some(key(id))).build().unwrap();
        TransactGetItem::builder().get(get).build()
    });
    let request = shop.client().transact_get_items().set_transact_items(Some(gets.to_vec()));
    let (found, output) = direct::transact_get_items::<Order>(request.clone()).await.unwrap();
    let expected = request.send().await.unwrap().responses.unwrap().into_iter();
    let expected: Vec<_> = expected
        .map(|response| response.item.map(|item| entity::from_item::<Order>(item).unwrap()))
        .collect();
    assert_eq!(found, expected);
    assert_eq!(found.iter().map(Option::is_some).collect::<Vec<_>>(), [false, true, false, true]);
    assert_eq!(output.responses, None);
}

#[tokio::test]
async fn search_vectors() {
    #[derive(Debug, PartialEq, Attribute)]
    struct Point {
        id: u32,
        v: Vector<2>,
    }

    #[derive(TableSchema)]
    #[dynamap(partition_key = number("id"), entity_type = none, vector_indexes(ByVector))]
    struct Space;

    #[derive(VectorIndex)]
    #[dynamap(table = Space, name = "vec1", vector = "v", dimensions = 2, distance = euclidean)]
    struct ByVector;

    let space = Table::<Space>::new(Local::memory().unwrap().client(), "space");
    space.create_table_if_absent().send().await.unwrap();
    let point = |id: u8| Point { id: id.into(), v: Vector::new([f32::from(id), 0.0]).unwrap() };
    for id in 1..=5 {
        let item = dynamap::wire::item_to_attribute_values(&point(id)).unwrap();
        space.client().put_item().table_name("space").set_item(Some(item)).send().await.unwrap();
    }
    let numbers = ["2.25", "0"].map(|number| AttributeValue::N(number.into())).to_vec();
    let search = space.client().search_vectors().table_name("space").index_name("vec1").top_k(3);
    let search = search.set_search_vector(Some(numbers)).projection_expression("id, v");
    let expected = search.clone().send().await.unwrap();
    let expected: Vec<(Point, f64)> = expected
        .search_results
        .unwrap()
        .into_iter()
        .map(|found| {
            let read = dynamap::wire::item_from_attribute_values::<Point>(found.item.unwrap());
            (read.unwrap(), found.score)
        })
        .collect();
    let (found, output) = direct::search_vectors::<Point>(search).await.unwrap();
    assert_eq!(found, expected);
    assert_eq!(found, [(point(2), 0.25), (point(3), 0.75), (point(1), 1.25)]);
    assert_eq!(output.search_results, None);
}

#[tokio::test]
async fn put_update_and_delete_return_what_was_there() {
    let shop = shop().await;
    let put = || shop.client().put_item().table_name("shop").return_values(ReturnValue::AllOld);
    let changed = Order { note: Some("\u{0}\u{1f600}".into()), ..order(1) };
    let (old, output) = direct::put_item(put(), &changed).await.unwrap();
    assert_eq!((old, output.attributes), (Some(order(1)), None));
    let (old, _) = direct::put_item(put(), &order(100)).await.unwrap();
    assert_eq!(old, None);

    let update = shop.client().update_item().table_name("shop").set_key(Some(key(1)));
    let update = update
        .update_expression("SET title = :t")
        .expression_attribute_values(":t", AttributeValue::S("new".into()));
    let all = update.clone().return_values(ReturnValue::AllNew);
    let (new, _) = direct::update_item::<Order, Order>(all).await.unwrap();
    assert_eq!(new, Some(Order { title: "new".into(), ..changed.clone() }));
    let updated = update.clone().return_values(ReturnValue::UpdatedNew);
    let (new, _) = direct::update_item::<Order, Item>(updated).await.unwrap();
    assert_eq!(new.unwrap(), HashMap::from([("title".to_owned(), AttributeValue::S("new".into()))]));
    let (none, _) = direct::update_item::<Order, Order>(update).await.unwrap();
    assert_eq!(none, None);

    let delete = shop.client().delete_item().table_name("shop").set_key(Some(key(1)));
    let delete = delete.return_values(ReturnValue::AllOld);
    let (old, _) = direct::delete_item::<Order>(delete.clone()).await.unwrap();
    assert_eq!(old, Some(Order { title: "new".into(), ..changed }));
    assert_eq!(direct::delete_item::<Order>(delete).await.unwrap().0, None);
}

#[tokio::test]
async fn batch_write_item() {
    let local = Local::memory().unwrap();
    let (recording, requests) = local.recording();
    let shop = Table::<Shop>::new(recording.client(), "shop");
    shop.create_table_if_absent().send().await.unwrap();
    shop.create(&order(1)).send().await.unwrap();
    requests.clear();
    let mut writes = direct::WriteRequests::new();
    for id in 2..=25 {
        writes.put("shop", &order(id)).unwrap();
    }
    writes.delete("shop", &Order::key(1)).unwrap();
    let output = direct::batch_write_item(shop.client().batch_write_item(), writes).await.unwrap();
    assert!(output.unprocessed_items.is_none_or(|items| items.is_empty()));
    let body = requests.take().pop().unwrap().body;
    let count = body["RequestItems"]["shop"].as_array().unwrap().len();
    assert_eq!((count, body["RequestItems"].as_object().unwrap().len()), (25, 1));
    let (mut found, _) = direct::scan::<Order>(shop.client().scan().table_name("shop")).await.unwrap();
    found.sort_by_key(|order| order.id);
    assert_eq!(found, (2..=25).map(order).collect::<Vec<_>>());
}

#[tokio::test]
async fn transact_write_items() {
    let shop = shop().await;
    let mut writes = direct::TransactWrites::new();
    writes.create("shop", &order(11)).unwrap();
    writes.put("shop", &order(2)).unwrap();
    writes.delete("shop", &Order::key(1)).unwrap();
    direct::transact_write_items(shop.client().transact_write_items(), writes).await.unwrap();
    for (id, expected) in [(11, Some(order(11))), (2, Some(order(2))), (1, None)] {
        assert_eq!(shop.get(Order::key(id)).send().await.unwrap(), expected);
    }
}

#[tokio::test]
async fn an_item_that_cannot_be_stored_leaves_the_requests_as_they_were() {
    let mut writes = direct::WriteRequests::new();
    writes.put("shop", &order(1)).unwrap();
    let before = format!("{writes:?}");
    let long = Order { title: "x".into(), note: None, id: 1 };
    // The key is what cannot be made here: it is longer than DynamoDB takes.
    #[derive(dynamap::Entity)]
    #[dynamap(table = Shop, pk = "{name}", sk = "X")]
    struct Named {
        name: String,
    }
    assert!(writes.put("shop", &Named { name: "x".repeat(3_000) }).is_err());
    assert!(writes.put("other", &Named { name: "x".repeat(3_000) }).is_err());
    assert_eq!(format!("{writes:?}"), before);
    writes.put("shop", &long).unwrap();
}
