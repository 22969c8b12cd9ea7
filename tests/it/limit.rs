//! A limit of no items: none are asked for, and none returned.

use crate::model::{ByTotal, Customer, Order, OrderNote, Status, order, table};
use dynamap::error::ItemCollectionError;
use dynamap::{Cursor, Error, ItemCollection, Repository, Table};
use dynamap_local::{Local, Requests};

#[derive(Debug, PartialEq, ItemCollection)]
enum CustomerItem {
    Customer(Customer),
    Order(Order),
}

#[derive(Debug, PartialEq, ItemCollection)]
struct Account {
    customer: Customer,
    orders: Vec<Order>,
}

#[derive(Debug, PartialEq, ItemCollection)]
struct Orders {
    customer: Option<Customer>,
    orders: Vec<Order>,
}

async fn filled() -> (Table<crate::model::Shop>, Repository<Order>, Requests) {
    let (local, requests) = Local::memory().unwrap().recording();
    let shop = table(&local).await;
    let orders = shop.repository::<Order>();
    orders.batch_write().put_all((0..9).map(|number| order("c-1", 2024, number))).send().await.unwrap();
    requests.clear();
    (shop, orders, requests)
}

#[tokio::test]
async fn no_items_and_no_request() {
    let (shop, orders, requests) = filled().await;
    let query = || orders.query(Order::partition("c-1")).limit(0);
    let scan = || orders.scan().limit(0);
    let page = query().send().await.unwrap();
    assert_eq!((page.items, page.cursor, page.skipped, page.expired), (vec![], None, 0, 0));
    assert_eq!(query().try_collect().await.unwrap(), []);
    assert!(query().items().next().await.is_none());
    assert!(query().read_ahead(false).page_size(5).items().next().await.is_none());
    assert_eq!(scan().send().await.unwrap().items, []);
    assert_eq!(scan().try_collect().await.unwrap(), []);
    assert!(scan().items().next().await.is_none());
    assert_eq!(scan().index::<ByTotal>().try_collect().await.unwrap(), []);

    assert_eq!(scan().parallel(4).try_collect().await.unwrap(), []);
    let mut parallel = scan().parallel(4).items().unwrap();
    assert!(parallel.next().await.is_none() && !parallel.cursor().is_at_end());

    let by_status = || orders.query(Order::by_status(Status::Open)).limit(0);
    assert_eq!(by_status().project::<OrderNote>().try_collect().await.unwrap(), []);
    assert_eq!(by_status().keys().send().await.unwrap().items.len(), 0);
    assert_eq!(by_status().hydrate().send().await.unwrap().items.len(), 0);
    assert_eq!(by_status().hydrate().try_collect().await.unwrap().len(), 0);
    assert_eq!(scan().hydrate().try_collect().await.unwrap().len(), 0);

    let collection = || shop.query(CustomerItem::partition("c-1")).limit(0);
    assert_eq!(collection().send().await.unwrap().items, []);
    assert_eq!(collection().try_collect().await.unwrap(), []);
    assert_eq!(shop.scan::<CustomerItem>().limit(0).try_collect().await.unwrap(), []);
    let whole = shop.query(Orders::partition("c-1")).limit(0).assemble().await.unwrap();
    assert_eq!(whole, Orders { customer: None, orders: vec![] });
    // A struct that wants an item has none.
    let error = shop.query(Account::partition("c-1")).limit(0).assemble().await.unwrap_err();
    assert!(matches!(error, Error::ItemCollection(ItemCollectionError::Missing { .. })), "{error}");
    assert!(requests.take().is_empty(), "a request for no items");
}

#[tokio::test]
async fn the_cursor_stays_where_it_is() {
    let (_, orders, requests) = filled().await;
    let query = || orders.query(Order::partition("c-1"));
    let first = query().limit(4).send().await.unwrap();
    let cursor: Cursor = first.cursor.unwrap();
    requests.clear();
    let none = query().limit(0).start_after(cursor.clone()).send().await.unwrap();
    assert_eq!((none.items, none.cursor.as_ref()), (vec![], Some(&cursor)));
    assert_eq!(query().limit(0).start_after(cursor.clone()).items().cursor(), Some(cursor.clone()));
    // That of another query is an error all the same.
    let other = orders.scan().limit(0).start_after(cursor.clone()).send().await;
    assert!(matches!(other, Err(Error::Cursor(_))), "{other:?}");
    assert!(requests.take().is_empty());
    assert_eq!(query().start_after(cursor).try_collect().await.unwrap().len(), 5);
}

/// DynamoDB takes no `Limit` of 0.
#[tokio::test]
async fn what_is_shown_and_handed_out_can_be_sent() {
    let (_, orders, _) = filled().await;
    let sdk = orders.query(Order::partition("c-1")).limit(0).into_sdk().unwrap();
    assert_eq!(sdk.get_limit(), &Some(1));
    assert_eq!(sdk.send().await.unwrap().count(), 1);
    assert_eq!(orders.scan().page_size(0).into_sdk().unwrap().get_limit(), &Some(1));
    let explanation = orders.scan().limit(0).explain().unwrap();
    assert!(explanation.to_string().contains("\"Limit\": 1"), "{explanation}");
}
