//! How many entities there are, the only one, and the first one.

mod collections;

use crate::MAPPING;
use crate::model::{
    Branch, ByPlace, ByStatus, ByTotal, Customer, Order, OrderNote, Session, Shop, Status, order, stocked,
    table,
};
use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::capacity::Meter;
use dynamap::expr::Condition;
use dynamap::op::{Query, Scan};
use dynamap::value::EpochSeconds;
use dynamap::{Entity, Error, ItemCollection, Table, TableSchema};
use dynamap::{error::ExpressionErrorKind, outcome::InvalidTransactionKind};
use dynamap_local::Local;

fn session(token: u32, expires_at: i64) -> Session {
    let expires_at = EpochSeconds(expires_at);
    Session { customer_id: "c-1".into(), token: format!("{token}"), expires_at }
}

const FAR: i64 = 4_000_000_000;

/// Customers, orders of which some are not in an index, branches, and sessions of which every third has expired.
async fn filled() -> Table<Shop> {
    let (shop, orders) = stocked().await;
    shop.put(&Order { status: None, ..order("c-1", 2024, 1) }).send().await.unwrap();
    let sessions = (0..9).map(|token| session(token, if token % 3 == 0 { 1 } else { FAR }));
    shop.batch_write().put_all(sessions).send().await.unwrap();
    let branch = |id| Branch { id, country: "no".into(), city: "Oslo".into(), street: "x".into(), house: id };
    shop.batch_write().put_all((1..4).map(branch)).send().await.unwrap();
    assert_eq!(orders.scan().count().send().await.unwrap(), 21);
    shop
}

/// A query or scan counts what it returns, whatever else is asked of it.
macro_rules! assert_counts {
    ($query:expr, $($filter:expr),*) => {{
        let query = $query;
        let filtered = [Some(query.clone()), $(Some(query.clone().filter($filter))),*];
        for query in filtered.into_iter().flatten() {
            for page_size in [None, Some(1), Some(4)] {
                for limit in [None, Some(0), Some(1), Some(5), Some(100)] {
                    for include_expired in [false, true] {
                        let query = query.clone();
                        let query = if include_expired { query.include_expired() } else { query };
                        let query = if let Some(size) = page_size { query.page_size(size) } else { query };
                        let query = if let Some(limit) = limit { query.limit(limit) } else { query };
                        let read = query.clone().keys().try_collect().await.unwrap().len() as u64;
                        let what = format!("{query:?}");
                        assert_eq!(query.clone().count().send().await.unwrap(), read, "{what}");
                        assert_eq!(query.count().by_keys().send().await.unwrap(), read, "{what}");
                    }
                }
            }
        }
    }};
}

#[tokio::test]
async fn what_is_counted_is_what_is_read() {
    let shop = filled().await;
    let orders = shop.repository::<Order>();
    let numbers = || Order::NUMBER.gt(7);
    assert_counts!(
        orders.query(Order::partition("c-1")),
        numbers(),
        Order::TOTAL.eq(10) | Order::YEAR.eq(2025)
    );
    assert_counts!(orders.query(Order::partition("c-1").year(2024).number(3..)).descending(), numbers());
    assert_counts!(orders.query(Order::partition("c-0")), numbers());
    // The index holds neither entity type nor time to live.
    assert_counts!(orders.query(Order::by_status(Status::Open)), Order::NOTE.not_exists());
    assert_counts!(orders.query(Order::by_total("c-1").total(50..)), numbers());
    assert_counts!(shop.query(Branch::by_place("no", "Oslo")), Branch::ID.gt(1));
    assert_counts!(shop.query(Session::partition("c-1")), Session::TOKEN.gt("4".to_owned()));
    assert_counts!(orders.scan(), numbers(), Order::TOTAL.lt(50));
    assert_counts!(orders.scan().index::<ByStatus>(), Order::NOTE.not_exists());
    assert_counts!(orders.scan().index::<ByTotal>().consistent_read(), numbers());
    assert_counts!(shop.scan::<Branch>().index::<ByPlace>(), Branch::ID.gt(1));
    assert_counts!(shop.scan::<Session>(), Session::TOKEN.gt("4".to_owned()));
    assert_counts!(shop.scan::<Customer>(), Customer::NAME.eq("Ada"));
    assert_eq!(shop.query(Session::partition("c-1")).count().send().await.unwrap(), 6);
    assert_eq!(shop.query(Session::partition("c-1")).include_expired().count().send().await.unwrap(), 9);
}

#[tokio::test]
async fn a_count_goes_on_after_a_cursor() {
    let shop = filled().await;
    let query = || shop.query(Order::partition("c-1").year(2024)).filter(Order::NUMBER.ne(3));
    let cursor = query().limit(4).send().await.unwrap().cursor.unwrap();
    assert_eq!(query().start_after(cursor.clone()).count().send().await.unwrap(), 5);
    let other = shop.query(Order::partition("c-1").year(2024)).start_after(cursor).count().send().await;
    assert!(matches!(other, Err(Error::Cursor(_))), "{other:?}");
}

