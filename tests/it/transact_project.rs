//! Transactions that read projections.

use crate::model::{Customer, Order, OrderNote, Session, Shop, Status, order, table};
use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::outcome::InvalidTransactionKind;
use dynamap::value::EpochSeconds;
use dynamap::{Error, Projection, Table};
use dynamap_local::{Local, Requests};

#[derive(Debug, PartialEq, Projection)]
#[dynamap(entity = Order)]
struct Total {
    total: u64,
    status: Option<Status>,
}

#[derive(Debug, PartialEq, Projection)]
#[dynamap(entity = Customer)]
struct Name {
    name: String,
}

#[derive(Debug, PartialEq, Projection)]
#[dynamap(entity = Session)]
struct Token {
    token: String,
}

async fn shop() -> (Table<Shop>, Requests) {
    let (local, requests) = Local::memory().unwrap().recording();
    let shop = table(&local).await;
    shop.put(&Customer { customer_id: "c-1".into(), name: "Ada".into() }).send().await.unwrap();
    for number in 1..=3 {
        let note = Some("a note".into());
        shop.put(&Order { note, ..order("c-1", 2024, number) }).send().await.unwrap();
    }
    requests.clear();
    (shop, requests)
}

fn key(number: u32) -> <Order as dynamap::Entity>::Key {
    Order::key("c-1", 2024, number)
}

fn total(total: u64) -> Option<Total> {
    Some(Total { total, status: Some(Status::Open) })
}

/// The attributes that each key is asked for.
fn asked(requests: &Requests) -> Vec<Option<Vec<String>>> {
    let sent = requests.take().remove(0);
    let gets = sent.body["TransactItems"].as_array().unwrap().clone();
    let names = |get: serde_json::Value| {
        let get = &get["Get"];
        let names = get["ExpressionAttributeNames"].as_object()?;
        let expression = get["ProjectionExpression"].as_str().unwrap();
        let name = |placeholder: &str| names[placeholder].as_str().unwrap().to_owned();
        Some(expression.split(", ").map(name).collect())
    };
    gets.into_iter().map(names).collect()
}

#[tokio::test]
async fn each_position_is_read_as_its_projection() {
    let (shop, requests) = shop().await;
    let keys = (Customer::key("c-1"), vec![key(1), key(9)], [key(2)], (key(3), Customer::key("c-2")));
    let found = shop.transact_get(keys).project::<(Name, Total, OrderNote, (Order, Name))>();
    let found = found.send().await.unwrap();
    let note = |number| OrderNote { number, note: Some("a note".into()) };
    let whole = Order { note: Some("a note".into()), ..order("c-1", 2024, 3) };
    let name = Some(Name { name: "Ada".into() });
    assert_eq!(found, (name, vec![total(10), None], [Some(note(2))], (Some(whole), None)));
    let list = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
    let total = || list(&["entity_type", "expires_at", "pk", "status", "total"]);
    let name = || list(&["entity_type", "expires_at", "name", "pk"]);
    let note = list(&["entity_type", "expires_at", "note", "pk", "sk"]);
    assert_eq!(asked(&requests), [name(), total(), total(), note, None, name()]);
}

#[tokio::test]
async fn a_key_of_several_positions_is_asked_for_all_of_them() {
    let (shop, requests) = shop().await;
    let two = shop.transact_get((key(1), key(1))).project::<(Total, OrderNote)>().send().await.unwrap();
    assert_eq!(two, (total(10), Some(OrderNote { number: 1, note: Some("a note".into()) })));
    let names = ["entity_type", "expires_at", "note", "pk", "sk", "status", "total"];
    assert_eq!(asked(&requests), [Some(names.map(str::to_owned).to_vec())]);
    // Whole for one of them, it is whole for all, whichever comes first.
    let whole = Order { note: Some("a note".into()), ..order("c-1", 2024, 1) };
    let found = shop.transact_get((key(1), key(1))).project::<(Total, Order)>().send().await.unwrap();
    assert_eq!((found, asked(&requests)), ((total(10), Some(whole.clone())), vec![None]));
    let found = shop.transact_get((key(1), key(1))).project::<(Order, Total)>().send().await.unwrap();
    assert_eq!((found, asked(&requests)), ((Some(whole), total(10)), vec![None]));
    // One key, and a repository.
    assert_eq!(shop.transact_get(key(2)).project::<Total>().send().await.unwrap(), total(20));
    let orders = shop.repository::<Order>().transact_get([key(3), key(2)]).project::<Total>();
    assert_eq!(orders.send().await.unwrap(), [total(30), total(20)]);
}

#[tokio::test]
async fn what_has_expired_is_absent_and_another_entity_is_an_error() {
    let (shop, _) = shop().await;
    let session = |token: &str, at| Session {
        customer_id: "c-1".into(),
        token: token.into(),
        expires_at: EpochSeconds(at),
    };
    shop.put(&session("old", 1)).send().await.unwrap();
    shop.put(&session("new", 4_000_000_000)).send().await.unwrap();
    let get = || {
        let keys = vec![Session::key("c-1", "old"), Session::key("c-1", "new")];
        shop.transact_get(keys).project::<Token>()
    };
    let token = |token: &str| Some(Token { token: token.into() });
    assert_eq!(get().send().await.unwrap(), [None, token("new")]);
    assert_eq!(get().include_expired().send().await.unwrap(), [token("old"), token("new")]);

    let item = shop.get(key(7)).into_sdk().unwrap().get_key().clone().unwrap();
    let put = shop.client().put_item().table_name("shop").set_item(Some(item.clone()));
    put.item("entity_type", AttributeValue::S("Customer".into())).send().await.unwrap();
    let read = shop.transact_get((key(1), key(7))).project::<(Total, Total)>().send().await;
    let Err(Error::Decode(error)) = read else { panic!("{read:?}") };
    assert_eq!((error.entity(), error.item_key()), (Some("Order"), Some(&item)));
}

#[tokio::test]
async fn it_is_explained_as_it_is_sent() {
    let (shop, requests) = shop().await;
    let get = || shop.transact_get((Customer::key("c-1"), key(1))).project::<(Name, Order)>();
    let explanation = get().explain().unwrap();
    get().send().await.unwrap();
    let explained: serde_json::Value = serde_json::from_str(&explanation.request_json()).unwrap();
    assert_eq!(explained, requests.take()[0].body);
    assert_eq!(explanation.expressions().len(), 1);
    assert_eq!(explanation.capacity(), &dynamap::op::Capacity::Read(4.0..=400.0));
    assert_eq!(get().into_sdk().unwrap().send().await.unwrap().responses.unwrap().len(), 2);
    let long = Customer::key("x".repeat(3000));
    let long = shop.transact_get((key(1), long)).project::<(Total, Name)>().send().await;
    let Err(Error::InvalidTransaction(long)) = long else { panic!("{long:?}") };
    assert!(matches!(long.kind(), InvalidTransactionKind::Action(error) if matches!(**error, Error::Key(_))));
}
