use super::found;
use crate::MAPPING;
use crate::model::{Customer, Order, OrderNote, Session, order, stocked, table};
use dynamap::batch::{Absence, Fetched, project};
use dynamap::value::EpochSeconds;
use dynamap::{Projection, Table};
use dynamap_local::Local;
use dynamap_local::faults::{Fault, Plan, Processed, When};

#[derive(Debug, Clone, PartialEq, Projection)]
#[dynamap(entity = Customer)]
struct CustomerName {
    name: String,
}

#[derive(Debug, PartialEq, Projection)]
#[dynamap(entity = Session)]
struct Expiry {
    expires_at: EpochSeconds,
}

/// What a request says of its one table.
fn asked(request: &dynamap_local::RecordedRequest) -> &serde_json::Value {
    &request.body["RequestItems"]["shop"]
}

#[tokio::test]
async fn a_projection_asks_for_its_attributes_and_what_tells_items_apart() {
    let (local, requests) = Local::memory().unwrap().recording();
    let shop = table(&local).await;
    let mut first = order("c-1", 2024, 1);
    first.note = Some("a".repeat(3000));
    shop.put(&first).send().await.unwrap();
    shop.put(&order("c-1", 2024, 2)).send().await.unwrap();
    requests.clear();
    let keys = || [2, 9, 1, 2].map(|number| Order::key("c-1", 2024, number));
    let batch = shop.batch_get(keys()).consistent_read().project::<OrderNote>();
    let explained = batch.clone().explain().unwrap().to_string();
    let notes = batch.send().await.unwrap();
    let note = |number, note: &Option<String>| Fetched::Found(OrderNote { number, note: note.clone() });
    let absent = Fetched::Absent { key: Order::key("c-1", 2024, 9), absence: Absence::NotFound };
    let none = order("c-1", 2024, 2).note;
    assert_eq!(notes, [note(2, &none), absent, note(1, &first.note), note(2, &none)]);

    let sent = requests.take();
    let asked = asked(&sent[0]);
    let names = asked["ExpressionAttributeNames"].as_object().unwrap();
    let mut names: Vec<&str> = names.values().map(|name| name.as_str().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(names, ["entity_type", "expires_at", "note", "pk", "sk"]);
    assert_eq!((sent.len(), &asked["ConsistentRead"]), (1, &true.into()));
    let expression = asked["ProjectionExpression"].as_str().unwrap();
    assert_eq!(expression.matches('#').count(), 5);
    assert!(explained.contains(expression) && explained.contains("\"entity_type\""), "{explained}");
    let by_hand = shop.batch_get(keys()).project::<OrderNote>().into_sdk().unwrap().send().await.unwrap();
    assert_eq!(by_hand.responses.unwrap()["shop"].len(), 2);
}

#[tokio::test]
async fn a_mixed_batch_asks_for_what_any_of_its_projections_needs() {
    let (local, requests) = Local::memory().unwrap().recording();
    let shop = table(&local).await;
    shop.put(&Customer { customer_id: "c-1".into(), name: "Ada".into() }).send().await.unwrap();
    shop.put(&order("c-1", 2024, 1)).send().await.unwrap();
    let old = Session { customer_id: "c-1".into(), token: "t".into(), expires_at: EpochSeconds(1) };
    shop.put(&old).send().await.unwrap();
    requests.clear();
    let keys = (
        project::<CustomerName>([Customer::key("c-1"), Customer::key("c-2")]),
        project::<OrderNote>(vec![Order::key("c-1", 2024, 1)]),
        project::<Expiry>([Session::key("c-1", "t")]),
    );
    let (names, notes, sessions) = shop.batch_get_mixed(keys.clone()).send().await.unwrap();
    assert_eq!(names[0], Fetched::Found(CustomerName { name: "Ada".into() }));
    assert!(names[1].is_absent());
    assert_eq!(found(notes)[0].number, 1);
    assert_eq!(sessions, [Fetched::Absent { key: Session::key("c-1", "t"), absence: Absence::Expired }]);
    let (_, _, sessions) = shop.batch_get_mixed(keys.clone()).include_expired().send().await.unwrap();
    assert_eq!(found(sessions), [Expiry { expires_at: EpochSeconds(1) }]);
    // With one list that is read whole, whole items are asked for.
    let whole = (keys.0, [Order::key("c-1", 2024, 1)]);
    let (names, orders) = shop.batch_get_mixed(whole).send().await.unwrap();
    assert_eq!((found(names).len(), found(orders)), (1, vec![order("c-1", 2024, 1)]));
    let sent = requests.take();
    let expressions = sent.iter().map(|request| asked(request).get("ProjectionExpression").is_some());
    assert_eq!(Vec::from_iter(expressions), [true, true, false]);
    assert_eq!(asked(&sent[0])["ExpressionAttributeNames"].as_object().unwrap().len(), 6);
}

#[tokio::test(start_paused = true)]
async fn keys_that_were_not_processed_are_asked_for_again_with_the_projection() {
    let plan =
        Plan::script([(When::operation("BatchGetItem").always(), Fault::Partial(Processed::First(3)))]);
    let (local, faults) = Local::memory().unwrap().with_faults(plan);
    let shop = table(&local).await;
    for number in 1..=10 {
        shop.put(&order("c-1", 2024, number)).send().await.unwrap();
    }
    let keys = (1..=12).map(|number| Order::key("c-1", 2024, number));
    let notes = shop.batch_get(keys).project::<OrderNote>().send().await.unwrap();
    let numbers: Vec<u32> = found(notes).iter().map(|note| note.number).collect();
    assert_eq!(numbers, Vec::from_iter(1..=10));
    assert!(faults.illegal().is_empty(), "{:?}", faults.illegal());
}

/// The SDK's client as it is: each call is customized.
#[tokio::test]
async fn a_client_that_is_not_prepared_asks_for_the_same() {
    let (shop, _) = stocked().await;
    let keys = || [Order::key("c-1", 2024, 1), Order::key("c-1", 2024, 2)];
    let client = shop.client().clone();
    let config = client.config().to_builder();
    let prepared = Table::<crate::model::Shop>::new(dynamap::client(config), "shop").with_mapping(MAPPING);
    let by_any = shop.batch_get(keys()).project::<OrderNote>().send().await.unwrap();
    let by_prepared = prepared.batch_get(keys()).project::<OrderNote>().send().await.unwrap();
    assert_eq!(by_any, by_prepared);
    assert_eq!(found(by_any).len(), 2);
}