#[tokio::test]
async fn items_without_an_entity_type_are_counted_by_their_keys() {
    let shop = filled().await;
    let text = |text: &str| AttributeValue::S(text.into());
    for sort_key in ["ORDER#02024#0000000077", "ORDER#02024#0000000077#LINE#1"] {
        let put = shop.client().put_item().table_name("shop").item("pk", text("CUSTOMER#c-1"));
        put.item("sk", text(sort_key)).send().await.unwrap();
    }
    let count = || shop.query(Order::partition("c-1").year(2024)).count();
    assert_eq!(count().send().await.unwrap(), 10);
    assert_eq!(count().by_keys().send().await.unwrap(), 11);
}

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", entity_type = none)]
struct Untyped;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Untyped, pk = "A#{id}", sk = "B#{number}")]
struct Part {
    id: u32,
    number: u32,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Untyped, pk = "A#{id}", sk = "B#{number}#C#{letter}")]
struct PartOfPart {
    id: u32,
    number: u32,
    letter: String,
}

#[tokio::test]
async fn without_entity_types_keys_are_counted() {
    let table = Table::<Untyped>::new(Local::memory().unwrap().client(), "untyped").with_mapping(MAPPING);
    table.create_table_if_absent().send().await.unwrap();
    for number in 0..5 {
        table.put(&Part { id: 1, number }).send().await.unwrap();
        table.put(&PartOfPart { id: 1, number, letter: "x".into() }).send().await.unwrap();
    }
    assert_eq!(table.query(Part::partition(1)).count().send().await.unwrap(), 5);
    assert_eq!(table.scan::<PartOfPart>().count().send().await.unwrap(), 5);
}

#[tokio::test]
async fn a_count_costs_what_reading_costs() {
    let shop = filled().await;
    let (counted, read) = (Meter::new(), Meter::new());
    let query = || shop.query(Order::partition("c-1"));
    query().count().meter(&counted).send().await.unwrap();
    query().meter(&read).try_collect().await.unwrap();
    assert!(read.consumed().table.read > 0.0);
    assert_eq!(counted.consumed().table.read, read.consumed().table.read);
}

#[tokio::test]
async fn the_request_asks_for_the_number_only() {
    let (local, requests) = Local::memory().unwrap().recording();
    let shop = table(&local).await;
    let query: Query<Order> = shop.query(Order::partition("c-1"));
    let scan: Scan<Session> = shop.scan();
    requests.clear();
    query.count().send().await.unwrap();
    scan.count().send().await.unwrap();
    shop.query(Order::by_status(Status::Open)).count().send().await.unwrap();
    let sent: Vec<_> = requests.take().into_iter().map(|request| request.body).collect();
    assert_eq!(
        (&sent[0]["Select"], &sent[0]["FilterExpression"]),
        (&"COUNT".into(), &"#n2 = :v2 AND NOT (#n3 <= :v3)".into())
    );
    assert!(sent[0].get("ProjectionExpression").is_none());
    assert_eq!(sent[1]["FilterExpression"], "#n0 = :v0 AND NOT (#n1 <= :v1)");
    assert!(sent[2].get("Select").is_none() && sent[2].get("ProjectionExpression").is_some());
}

#[derive(Debug, PartialEq, ItemCollection)]
enum CustomerItem {
    Customer(Customer),
    Order(Order),
    Session(Session),
}

