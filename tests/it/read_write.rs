use crate::model::{Customer, Order, Shop, Status, order, shop};
use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::{Error, Table};

#[tokio::test]
async fn what_is_put_is_got() {
    let orders = shop().await.repository::<Order>();
    let written = Order { note: Some("gift".into()), ..order("c-1", 2024, 7) };
    orders.put(&written).send().await.unwrap();
    assert_eq!(orders.get(Order::key("c-1", 2024, 7)).send().await.unwrap(), Some(written.clone()));
    assert_eq!(orders.get(written.to_key()).consistent_read().send().await.unwrap(), Some(written));
    assert_eq!(orders.get(Order::key("c-1", 2024, 8)).send().await.unwrap(), None);
}

#[tokio::test]
async fn key_only_fields_are_only_in_the_key() {
    let shop = shop().await;
    shop.put(&order("c-1", 2024, 7)).send().await.unwrap();
    let stored = raw(&shop, "CUSTOMER#c-1", "ORDER#02024#0000000007").await.unwrap();
    assert!(!stored.contains_key("customer_id"));
    assert_eq!(stored["entity_type"], AttributeValue::S("Order".into()));
    assert_eq!(stored["gsi1pk"], AttributeValue::S("STATUS#Open".into()));
    assert!(!stored.contains_key("note"), "None is no attribute");
}

#[tokio::test]
async fn ids_that_look_like_keys_do_not_collide() {
    let shop = shop().await;
    let orders = shop.repository::<Order>();
    let tricky = order("c-1#ORDER#02024", 2024, 7);
    orders.create(&tricky).send().await.unwrap();
    orders.create(&order("c-1", 2024, 7)).send().await.unwrap();
    assert_eq!(orders.get(tricky.to_key()).send().await.unwrap(), Some(tricky));
    let case = Customer { customer_id: "C-1".into(), name: "other".into() };
    shop.create(&case).send().await.unwrap();
    assert_eq!(shop.get(Customer::key("c-1")).send().await.unwrap(), None);
}

#[tokio::test]
async fn create_fails_where_an_item_is_and_tells_which() {
    let orders = shop().await.repository::<Order>();
    let first = order("c-1", 2024, 7);
    orders.create(&first).send().await.unwrap();
    let second = Order { status: Some(Status::Shipped), ..first.clone() };
    let Err(Error::ConditionFailed(failed)) = orders.create(&second).send().await else {
        panic!("created twice")
    };
    assert_eq!(failed.current::<Order>().unwrap().unwrap(), first);
    assert_eq!(orders.get(first.to_key()).send().await.unwrap(), Some(first));
}

#[tokio::test]
async fn replace_fails_where_no_item_is() {
    let orders = shop().await.repository::<Order>();
    let first = order("c-1", 2024, 7);
    let Err(Error::ConditionFailed(failed)) = orders.replace(&first).send().await else {
        panic!("replaced nothing")
    };
    assert!(failed.current::<Order>().is_none());
    assert_eq!(orders.get(first.to_key()).send().await.unwrap(), None);

    orders.create(&first).send().await.unwrap();
    let second = Order { status: Some(Status::Shipped), ..first.clone() };
    orders.replace(&second).send().await.unwrap();
    assert_eq!(orders.get(first.to_key()).send().await.unwrap(), Some(second));
}

#[tokio::test]
async fn delete_and_exists() {
    let orders = shop().await.repository::<Order>();
    let key = Order::key("c-1", 2024, 7);
    assert!(!orders.exists(key.clone()).send().await.unwrap());
    orders.put(&order("c-1", 2024, 7)).send().await.unwrap();
    assert!(orders.exists(key.clone()).consistent_read().send().await.unwrap());
    orders.delete(key.clone()).send().await.unwrap();
    assert!(!orders.exists(key.clone()).send().await.unwrap());
    orders.delete(key).send().await.unwrap();
}

#[tokio::test]
async fn into_sdk_gives_the_same_request() {
    let orders = shop().await.repository::<Order>();
    let written = order("c-1", 2024, 7);
    orders.create(&written).into_sdk().unwrap().send().await.unwrap();
    let item = orders.get(written.to_key()).into_sdk().unwrap().send().await.unwrap().item.unwrap();
    assert_eq!(dynamap::entity::from_item::<Order>(item).unwrap(), written);
}

/// The item as it is stored.
async fn raw(shop: &Table<Shop>, pk: &str, sk: &str) -> Option<dynamap::entity::Item> {
    let request = shop.client().get_item().table_name(shop.name());
    let request = request.key("pk", AttributeValue::S(pk.into())).key("sk", AttributeValue::S(sk.into()));
    request.send().await.unwrap().item
}
