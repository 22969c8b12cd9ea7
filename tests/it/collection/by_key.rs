//! Items by the keys of members.

use super::{Anything, CustomerItem, Known, LATER, session};
use crate::model::{Branch, Customer, Order, Session, Shop, order, stocked, table};
use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::batch::{Absence, Fetched, Unread};
use dynamap::collection::MemberKey;
use dynamap::entity::{Item, to_item};
use dynamap::{Error, ItemCollection, Projection, Table};
use dynamap_local::{Local, Requests};

#[derive(Debug, PartialEq, Projection)]
#[dynamap(entity = Customer)]
struct Name {
    name: String,
}

#[derive(Debug, PartialEq, Projection)]
#[dynamap(entity = Order)]
struct Total {
    #[dynamap(key)]
    number: u32,
    total: u64,
}

#[derive(Debug, PartialEq, ItemCollection)]
enum Short {
    Name(Name),
    Total(Total),
}

type Keys = Vec<MemberKey<CustomerItem>>;

fn customer(id: &str) -> Customer {
    Customer { customer_id: id.into(), name: "Ada".into() }
}

fn customer_key(id: &str) -> MemberKey<CustomerItem> {
    Customer::key(id).into()
}

fn order_key(number: u32) -> MemberKey<CustomerItem> {
    Order::key("c-1", 2024, number).into()
}

async fn recorded() -> (Table<Shop>, Requests) {
    let (local, requests) = Local::memory().unwrap().recording();
    let shop = table(&local).await;
    shop.put(&customer("c-1")).send().await.unwrap();
    for number in 1..=4 {
        shop.put(&order("c-1", 2024, number)).send().await.unwrap();
    }
    requests.clear();
    (shop, requests)
}

/// Puts at the key of an order what is of another entity, or says nothing.
async fn disguise(shop: &Table<Shop>, number: u32, entity: Option<&str>, mut item: Item) -> Item {
    let key = shop.get(Order::key("c-1", 2024, number)).into_sdk().unwrap().get_key().clone().unwrap();
    item.extend(key.clone());
    item.remove("entity_type");
    item.extend(entity.map(|name| ("entity_type".to_owned(), AttributeValue::S(name.into()))));
    shop.client().put_item().table_name("shop").set_item(Some(item)).send().await.unwrap();
    key
}

#[tokio::test]
async fn one_is_read_as_what_it_is() {
    let (shop, requests) = recorded().await;
    let read = shop.get_member::<CustomerItem>(Order::key("c-1", 2024, 2)).send().await.unwrap();
    assert_eq!(read, Some(CustomerItem::Order(order("c-1", 2024, 2))));
    let read = shop.get_member(customer_key("c-1")).consistent_read().await.unwrap();
    assert_eq!(read, Some(CustomerItem::Customer(customer("c-1"))));
    assert_eq!(shop.get_member(customer_key("c-9")).send().await.unwrap(), None);
    let sent = requests.take();
    assert_eq!(sent.iter().map(|sent| sent.operation.as_str()).collect::<Vec<_>>(), ["GetItem"; 3]);
    assert_eq!(sent[1].body["ConsistentRead"], true);
    let explained = shop.get_member(customer_key("c-1")).consistent_read().explain().unwrap();
    let explained: serde_json::Value = serde_json::from_str(&explained.request_json()).unwrap();
    assert_eq!(explained, sent[1].body);
    let long = shop.get_member(customer_key(&"x".repeat(3000))).send().await;
    assert!(matches!(long, Err(Error::Key(_))), "{long:?}");
}

#[tokio::test]
async fn an_item_that_says_it_is_of_another_member_is_that() {
    let (shop, _) = recorded().await;
    // At the key of an order, and its attributes give another key: a projection is not compared.
    let item = Item::from([("name".into(), AttributeValue::S("Bob".into()))]);
    disguise(&shop, 9, Some("Customer"), item).await;
    let short = || MemberKey::<Short>::from(Order::key("c-1", 2024, 9));
    let bob = || Some(Short::Name(Name { name: "Bob".into() }));
    assert_eq!(shop.get_member(short()).send().await.unwrap(), bob());
    assert_eq!(shop.transact_get([short()]).send().await.unwrap(), [bob()]);
    let first = Order::key("c-1", 2024, 1).into();
    let two = shop.batch_get_members([short(), first, short()]).send().await.unwrap();
    let total = Short::Total(Total { number: 1, total: 10 });
    assert_eq!(two.into_iter().map(Fetched::found).collect::<Vec<_>>(), [bob(), Some(total), bob()]);
}

