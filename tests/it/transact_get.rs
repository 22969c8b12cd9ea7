//! Transactions that read.

use crate::MAPPING;
use crate::model::{Branch, Customer, Order, OrderKey, Session, Shop, Status, order, table};
use dynamap::value::EpochSeconds;
use dynamap::{Error, Table};
use dynamap::{error::ServiceErrorKind, outcome::InvalidTransactionKind};
use dynamap_local::faults::{Fault, Plan, When};
use dynamap_local::{Local, Requests};
use std::time::Duration;

const GET: &str = "TransactGetItems";

async fn shop() -> (Table<Shop>, Requests) {
    let (local, requests) = Local::memory().unwrap().recording();
    let shop = table(&local).await;
    shop.put(&customer()).send().await.unwrap();
    shop.put(&branch()).send().await.unwrap();
    for number in 1..=3 {
        shop.put(&order("c-1", 2024, number)).send().await.unwrap();
    }
    requests.clear();
    (shop, requests)
}

fn customer() -> Customer {
    Customer { customer_id: "c-1".into(), name: "Ada".into() }
}

fn branch() -> Branch {
    let text = |text: &str| text.to_owned();
    Branch { id: 1, country: text("NO"), city: text("Oslo"), street: text("Gata"), house: 1 }
}

#[tokio::test]
async fn a_tuple_of_keys_gives_a_tuple_of_entities() {
    let (shop, requests) = shop().await;
    let found = shop
        .transact_get((
            Customer::key("c-1"),
            Order::key("c-1", 2024, 2),
            Branch::key(9),
            Order::key("c-1", 2024, 9),
            Branch::key(1),
            Customer::key("c-2"),
            Order::key("c-1", 2024, 1),
            Order::key("c-1", 2024, 3),
        ))
        .send()
        .await
        .unwrap();
    let order = |number| Some(order("c-1", 2024, number));
    assert_eq!(found, (Some(customer()), order(2), None, None, Some(branch()), None, order(1), order(3)));
    let sent = requests.take();
    assert_eq!((sent.len(), sent[0].operation.as_str()), (1, GET));
}

#[tokio::test]
async fn lists_of_keys_keep_their_places_and_a_key_twice_is_asked_for_once() {
    let (shop, requests) = shop().await;
    let order = |number| Some(order("c-1", 2024, number));
    let key = |number| Order::key("c-1", 2024, number);
    let found = shop.transact_get(vec![key(3), key(9), key(1), key(3), key(9)]).send().await.unwrap();
    assert_eq!(found, [order(3), None, order(1), order(3), None]);
    assert_eq!(requests.take()[0].body["TransactItems"].as_array().unwrap().len(), 3);
    let [one, two] = shop.transact_get([key(1), key(2)]).send().await.unwrap();
    assert_eq!((one, two), (order(1), order(2)));
    let orders = shop.repository::<Order>();
    assert_eq!(orders.transact_get((1..=3).map(key)).send().await.unwrap(), [order(1), order(2), order(3)]);
    assert_eq!(shop.transact_get(key(2)).send().await.unwrap(), order(2));

    // Inside one another.
    let keys = (vec![key(2), key(7)], Customer::key("c-1"), (key(2), [key(3), key(2)]));
    let found = shop.transact_get(keys).send().await.unwrap();
    assert_eq!(found, (vec![order(2), None], Some(customer()), (order(2), [order(3), order(2)])));
    requests.clear();
    assert_eq!(orders.transact_get([] as [OrderKey; 0]).send().await.unwrap(), []);
    assert!(requests.take().is_empty());
}

