//! The items of item collections, and of parallel scans.

use super::{FAR, filled, session};
use crate::MAPPING;
use crate::model::{ByStatus, ByTotal, Customer, Order, Session, Shop, order, table};
use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::entity::Item;
use dynamap::error::{CursorError, ItemCollectionError};
use dynamap::{Error, ItemCollection, Table};
use dynamap_local::Local;
use dynamap_local::faults::{Fault, Plan, Throttling, When};

#[derive(Debug, PartialEq, ItemCollection)]
enum Refusing {
    Customer(Customer),
    Order(Order),
}

#[derive(Debug, PartialEq, ItemCollection)]
#[dynamap(unknown = skip)]
enum Skipping {
    Customer(Customer),
    Order(Order),
    Session(Session),
}

#[derive(Debug, PartialEq, ItemCollection)]
enum Keeping {
    Customer(Customer),
    #[dynamap(unknown)]
    Other(Item),
}

#[derive(Debug, PartialEq, ItemCollection)]
struct Account {
    customer: Customer,
    orders: Vec<Order>,
    sessions: Vec<Session>,
}

/// A shop whose items of one customer are of all members.
async fn shop() -> Table<Shop> {
    filled().await
}

async fn store(shop: &Table<Shop>, sort_key: &str, entity: Option<&str>) {
    let text = |text: &str| AttributeValue::S(text.into());
    let put = shop.client().put_item().table_name("shop");
    let put = put.item("pk", text("CUSTOMER#c-1")).item("sk", text(sort_key));
    let put = match entity {
        Some(name) => put.item("entity_type", text(name)),
        None => put,
    };
    put.send().await.unwrap();
}

macro_rules! assert_counts {
    ($($query:expr),* $(,)?) => { $(
        let query = $query;
        for page_size in [1, 4, 100] {
            for limit in [None, Some(0), Some(1), Some(5), Some(100)] {
                for include_expired in [false, true] {
                    let query = query.clone().page_size(page_size);
                    let query = if include_expired { query.include_expired() } else { query };
                    let query = if let Some(limit) = limit { query.limit(limit) } else { query };
                    let read = query.clone().try_collect().await.unwrap().len() as u64;
                    let what = format!("{query:?}");
                    assert_eq!(query.clone().count().send().await.unwrap(), read, "{what}");
                    assert_eq!(query.count().by_keys().await.unwrap(), read, "{what}");
                }
            }
        }
    )* };
}

#[tokio::test]
async fn a_collection_counts_what_it_returns() {
    let shop = shop().await;
    assert_counts!(
        shop.query(Skipping::partition("c-1")),
        shop.query(Skipping::partition("c-1")).filter(Order::TOTAL.gt(50)),
        shop.query(Skipping::partition("c-1").of::<Order>()),
        shop.query(Keeping::partition("c-1")),
        shop.query(Keeping::partition("c-1")).filter(Customer::NAME.eq("Bob")),
        shop.query(Refusing::partition("c-10")),
        shop.scan::<Skipping>(),
        shop.scan::<Keeping>(),
        shop.scan::<Skipping>().index::<ByTotal>(),
    );
    let account = || shop.query(Account::partition("c-1"));
    assert_eq!(account().count().await.unwrap(), 21 + 6);
    assert_eq!(account().include_expired().count().await.unwrap(), 21 + 9);
}

#[tokio::test]
async fn what_dynamodb_can_count_is_not_read() {
    let shop = shop().await;
    let explained = |explanation: dynamap::op::Explanation| {
        serde_json::from_str::<serde_json::Value>(&explanation.request_json()).unwrap()
    };
    let skipping = explained(shop.query(Skipping::partition("c-1")).count().explain().unwrap());
    assert_eq!((&skipping["Select"], skipping.get("ProjectionExpression")), (&"COUNT".into(), None));
    assert_eq!(
        skipping["FilterExpression"], "(#n1 = :v1 OR #n1 = :v2 OR #n1 = :v3) AND NOT (#n2 <= :v4)",
        "{skipping}"
    );
    let all = shop.query(Keeping::partition("c-1")).include_expired().count().explain().unwrap();
    assert_eq!(explained(all).get("FilterExpression"), None);
    // One that refuses what it does not know looks at each item, and so does one whose index has no entity type.
    let refusing = explained(shop.query(Refusing::partition("c-1")).count().explain().unwrap());
    assert_eq!(
        (refusing.get("Select"), &refusing["ProjectionExpression"]),
        (None, &"#n1, #n2, #n0, #n3".into())
    );
    let index = explained(shop.scan::<Skipping>().index::<ByStatus>().count().explain().unwrap());
    assert_eq!(index.get("Select"), None);
}