#[tokio::test]
async fn an_item_that_does_not_say_is_of_the_member_of_its_key() {
    let (shop, _) = recorded().await;
    disguise(&shop, 9, None, to_item(&order("c-1", 2024, 9)).unwrap()).await;
    let found = || CustomerItem::Order(order("c-1", 2024, 9));
    assert_eq!(shop.get_member(order_key(9)).send().await.unwrap(), Some(found()));
    assert_eq!(shop.transact_get(order_key(9)).send().await.unwrap(), Some(found()));
    let batch = shop.batch_get_members([order_key(9), customer_key("c-1")]).send().await.unwrap();
    assert_eq!(batch[0], Fetched::Found(found()));
}

#[tokio::test]
async fn a_batch_has_keys_of_all_members() {
    let (shop, requests) = recorded().await;
    let keys: Keys = vec![
        order_key(3),
        customer_key("c-1"),
        customer_key("c-2"),
        order_key(1),
        order_key(8),
        order_key(3),
    ];
    let fetched = shop.batch_get_members(keys.clone()).send().await.unwrap();
    let absent = |at: usize| Fetched::Absent { key: keys[at].clone(), absence: Absence::NotFound };
    let order = |number| Fetched::Found(CustomerItem::Order(order("c-1", 2024, number)));
    let customer = Fetched::Found(CustomerItem::Customer(customer("c-1")));
    assert_eq!(fetched, [order(3), customer, absent(2), order(1), absent(4), order(3)]);
    let sent = requests.take();
    assert_eq!((sent.len(), sent[0].body["RequestItems"]["shop"]["Keys"].as_array().unwrap().len()), (1, 5));
    let Fetched::Absent { key, .. } = &fetched[4] else { panic!() };
    assert_eq!((key.entity(), key.to_key::<Order>()), ("Order", Some(Order::key("c-1", 2024, 8))));
    assert_eq!(key.to_key::<Customer>(), None);
    assert_eq!(shop.batch_get_members::<CustomerItem>([]).send().await.unwrap(), []);
    // More than one request has.
    let many: Keys = (1..=150).flat_map(|number| [order_key(number), customer_key("c-1")]).collect();
    let fetched = shop.batch_get_members(many).send().await.unwrap();
    assert_eq!(fetched.into_iter().filter_map(Fetched::found).count(), 4 + 150);
    assert_eq!(requests.take().len(), 2);
}

#[tokio::test]
async fn a_transaction_has_them_beside_other_keys() {
    let (shop, _) = recorded().await;
    let keys = (vec![order_key(1), customer_key("c-1"), order_key(9)], Branch::key(1), [customer_key("c-1")]);
    let found = shop.transact_get(keys).send().await.unwrap();
    let (order, customer) =
        (CustomerItem::Order(order("c-1", 2024, 1)), CustomerItem::Customer(customer("c-1")));
    assert_eq!(found.0, [Some(order), Some(customer.clone()), None]);
    assert_eq!((found.1, found.2), (None, [Some(customer.clone())]));
    // Beside projections.
    let keys = (customer_key("c-1"), Order::key("c-1", 2024, 2));
    let found = shop.transact_get(keys).project::<(CustomerItem, Total)>().send().await.unwrap();
    assert_eq!(found, (Some(customer), Some(Total { number: 2, total: 20 })));
}

#[tokio::test]
async fn members_that_are_projections_are_all_that_is_asked_for() {
    let (shop, requests) = recorded().await;
    let keys = || [Order::key("c-1", 2024, 2).into(), MemberKey::<Short>::from(Customer::key("c-1"))];
    let [total, name] =
        [Short::Total(Total { number: 2, total: 20 }), Short::Name(Name { name: "Ada".into() })];
    let [order, customer] = keys();
    assert_eq!(shop.get_member(order).send().await.unwrap().as_ref(), Some(&total));
    assert_eq!(shop.get_member(customer).send().await.unwrap().as_ref(), Some(&name));
    let batch = shop.batch_get_members(keys()).send().await.unwrap();
    assert_eq!(batch.into_iter().filter_map(Fetched::found).collect::<Vec<_>>(), [total, name]);
    assert!(shop.transact_get(keys()).send().await.unwrap().iter().all(Option::is_some));
    let sent = requests.take();
    let bodies = [
        &sent[0].body,
        &sent[1].body,
        &sent[2].body["RequestItems"]["shop"],
        &sent[3].body["TransactItems"][1]["Get"],
    ];
    for body in bodies {
        let names = body["ExpressionAttributeNames"].as_object().unwrap();
        let mut names: Vec<_> = names.values().filter_map(|name| name.as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, ["entity_type", "expires_at", "name", "pk", "sk", "total"]);
    }
}