#[tokio::test]
async fn what_has_expired_is_absent_unless_it_is_asked_for() {
    let (shop, _) = shop().await;
    let session = |token: &str, at| {
        let (customer_id, token) = ("c-1".to_owned(), token.to_owned());
        Session { customer_id, token, expires_at: EpochSeconds(at) }
    };
    let (old, new) = (session("old", 1), session("new", 4_000_000_000));
    shop.put(&old).send().await.unwrap();
    shop.put(&new).send().await.unwrap();
    let keys = || (Session::key("c-1", "old"), Session::key("c-1", "new"), Session::key("c-1", "old"));
    assert_eq!(shop.transact_get(keys()).send().await.unwrap(), (None, Some(new.clone()), None));
    let all = shop.transact_get(keys()).include_expired().send().await.unwrap();
    assert_eq!(all, (Some(old.clone()), Some(new), Some(old)));
}

#[tokio::test]
async fn what_cannot_be_read_is_an_error_that_says_where() {
    let (shop, _) = shop().await;
    // At the key of an order: an item that is not of its form, and one of another entity.
    let written = |number: u32| {
        let key = shop.delete(Order::key("c-1", 2024, number)).into_sdk().unwrap().get_key().clone();
        shop.client().put_item().table_name("shop").set_item(key)
    };
    written(4).send().await.unwrap();
    let text = aws_sdk_dynamodb::types::AttributeValue::S("Customer".into());
    written(5).item("entity_type", text).send().await.unwrap();
    for number in [4, 5] {
        let keys = (Customer::key("c-1"), Order::key("c-1", 2024, number));
        let Err(Error::Decode(error)) = shop.transact_get(keys).send().await else { panic!() };
        assert_eq!(error.entity(), Some("Order"));
        assert!(error.to_string().contains("[1]"), "{error}");
        // As a single read says it.
        let Err(Error::Decode(single)) = shop.get(Order::key("c-1", 2024, number)).send().await else {
            panic!()
        };
        let key = shop.get(Order::key("c-1", 2024, number)).into_sdk().unwrap().get_key().clone();
        assert!(key.is_some() && error.item_key() == key.as_ref() && single.item_key() == key.as_ref());
    }
}

#[tokio::test]
async fn what_dynamodb_would_refuse_is_no_request() {
    let (shop, requests) = shop().await;
    let orders = shop.repository::<Order>();
    let keys = |count| (0..count).map(|number| Order::key("c-1", 2024, number));
    let Err(Error::InvalidTransaction(many)) = orders.transact_get(keys(101)).send().await else { panic!() };
    assert!(matches!(many.kind(), InvalidTransactionKind::TooManyActions { count: 101, limit: 100 }));
    assert_eq!(many.action().map(|action| (action.position, action.kind)), Some((100, "Get")));
    let long = (Order::key("c-1", 2024, 1), Customer::key("x".repeat(3000)));
    let Err(Error::InvalidTransaction(long)) = shop.transact_get(long).send().await else { panic!() };
    assert_eq!(long.action().map(|action| (action.position, action.entity)), Some((1, "Customer")));
    assert!(matches!(long.kind(), InvalidTransactionKind::Action(error) if matches!(**error, Error::Key(_))));
    assert!(matches!(orders.transact_get([] as [OrderKey; 0]).into_sdk(), Err(Error::InvalidTransaction(_))));
    assert!(requests.take().is_empty());
    // The same key does not count twice.
    assert_eq!(orders.transact_get(keys(100).chain(keys(100))).send().await.unwrap().len(), 200);
}