#[tokio::test]
async fn an_item_of_no_member_is_not_counted_silently() {
    let shop = shop().await;
    for count in [
        shop.query(Refusing::partition("c-1")).count(),
        shop.query(Refusing::partition("c-1")).count().by_keys(),
    ] {
        let refused = count.send().await;
        let Err(Error::ItemCollection(ItemCollectionError::UnknownEntity { .. })) = refused else {
            panic!("{refused:?}")
        };
    }
    let refused = shop.scan::<Refusing>().parallel(2).count().send().await;
    assert!(matches!(refused, Err(Error::ItemCollection(_))), "{refused:?}");
    // Skipped, it is passed over; kept, it counts; and what does not say what it is, its key says.
    let (skipping, keeping) =
        (|| shop.query(Skipping::partition("c-1")).count(), || shop.query(Keeping::partition("c-1")).count());
    let before = (skipping().await.unwrap(), keeping().await.unwrap());
    store(&shop, "GHOST", Some("Ghost")).await;
    assert_eq!((skipping().await.unwrap(), keeping().await.unwrap()), (before.0, before.1 + 1));
    store(&shop, "SESSION#untyped", None).await;
    assert_eq!((skipping().await.unwrap(), keeping().await.unwrap()), (before.0, before.1 + 2));
    assert_eq!(skipping().by_keys().await.unwrap(), before.0 + 1);
}

#[tokio::test]
async fn a_parallel_scan_counts_what_it_returns() {
    let shop = shop().await;
    let orders = || shop.scan::<Order>();
    macro_rules! assert_parallel {
        ($($scan:expr),* $(,)?) => { $(
            for segments in [1, 3, 20] {
                for limit in [None, Some(0), Some(2), Some(100)] {
                    for include_expired in [false, true] {
                        let scan = $scan.page_size(3);
                        let scan = if include_expired { scan.include_expired() } else { scan };
                        let scan = if let Some(limit) = limit { scan.limit(limit) } else { scan };
                        let scan = scan.parallel(segments);
                        let read = scan.clone().try_collect().await.unwrap().len() as u64;
                        let what = format!("{scan:?}");
                        assert_eq!(scan.clone().count().send().await.unwrap(), read, "{what}");
                        assert_eq!(scan.count().by_keys().await.unwrap(), read, "{what}");
                    }
                }
            }
        )* };
    }
    assert_parallel!(
        orders(),
        orders().filter(Order::TOTAL.gt(50)),
        shop.scan::<Session>(),
        orders().index::<ByTotal>(),
        shop.scan::<Skipping>(),
        shop.scan::<Keeping>(),
    );
    // An index that does not hold whole items.
    assert_eq!(orders().index::<ByStatus>().parallel(3).count().await.unwrap(), 20);
    let refused = orders().parallel(0).count().send().await;
    assert!(matches!(refused, Err(Error::InvalidSegmentCount(_))), "{refused:?}");
    assert!(matches!(orders().parallel(0).count().into_sdk(), Err(Error::InvalidSegmentCount(_))));
    let mut items = orders().page_size(2).parallel(3).items().unwrap();
    let mut seen = 0;
    while seen < 7 {
        items.next().await.unwrap().unwrap();
        seen += 1;
    }
    let rest = orders().page_size(2).parallel(3).start_after(items.cursor()).count().send().await.unwrap();
    assert_eq!(seen + rest, 21);
    let other = orders().parallel(4).start_after(items.cursor()).count().send().await;
    assert!(matches!(other, Err(Error::Cursor(CursorError::OtherQuery))), "{other:?}");
    let explanation = orders().parallel(3).count().explain().unwrap();
    let body: serde_json::Value = serde_json::from_str(&explanation.request_json()).unwrap();
    assert_eq!((&body["Select"], &body["TotalSegments"]), (&"COUNT".into(), &3.into()));
    let counted = orders().parallel(1).count().into_sdk().unwrap().send().await.unwrap();
    assert_eq!((counted.count, counted.items), (21, None));
}

#[tokio::test(start_paused = true)]
async fn a_page_that_is_throttled_is_counted_once() {
    let throttled = (When::operation("Scan").times(20), Fault::Throttle(Throttling::KeyRange));
    let (local, _) = Local::memory().unwrap().with_faults(Plan::script([throttled]));
    let shop = table(&local).await.with_mapping(MAPPING);
    for number in 1..=9 {
        shop.put(&order("c-1", 2024, number)).send().await.unwrap();
    }
    shop.put(&session(1, FAR)).send().await.unwrap();
    let scan = || shop.scan::<Order>().page_size(2).parallel(3);
    assert_eq!(scan().count().send().await.unwrap(), 9);
    assert_eq!(shop.scan::<Skipping>().page_size(2).parallel(3).count().send().await.unwrap(), 10);
}