#[tokio::test]
async fn the_only_item_and_the_first() {
    let shop = filled().await;
    let orders = shop.repository::<Order>();
    let year = |year| orders.query(Order::partition("c-1").year(year));
    let only = orders.query(Order::partition("c-10"));
    assert_eq!(only.clone().one().await.unwrap(), Some(order("c-10", 2024, 1)));
    assert_eq!(only.filter(Order::TOTAL.gt(10)).one().await.unwrap(), None);
    assert_eq!(year(1999).one().await.unwrap(), None);
    assert_eq!(year(1999).first().await.unwrap(), None);
    assert_eq!(year(2025).first().await.unwrap(), Some(order("c-1", 2025, 1)));
    assert_eq!(year(2025).descending().first().await.unwrap(), Some(order("c-1", 2025, 10)));
    let last = year(2025).filter(Order::NUMBER.gt(9));
    assert_eq!(last.one().await.unwrap(), Some(order("c-1", 2025, 10)));
    let Err(Error::MoreThanOne(error)) = year(2025).one().await else { panic!("there are ten") };
    assert_eq!((error.entity(), error.table()), ("Order", "shop"));
    assert_eq!(
        error.to_string(),
        "there is more than one item of `Order` in table `shop` where one was asked for"
    );
    // A second one is seen whatever the limit is; the first is what the limit leaves.
    assert!(matches!(year(2025).limit(1).one().await, Err(Error::MoreThanOne(_))));
    assert_eq!(year(2025).limit(1).first().await.unwrap(), Some(order("c-1", 2025, 1)));
    assert_eq!(year(2025).limit(0).first().await.unwrap(), None);
    // Items of other entities and expired ones are no second item, and no first one.
    assert_eq!(shop.query(Customer::partition("c-1")).one().await.unwrap().unwrap().customer_id, "c-1");
    let first = shop.query(Session::partition("c-1")).first().await.unwrap().unwrap();
    assert_eq!(first, session(1, FAR));
    let early = Session::TOKEN.lt("2".to_owned());
    assert_eq!(
        shop.query(Session::partition("c-1")).filter(early).one().await.unwrap(),
        Some(session(1, FAR))
    );
    // Projections, keys, indexes, scans and item collections.
    let notes = orders.query(Order::by_status(Status::Open)).project::<OrderNote>();
    assert!(matches!(notes.clone().one().await, Err(Error::MoreThanOne(_))));
    assert_eq!(notes.first().await.unwrap(), Some(OrderNote { number: 1, note: None }));
    assert_eq!(year(2024).limit(9).keys().first().await.unwrap(), Some(Order::key("c-1", 2024, 1)));
    assert_eq!(orders.scan().filter(Order::TOTAL.gt(9999)).one().await.unwrap(), None);
    let first = shop.query(CustomerItem::partition("c-1")).first().await.unwrap();
    assert_eq!(first, Some(CustomerItem::Order(Order { status: None, ..order("c-1", 2024, 1) })));
    let one = shop.query(CustomerItem::partition("c-1")).one().await;
    let Err(Error::MoreThanOne(error)) = one else { panic!("{one:?}") };
    assert_eq!(error.entity(), "CustomerItem");
}

#[tokio::test]
async fn one_reads_two_items_at_most_where_none_are_passed_over() {
    let (local, requests) = Local::memory().unwrap().recording();
    let shop = table(&local).await;
    for number in 1..=9 {
        shop.put(&order("c-1", 2024, number)).send().await.unwrap();
    }
    requests.clear();
    let year = || shop.query(Order::partition("c-1").year(2024));
    assert!(year().one().await.is_err());
    assert!(year().first().await.unwrap().is_some());
    let limits: Vec<_> = requests.take().into_iter().map(|request| request.body["Limit"].clone()).collect();
    assert_eq!(limits, [2, 1]);
}

#[tokio::test]
async fn a_condition_that_is_always_true_is_not_sent() {
    let (local, requests) = Local::memory().unwrap().recording();
    let shop = table(&local).await;
    let always = Condition::<Order>::always;
    shop.put(&order("c-1", 2024, 1)).send().await.unwrap();
    requests.clear();
    let query = || shop.query(Order::partition("c-1"));
    assert_eq!(query().filter(always()).try_collect().await.unwrap().len(), 1);
    let key = || Order::key("c-1", 2024, 1);
    shop.put(&order("c-1", 2024, 1)).overwrite_other_entities().condition(always()).send().await.unwrap();
    shop.delete(key()).overwrite_other_entities().condition(always()).send().await.unwrap();
    for request in requests.take() {
        let members = ["FilterExpression", "ConditionExpression"].map(|name| request.body.get(name));
        assert_eq!(members, [None, None], "{request}");
    }
    // A cursor of the query without a filter is one of this, too.
    for number in 1..=3 {
        shop.put(&order("c-1", 2024, number)).send().await.unwrap();
    }
    let cursor = query().limit(1).send().await.unwrap().cursor.unwrap();
    assert_eq!(query().filter(always()).start_after(cursor).try_collect().await.unwrap().len(), 2);
    // What is never true is no condition of DynamoDB's.
    for refused in [
        query().filter(!always()).try_collect().await.map(|_| ()),
        shop.put(&order("c-1", 2024, 1)).condition(!always()).send().await,
        shop.update(key()).apply(Order::NOTE.remove()).condition(Condition::never()).send().await,
    ] {
        let Err(Error::Expression(error)) = refused else { panic!("{refused:?}") };
        assert_eq!(error.kind(), &ExpressionErrorKind::Constant(false));
    }
    shop.transact_write().check(key(), always()).send().await.unwrap();
}

#[tokio::test]
async fn a_check_of_nothing_is_refused() {
    let table = Table::<Untyped>::new(Local::memory().unwrap().client(), "untyped").with_mapping(MAPPING);
    table.create_table_if_absent().send().await.unwrap();
    let checked = table.transact_write().check(Part::key(1, 1), Condition::always()).send().await;
    let Err(Error::InvalidTransaction(error)) = checked else { panic!("{checked:?}") };
    let InvalidTransactionKind::Action(cause) = error.kind() else { panic!("{error}") };
    assert_eq!(cause.to_string(), "a condition that is always true cannot be sent");
}
