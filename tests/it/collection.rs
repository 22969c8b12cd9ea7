//! Item collections.

mod by_key;
mod in_an_index;
mod of_a_table;
mod of_projections;
mod without_an_entity_type;

use crate::model::{ByTotal, Customer, Order, Session, order, stocked};
use dynamap::entity::Item;
use dynamap::error::{CursorError, ItemCollectionError, Redacted};
use dynamap::value::EpochSeconds;
use dynamap::{Cursor, Error, ItemCollection};

/// What is under a customer.
#[derive(Debug, Clone, PartialEq, ItemCollection)]
enum CustomerItem {
    Customer(Customer),
    Order(Order),
}

#[derive(Debug, PartialEq, ItemCollection)]
#[dynamap(unknown = skip)]
enum Known {
    Customer(Customer),
    Order(Order),
}

#[derive(Debug, PartialEq, ItemCollection)]
enum Anything {
    Session(Session),
    #[dynamap(unknown)]
    Other(Item),
}

#[derive(Debug, PartialEq, ItemCollection)]
struct Account {
    customer: Customer,
    orders: Vec<Order>,
    session: Option<Session>,
}

fn shown(items: &[CustomerItem]) -> Vec<String> {
    let item = |item: &CustomerItem| match item {
        CustomerItem::Customer(customer) => customer.customer_id.clone(),
        CustomerItem::Order(order) => format!("{} {}", order.year, order.number),
    };
    items.iter().map(item).collect()
}

fn session(token: &str, expires_at: i64) -> Session {
    Session { customer_id: "c-1".into(), token: token.into(), expires_at: EpochSeconds(expires_at) }
}

const LATER: i64 = 4_000_000_000;

#[tokio::test]
async fn one_query_gives_all_members_in_key_order() {
    let (shop, _) = stocked().await;
    let page = shop.query(CustomerItem::partition("c-10")).send().await.unwrap();
    assert_eq!(
        page.items,
        [
            CustomerItem::Order(order("c-10", 2024, 1)),
            CustomerItem::Customer(Customer { customer_id: "c-10".into(), name: "Ada".into() })
        ]
    );
    assert_eq!((page.skipped, page.expired, page.cursor), (0, 0, None));
    let all = shop.query(CustomerItem::partition("c-1")).try_collect().await.unwrap();
    assert_eq!(all.len(), 21);
    let mut down = shop.query(CustomerItem::partition("c-1")).descending().try_collect().await.unwrap();
    assert!(matches!(down[0], CustomerItem::Customer(_)));
    down.reverse();
    assert_eq!(down, all);
    let consistent = shop.query(CustomerItem::partition("c-1")).consistent_read();
    assert_eq!(consistent.try_collect().await.unwrap(), all);
}

#[tokio::test]
async fn the_sort_key_of_a_member_narrows_it() {
    let (shop, _) = stocked().await;
    let partition = || CustomerItem::partition("c-1");
    let all = |condition| async { shop.query(condition).try_collect().await.unwrap() };
    use dynamap::key::{IntoKeyCondition, gt};
    assert_eq!(shown(&all(partition().of::<Customer>().into_key_condition()).await), ["c-1"]);
    assert_eq!(all(partition().of::<Order>().into_key_condition()).await.len(), 20);
    assert_eq!(all(partition().of::<Order>().year(2024).into_key_condition()).await.len(), 10);
    assert_eq!(shown(&all(partition().of::<Order>().year(2024).number(2..=3)).await), ["2024 2", "2024 3"]);
    assert_eq!(shown(&all(partition().of::<Order>().year(2024).number(gt(9))).await), ["2024 10"]);
    let one = all(partition().of::<Order>().year(2025).number(1).into_key_condition()).await;
    assert_eq!(shown(&one), ["2025 1"], "1 is not 10");
}

