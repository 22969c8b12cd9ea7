//! Many entities by their keys, also by those that an index gives.

mod hydrate;
mod keys;
mod mixed;
mod projection;
mod several_tables;
mod unprocessed;

use crate::model::{Customer, Order, OrderKey, Session, numbers, order, stocked, table};
use dynamap::Entity;
use dynamap::batch::{Absence, Fetched};
use dynamap::value::EpochSeconds;
use dynamap_local::Local;

pub(crate) fn found<E: Entity, T>(fetched: Vec<Fetched<E, T>>) -> Vec<T> {
    fetched.into_iter().filter_map(Fetched::found).collect()
}

#[tokio::test]
async fn outcomes_are_in_the_order_of_the_keys() {
    let (_, orders) = stocked().await;
    let keys = [(2025, 3), (2024, 99), (2024, 10), (2025, 3), (2024, 1)];
    let fetched = orders.batch_get(keys.map(|(year, number)| Order::key("c-1", year, number)));
    let fetched = fetched.consistent_read().send().await.unwrap();
    assert_eq!(fetched.len(), 5);
    assert_eq!(fetched[1], Fetched::Absent { key: Order::key("c-1", 2024, 99), absence: Absence::NotFound });
    assert_eq!(fetched.iter().filter(|fetched| fetched.is_absent()).count(), 1);
    assert_eq!(numbers(&found(fetched)), [(2025, 3), (2024, 10), (2025, 3), (2024, 1)]);
    assert_eq!(orders.batch_get([] as [OrderKey; 0]).send().await.unwrap(), []);
}

#[tokio::test]
async fn what_is_absent_says_why() {
    let (shop, _) = stocked().await;
    let sessions = shop.repository::<Session>();
    let session = |token: &str, expires_at| {
        let (customer_id, token) = ("c-1".into(), token.into());
        Session { customer_id, token, expires_at: EpochSeconds(expires_at) }
    };
    let (old, new) = (session("old", 1), session("new", 4_000_000_000));
    sessions.put(&old).send().await.unwrap();
    sessions.put(&new).send().await.unwrap();
    // An item of another entity at the key of a session, twice: such an item has no form to be read by.
    let mut other = dynamap::entity::to_item(&session("other", 4_000_000_000)).unwrap();
    other.insert("entity_type".into(), aws_sdk_dynamodb::types::AttributeValue::S("Cookie".into()));
    other.remove("token");
    shop.client().put_item().table_name("shop").set_item(Some(other)).send().await.unwrap();

    let keys = ["old", "other", "none", "new", "other"].map(|token| Session::key("c-1", token));
    let fetched = sessions.batch_get(keys.clone()).send().await.unwrap();
    let absent = |at: usize, absence| Fetched::Absent { key: keys[at].clone(), absence };
    let expected = [
        absent(0, Absence::Expired),
        absent(1, Absence::OtherEntity),
        absent(2, Absence::NotFound),
        Fetched::Found(new.clone()),
        absent(4, Absence::OtherEntity),
    ];
    assert_eq!(fetched, expected);
    let all = sessions.batch_get(keys).include_expired().send().await.unwrap();
    assert_eq!(found(all), [old, new]);
}

#[tokio::test]
async fn a_request_has_up_to_a_hundred_keys_each_once() {
    let (local, requests) = Local::memory().unwrap().recording();
    let orders = table(&local).await.repository::<Order>();
    for number in 1..=120 {
        orders.put(&order("c-1", 2024, number)).send().await.unwrap();
    }
    requests.clear();
    let keys = (1..=250).rev().chain(1..=60).map(|number| Order::key("c-1", 2024, number));
    let fetched = orders.batch_get(keys).send().await.unwrap();
    let counts: Vec<usize> =
        requests.take().iter().map(|request| request.to_string().matches("\"pk\"").count()).collect();
    assert_eq!(counts, [100, 100, 50]);
    let expected: Vec<u32> = (1..=120).rev().chain(1..=60).collect();
    assert_eq!(found(fetched).iter().map(|order| order.number).collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn an_item_of_another_form_is_an_error() {
    let (shop, _) = stocked().await;
    let customers = shop.repository::<Customer>();
    let mut broken =
        dynamap::entity::to_item(&Customer { customer_id: "c-3".into(), name: "B".into() }).unwrap();
    broken.remove("name");
    shop.client().put_item().table_name("shop").set_item(Some(broken)).send().await.unwrap();
    let error = customers.batch_get([Customer::key("c-1"), Customer::key("c-3")]).send().await.unwrap_err();
    let expected = "attribute `name` of entity `Customer`: expected an attribute, found none";
    assert_eq!(error.to_string(), expected);
    let too_long = [Customer::key("c-1"), Customer::key("x".repeat(2048))];
    let error = customers.batch_get(too_long).send().await.unwrap_err();
    assert!(matches!(error, dynamap::Error::Key(_)), "{error}");
}

#[tokio::test]
async fn the_sdks_builder_has_the_first_request() {
    let (_, orders) = stocked().await;
    let keys = (1..=150).map(|number| Order::key("c-1", 2024, number));
    let request = orders.batch_get(keys).into_sdk().unwrap();
    let output = request.send().await.unwrap();
    assert_eq!(output.responses.unwrap()["shop"].len(), 10);
}

/// DynamoDB answers with up to 16 MB, and leaves the other keys for another request.
#[tokio::test]
async fn items_that_are_too_many_for_one_answer() {
    let (local, requests) = Local::memory().unwrap().recording();
    let shop = table(&local).await;
    let large = |number| Order { note: Some("x".repeat(390_000)), ..order("c-1", 2024, number) };
    for number in 1..=44 {
        shop.put(&large(number)).send().await.unwrap();
    }
    requests.clear();
    let keys = (1..=44).map(|number| Order::key("c-1", 2024, number));
    let fetched = shop.batch_get(keys).send().await.unwrap();
    assert!(requests.take().len() >= 2, "more than 16 MB in one answer");
    assert_eq!(found(fetched), (1..=44).map(large).collect::<Vec<_>>());
}