#[tokio::test]
async fn an_item_of_no_member_is_what_the_collection_says() {
    let (shop, _) = stocked().await;
    let key = disguise(&shop, 30, Some("Session"), Item::new()).await;
    let expected = "expected an item of the collection `CustomerItem`, found an item of another entity";
    let refused = shop.get_member(order_key(30)).send().await;
    let Err(Error::Decode(error)) = refused else { panic!("{refused:?}") };
    assert_eq!((error.to_string().as_str(), error.item_key()), (expected, Some(&key)));
    let refused = shop.transact_get([order_key(1), order_key(30)]).send().await;
    let Err(Error::Decode(error)) = refused else { panic!("{refused:?}") };
    assert_eq!(
        (error.expected(), error.item_key()),
        ("an item of the collection `CustomerItem`", Some(&key))
    );
    let report = shop.batch_get_members([order_key(1), order_key(30), customer_key("c-1")]);
    let report = report.report().await.unwrap();
    let Err(unread) = &report[1] else { panic!("{report:?}") };
    let Unread::Decode(error) = unread.reason() else { panic!("{unread:?}") };
    assert_eq!((error.to_string().as_str(), error.item_key()), (expected, Some(&key)));
    assert_eq!(unread.key(), &order_key(30));
    assert!(report[0].is_ok() && report[2].is_ok());

    let known = || MemberKey::<Known>::from(Order::key("c-1", 2024, 30));
    assert_eq!(shop.get_member(known()).send().await.unwrap(), None);
    assert_eq!(shop.transact_get(known()).send().await.unwrap(), None);
    let skipped = shop.batch_get_members([known()]).send().await.unwrap();
    assert_eq!(skipped, [Fetched::Absent { key: known(), absence: Absence::OtherEntity }]);

    // Where the collection keeps what it does not know.
    let anything = || MemberKey::<Anything>::from(Session::key("c-1", "t"));
    let key = shop.get(Session::key("c-1", "t")).into_sdk().unwrap().get_key().clone().unwrap();
    let mut item = key;
    item.insert("entity_type".into(), AttributeValue::S("Ghost".into()));
    shop.client().put_item().table_name("shop").set_item(Some(item.clone())).send().await.unwrap();
    let kept = || Some(Anything::Other(item.clone()));
    assert_eq!(shop.get_member(anything()).send().await.unwrap(), kept());
    assert_eq!(shop.transact_get(anything()).send().await.unwrap(), kept());
    let batch = shop.batch_get_members([anything()]).send().await.unwrap();
    assert_eq!(batch, [Fetched::Found(Anything::Other(item.clone()))]);
}

#[tokio::test]
async fn what_has_expired_is_absent_unless_it_is_asked_for() {
    let (shop, _) = stocked().await;
    shop.put(&session("old", 1)).send().await.unwrap();
    shop.put(&session("new", LATER)).send().await.unwrap();
    let key = |token| MemberKey::<Anything>::from(Session::key("c-1", token));
    let old = || Some(Anything::Session(session("old", 1)));
    assert_eq!(shop.get_member(key("old")).send().await.unwrap(), None);
    assert_eq!(shop.get_member(key("old")).include_expired().send().await.unwrap(), old());
    assert_eq!(shop.transact_get([key("old")]).send().await.unwrap(), [None]);
    assert_eq!(shop.transact_get([key("old")]).include_expired().send().await.unwrap(), [old()]);
    let batch = || shop.batch_get_members([key("old"), key("new")]);
    let new = Fetched::Found(Anything::Session(session("new", LATER)));
    let absent = Fetched::Absent { key: key("old"), absence: Absence::Expired };
    assert_eq!(batch().send().await.unwrap(), [absent, new]);
    assert!(batch().include_expired().send().await.unwrap().iter().all(|item| !item.is_absent()));
}

#[tokio::test]
async fn a_damaged_member_has_its_key() {
    let (shop, _) = stocked().await;
    let mut damaged = to_item(&order("c-1", 2024, 31)).unwrap();
    damaged.insert("year".into(), AttributeValue::Bool(true));
    let key = disguise(&shop, 31, Some("Order"), damaged).await;
    let refused = shop.get_member(order_key(31)).send().await;
    let Err(Error::Decode(error)) = refused else { panic!("{refused:?}") };
    assert_eq!((error.entity(), error.item_key()), (Some("Order"), Some(&key)));
}