#[tokio::test]
async fn limits_and_cursors() {
    let (shop, orders) = stocked().await;
    let all = shop.query(CustomerItem::partition("c-1")).try_collect().await.unwrap();
    for limit in [1, 3, 20, 21, 30] {
        for page_size in [2, 100] {
            let (mut seen, mut cursor) = (Vec::new(), None::<Cursor>);
            loop {
                let query = shop.query(CustomerItem::partition("c-1")).limit(limit).page_size(page_size);
                let page = match cursor.take() {
                    Some(cursor) => query.start_after(cursor.to_string()).send().await,
                    None => query.send().await,
                };
                let page = page.unwrap();
                assert!(page.items.len() <= limit);
                seen.extend(page.items);
                match page.cursor {
                    Some(next) => cursor = Some(next),
                    None => break,
                }
            }
            assert_eq!(seen, all, "limit {limit}, page size {page_size}");
        }
    }
    for read_ahead in [false, true] {
        let query = shop.query(CustomerItem::partition("c-1")).page_size(4).read_ahead(read_ahead);
        let (mut items, mut returned) = (query.items(), 0);
        while let Some(item) = items.next().await {
            assert_eq!(item.unwrap(), all[returned]);
            returned += 1;
            let rest = shop.query(CustomerItem::partition("c-1")).start_after(items.cursor().unwrap());
            assert_eq!(rest.try_collect().await.unwrap(), all[returned..]);
        }
        assert_eq!(returned, 21);
    }
    let of_other = orders.query(Order::partition("c-10")).limit(1).send().await.unwrap().cursor.unwrap();
    let refused = shop.query(CustomerItem::partition("c-1")).start_after(of_other).send().await;
    assert!(matches!(refused, Err(Error::Cursor(CursorError::OtherQuery))), "{refused:?}");
}

#[tokio::test]
async fn items_of_unknown_entities() {
    let (shop, _) = stocked().await;
    let session = session("t-1", LATER);
    shop.put(&session).send().await.unwrap();

    let refused = shop.query(CustomerItem::partition("c-1")).send().await;
    let Err(Error::ItemCollection(error)) = refused else { panic!("{refused:?}") };
    let found = Some(Redacted::new("{entity type}", "Session"));
    assert_eq!(error, ItemCollectionError::UnknownEntity { collection: "CustomerItem", found });
    assert_eq!(
        error.to_string(),
        "item collection `CustomerItem` has no entity of the type that an item names"
    );
    // The session is the last item, and a limit ends before it.
    let query = shop.query(CustomerItem::partition("c-1")).limit(21).page_size(100);
    let page = query.send().await.unwrap();
    assert_eq!(page.items.len(), 21);
    let rest = shop.query(CustomerItem::partition("c-1")).start_after(page.cursor.unwrap()).send().await;
    assert!(matches!(rest, Err(Error::ItemCollection(_))), "{rest:?}");
    let mut items = shop.query(CustomerItem::partition("c-1")).page_size(21).items();
    for _ in 0..21 {
        items.next().await.unwrap().unwrap();
    }
    assert!(matches!(items.next().await, Some(Err(Error::ItemCollection(_)))));
    assert!(items.next().await.is_none());

    let page = shop.query(Known::partition("c-1")).send().await.unwrap();
    assert_eq!((page.items.len(), page.skipped), (21, 1));

    let kept = shop.query(Anything::partition("c-1")).try_collect().await.unwrap();
    assert_eq!((kept.len(), &kept[21]), (22, &Anything::Session(session)));
    let Anything::Other(item) = &kept[0] else { panic!("{:?}", kept[0]) };
    assert_eq!(item, &dynamap::entity::to_item(&order("c-1", 2024, 1)).unwrap());
}

#[tokio::test]
async fn expired_items_are_absent_whatever_they_are_of() {
    let (shop, _) = stocked().await;
    shop.put(&session("t-1", 1)).send().await.unwrap();
    let page = shop.query(CustomerItem::partition("c-1")).send().await.unwrap();
    assert_eq!((page.items.len(), page.skipped, page.expired), (21, 0, 1));
    let refused = shop.query(CustomerItem::partition("c-1")).include_expired().send().await;
    assert!(matches!(refused, Err(Error::ItemCollection(_))), "{refused:?}");

    let page = shop.query(Anything::partition("c-1")).send().await.unwrap();
    assert_eq!((page.items.len(), page.expired), (21, 1));
    let all = shop.query(Anything::partition("c-1")).include_expired().try_collect().await.unwrap();
    assert_eq!(all[21], Anything::Session(session("t-1", 1)));
}