#[tokio::test]
async fn it_can_be_explained_and_handed_to_the_sdk() {
    let (shop, requests) = shop().await;
    let get = || shop.transact_get((Customer::key("c-1"), Order::key("c-1", 2024, 1), Customer::key("c-1")));
    let explanation = get().explain().unwrap();
    assert!(requests.take().is_empty());
    get().send().await.unwrap();
    let sent = requests.take().remove(0);
    let explained: serde_json::Value = serde_json::from_str(&explanation.request_json()).unwrap();
    assert_eq!((explanation.operation(), &explained), (GET, &sent.body));
    assert_eq!(explanation.capacity(), &dynamap::op::Capacity::Read(4.0..=400.0));
    assert_eq!(get().into_sdk().unwrap().send().await.unwrap().responses.unwrap().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn conflicts_are_waited_for_and_lost_answers_asked_for_again() {
    fastrand::seed(7);
    let local = Local::memory().unwrap();
    table(&local).await.put(&order("c-1", 2024, 1)).send().await.unwrap();
    let conflict = || Fault::canceled(["None", "TransactionConflict"]);
    let script = [
        conflict(),
        Fault::canceled(["ThrottlingError", "TransactionConflict"]),
        Fault::DropAfter,
        Fault::ErrorAfter,
        Fault::TransactionConflict,
        Fault::Truncated(0),
    ];
    let (faulty, faults) = local.with_faults(Plan::script(script.map(|fault| (When::operation(GET), fault))));
    let client = aws_sdk_dynamodb::Client::from_conf(dynamap::direct::prepare(faulty.config()).build());
    let shop = Table::<Shop>::new(client, "shop").with_mapping(MAPPING);
    let key = |number| Order::key("c-1", 2024, number);
    let keys = || (key(1), key(1), key(2));
    let found = shop.transact_get(keys()).send().await.unwrap();
    assert_eq!(found, (Some(order("c-1", 2024, 1)), Some(order("c-1", 2024, 1)), None));
    assert_eq!(faults.log().len(), 7);

    // The reasons are those of the caller's keys.
    faults.add(When::operation(GET).always(), conflict());
    let refused = shop.transact_get(keys()).retry_timeout(Duration::from_secs(5)).send().await;
    let Err(Error::TransactionCanceled(canceled)) = refused else { panic!("{refused:?}") };
    let told: Vec<_> = canceled.reasons().iter().map(|reason| (reason.position(), reason.code())).collect();
    assert_eq!(told, [(0, None), (1, None), (2, Some("TransactionConflict"))]);
    assert_eq!((canceled.reasons()[2].kind(), canceled.reasons()[2].entity()), ("Get", "Order"));
    assert!(faults.log().len() > 8);
    assert!(faults.illegal().is_empty(), "{:?}", faults.illegal());

    // An answer that is always cut to nothing is none.
    let (faulty, _) = local.with_faults(Plan::script([(When::operation(GET).always(), Fault::Truncated(0))]));
    let shop = Table::<Shop>::new(faulty.client(), "shop").with_mapping(MAPPING);
    let Err(Error::Service(cut)) = shop.transact_get(keys()).send().await else { panic!() };
    assert_eq!(cut.kind(), ServiceErrorKind::UnreadableResponse);

    let (faulty, _) =
        local.with_faults(Plan::script([(When::operation(GET), Fault::canceled(["ValidationError"]))]));
    let shop = Table::<Shop>::new(faulty.client(), "shop").with_mapping(MAPPING);
    assert!(matches!(shop.transact_get(keys()).send().await, Err(Error::TransactionCanceled(_))));
    let denied = Fault::Error(400, "AccessDeniedException".into());
    let (faulty, _) = local.with_faults(Plan::script([(When::operation(GET), denied)]));
    let shop = Table::<Shop>::new(faulty.client(), "shop").with_mapping(MAPPING);
    let Err(Error::Service(denied)) = shop.transact_get(keys()).send().await else { panic!() };
    assert_eq!(denied.kind(), ServiceErrorKind::AccessDenied);
}

#[tokio::test]
async fn readers_see_a_transaction_wholly_or_not_at_all() {
    let (shop, _) = shop().await;
    let key = |number| Order::key("c-1", 2024, number);
    let status = |number| shop.update(key(number)).apply(Order::STATUS.set(Status::Shipped));
    shop.transact_write().update(status(1)).update(status(2)).check_exists(key(3)).send().await.unwrap();
    shop.transact_write().update(status(3)).check_exists(key(9)).send().await.unwrap_err();
    let found = shop.transact_get([key(1), key(2), key(3)]).send().await.unwrap();
    let statuses = found.map(|order| order.unwrap().status.unwrap());
    assert_eq!(statuses, [Status::Shipped, Status::Shipped, Status::Open]);
}
