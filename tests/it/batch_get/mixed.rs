use crate::model::{Customer, Order, Session, numbers, order, stocked, table};
use dynamap::batch::{Absence, Fetched, Unread};
use dynamap::value::EpochSeconds;
use dynamap::{Entity, Error};
use dynamap_local::Local;
use dynamap_local::faults::{Fault, Plan, Processed, When};

use super::found;

#[tokio::test]
async fn several_entities_in_one_request() {
    let (local, requests) = Local::memory().unwrap().recording();
    let shop = table(&local).await;
    for id in ["c-1", "c-2"] {
        shop.put(&Customer { customer_id: id.into(), name: "Ada".into() }).send().await.unwrap();
        shop.put(&order(id, 2024, 1)).send().await.unwrap();
    }
    let session = Session { customer_id: "c-1".into(), token: "t".into(), expires_at: EpochSeconds(1) };
    shop.put(&session).send().await.unwrap();
    requests.clear();
    let keys = (
        vec![Customer::key("c-2"), Customer::key("c-3"), Customer::key("c-2")],
        ["c-1", "c-2"].map(|id| Order::key(id, 2024, 1)),
        [Session::key("c-1", "t")],
    );
    let (customers, orders, sessions) =
        shop.batch_get_mixed(keys.clone()).consistent_read().send().await.unwrap();
    assert_eq!(requests.take().len(), 1);
    assert_eq!(customers[1], Fetched::Absent { key: Customer::key("c-3"), absence: Absence::NotFound });
    assert_eq!(customers[0], customers[2]);
    assert_eq!(found(customers).len(), 2);
    assert_eq!(numbers(&found(orders)), [(2024, 1), (2024, 1)]);
    let expired = Absence::Expired;
    assert_eq!(sessions, [Fetched::Absent { key: Session::key("c-1", "t"), absence: expired }]);
    let (_, _, sessions) = shop.batch_get_mixed(keys).include_expired().send().await.unwrap();
    assert_eq!(found(sessions), [session]);
}

/// One key that two entities share.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = crate::model::Shop, pk = "CUSTOMER#{customer_id}", sk = "PROFILE", name = "Customer")]
struct CustomerName {
    customer_id: String,
    name: String,
}

#[tokio::test]
async fn one_key_asked_for_as_two_entities() {
    let (shop, _) = stocked().await;
    let keys = ([Customer::key("c-1"), Customer::key("c-10")], [CustomerName::key("c-1")]);
    let (customers, names) = shop.batch_get_mixed(keys).send().await.unwrap();
    assert_eq!(found(customers)[0].customer_id, "c-1");
    assert_eq!(found(names), [CustomerName { customer_id: "c-1".into(), name: "Ada".into() }]);
}

#[tokio::test(start_paused = true)]
async fn each_key_is_found_or_absent_or_unread() {
    let plan =
        Plan::script([(When::operation("BatchGetItem").always(), Fault::Partial(Processed::First(3)))]);
    let (local, _) = Local::memory().unwrap().with_faults(plan);
    let shop = table(&local).await;
    for number in 1..=10 {
        shop.put(&order("c-1", 2024, number)).send().await.unwrap();
    }
    let keys = || ([Customer::key("c-1")], (1..=12).map(|number| Order::key("c-1", 2024, number)));
    // Three with each request: it takes five.
    let (customers, orders) = shop.batch_get_mixed(keys()).send().await.unwrap();
    assert!(customers[0].is_absent());
    assert_eq!(found(orders).len(), 10);

    let none = Plan::script([(When::operation("BatchGetItem").always(), Fault::Partial(Processed::None))]);
    let (local, _) = local.with_faults(none);
    let shop = dynamap::Table::<crate::model::Shop>::new(local.client(), "shop").with_mapping(crate::MAPPING);
    let (customers, orders) = shop.batch_get_mixed(keys()).report().await.unwrap();
    assert_eq!((customers.len(), orders.len()), (1, 12));
    let unprocessed = |reason: &Unread| matches!(reason, Unread::Unprocessed);
    assert!(customers.iter().all(|customer| unprocessed(customer.as_ref().unwrap_err().reason())));
    assert!(orders.iter().all(|order| unprocessed(order.as_ref().unwrap_err().reason())));
    let error = shop.batch_get_mixed(keys()).send().await.unwrap_err();
    assert!(matches!(&error, Error::UnprocessedKeys(error) if error.count() == 13), "{error}");
}

/// An item of another form is one result, and the others are read.
#[tokio::test]
async fn an_item_of_another_form_is_one_result() {
    let (shop, orders) = stocked().await;
    let mut broken = dynamap::entity::to_item(&order("c-1", 2024, 5)).unwrap();
    broken.remove("total");
    shop.client().put_item().table_name("shop").set_item(Some(broken)).send().await.unwrap();
    let keys = (1..=10).map(|number| Order::key("c-1", 2024, number));
    let report = orders.batch_get(keys.clone()).report().await.unwrap();
    let unread: Vec<_> = report.iter().enumerate().filter(|(_, result)| result.is_err()).collect();
    assert_eq!((report.len(), unread.len(), unread[0].0), (10, 1, 4));
    assert!(matches!(unread[0].1.as_ref().unwrap_err().reason(), Unread::Decode(_)));
    let (customers, mixed) =
        shop.batch_get_mixed(([Customer::key("c-1")], keys.clone())).report().await.unwrap();
    assert!(customers[0].is_ok());
    assert_eq!(mixed.iter().filter(|result| result.is_err()).count(), 1);
    let error = orders.batch_get(keys).send().await.unwrap_err();
    assert_eq!(error.to_string(), "attribute `total` of entity `Order`: expected an attribute, found none");
}