#[tokio::test]
async fn a_filter_of_one_member_leaves_the_others() {
    let (shop, _) = stocked().await;
    let query = || shop.query(CustomerItem::partition("c-1"));
    let some = query().filter(Order::TOTAL.gt(90)).send().await.unwrap();
    assert_eq!(shown(&some.items), ["2024 10", "2025 10", "c-1"]);
    let none = query().filter(Order::TOTAL.gt(90)).filter(Customer::NAME.eq("Bob"));
    assert_eq!(shown(&none.try_collect().await.unwrap()), ["2024 10", "2025 10"]);
    // Also of an attribute that only one of them has.
    shop.put(&Order { note: Some("gift".into()), ..order("c-1", 2024, 5) }).send().await.unwrap();
    let noted = query().filter(Order::NOTE.exists()).limit(2).try_collect().await.unwrap();
    assert_eq!(shown(&noted), ["2024 5", "c-1"]);
    // An unknown item is not hidden by it.
    shop.put(&session("t-1", LATER)).send().await.unwrap();
    let refused = query().filter(Order::TOTAL.gt(90)).send().await;
    assert!(matches!(refused, Err(Error::ItemCollection(_))), "{refused:?}");
}

#[tokio::test]
async fn a_scan_reads_all_partitions() {
    let (shop, _) = stocked().await;
    let mut all = shop.scan::<CustomerItem>().page_size(5).items();
    let (mut customers, mut orders) = (0, 0);
    while let Some(item) = all.next().await {
        match item.unwrap() {
            CustomerItem::Customer(_) => customers += 1,
            CustomerItem::Order(_) => orders += 1,
        }
    }
    assert_eq!((customers, orders), (2, 21));
    let filtered = shop.scan::<CustomerItem>().filter(Order::TOTAL.gt(90)).try_collect().await.unwrap();
    assert_eq!(filtered.len(), 4);
    let of_index = shop.scan::<CustomerItem>().index::<ByTotal>().try_collect().await.unwrap();
    assert_eq!(of_index.len(), 21);
    assert_eq!(shop.scan::<Order>().try_collect().await.unwrap().len(), 21);
}

#[tokio::test]
async fn a_struct_is_put_together_of_its_items() {
    let (shop, orders) = stocked().await;
    let account = |id: &str| shop.query(Account::partition(id)).page_size(7).assemble();
    let got = account("c-1").await.unwrap();
    assert_eq!(got.customer, Customer { customer_id: "c-1".into(), name: "Ada".into() });
    assert_eq!(got.orders, orders.query(Order::partition("c-1")).try_collect().await.unwrap());
    assert_eq!(got.session, None);
    shop.put(&session("t-1", LATER)).send().await.unwrap();
    assert_eq!(account("c-1").await.unwrap().session, Some(session("t-1", LATER)));

    shop.put(&session("t-2", LATER)).send().await.unwrap();
    let several = account("c-1").await;
    let Err(Error::ItemCollection(error)) = several else { panic!("{several:?}") };
    assert_eq!(error, ItemCollectionError::Several { collection: "Account", entity: "Session" });

    let missing = account("c-2").await;
    let Err(Error::ItemCollection(error)) = missing else { panic!("{missing:?}") };
    assert_eq!(error, ItemCollectionError::Missing { collection: "Account", entity: "Customer" });
    assert_eq!(
        error.to_string(),
        "item collection `Account` needs an item of entity `Customer`, and there is none"
    );
    let none = shop.query(Account::partition("c-10")).filter(Customer::NAME.eq("Bob")).assemble().await;
    assert!(matches!(none, Err(Error::ItemCollection(ItemCollectionError::Missing { .. }))), "{none:?}");
}

#[tokio::test]
async fn a_damaged_member_names_its_entity() {
    let (shop, _) = stocked().await;
    let mut damaged = dynamap::entity::to_item(&order("c-10", 2024, 3)).unwrap();
    damaged.insert("year".into(), aws_sdk_dynamodb::types::AttributeValue::Bool(true));
    shop.client().put_item().table_name("shop").set_item(Some(damaged)).send().await.unwrap();
    let error = shop.query(CustomerItem::partition("c-10")).send().await.unwrap_err();
    assert!(error.to_string().starts_with("attribute `year` of entity `Order`: expected"), "{error}");
}
