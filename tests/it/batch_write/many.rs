//! Many entities in the batch of a table, and sources that fail.

use super::{counts, orders, stored};
use crate::model::{Customer, Order, Shop, order, shop};
use dynamap::{Error, Table};
use futures_core::Stream;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

/// A stream that is not ready each second time.
struct Slow<I>(I, bool);

impl<I: Iterator + Unpin> Stream for Slow<I> {
    type Item = I::Item;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<I::Item>> {
        self.1 = !self.1;
        match self.1 {
            true => {
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            false => Poll::Ready(self.0.next()),
        }
    }
}

fn customers() -> Vec<Customer> {
    ["c-1", "c-2"].map(|id| Customer { customer_id: id.into(), name: "Ada".into() }).into()
}

async fn customer_count(shop: &Table<Shop>) -> u64 {
    shop.scan::<Customer>().count().send().await.unwrap()
}

#[tokio::test]
async fn entities_of_several_types_from_vectors_iterators_and_streams() {
    let shop = shop().await;
    let (customers, some): (_, Vec<Order>) = (customers(), orders(1..=3).collect());
    let report = shop
        .batch_write()
        .put_all(&customers)
        .put_all(some.iter())
        .put_all(orders(4..=60))
        .put_all(Slow(orders(61..=63), false))
        .put_all(vec![order("c-1", 2024, 64)])
        .put_all([&some[0]])
        .delete_all(vec![Order::key("c-1", 2024, 2)])
        .delete_all((3..=4).map(|number| Order::key("c-1", 2024, number)))
        .send()
        .await
        .unwrap();
    assert_eq!(report.total(), 70);
    assert_eq!(customer_count(&shop).await, 2);
    let expected: Vec<u32> = (1..=64).filter(|number| ![2, 3, 4].contains(number)).collect();
    assert_eq!(stored(&shop).await, expected);
}

#[derive(Debug)]
struct Broken;

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the file ends in the middle of hush")
    }
}

impl std::error::Error for Broken {}

/// Orders up to one that cannot be read, and others behind it.
fn broken_at(number: u32) -> impl Iterator<Item = Result<Order, Broken>> + Send {
    orders(1..=90).map(move |order| if order.number == number { Err(Broken) } else { Ok(order) })
}

#[tokio::test]
async fn a_source_that_fails_ends_the_batch_and_is_told() {
    for number in [1, 2, 26, 60] {
        for slow in [false, true] {
            let shop = shop().await;
            let repository = shop.repository::<Order>();
            let batch = match slow {
                true => repository.batch_write().try_put_all(Slow(broken_at(number), false)),
                false => repository.batch_write().try_put_all(broken_at(number)),
            };
            // What stands behind it is not taken.
            let result = batch.put(&order("c-1", 2025, 1)).put_all(orders(91..=95)).send().await;
            let Err(Error::IncompleteBatch(incomplete)) = result else { panic!("{result:?}") };
            let source = std::error::Error::source(&incomplete).unwrap();
            assert!(source.is::<Broken>());
            let report = incomplete.into_report();
            assert_eq!(counts(&report), (u64::from(number) - 1, 0, 0, 0));
            assert!(report.failure().unwrap().is::<Broken>() && !report.is_complete());
            let shown = format!("{report} {report:?}");
            assert!(shown.contains("the source of the writes failed") && !shown.contains("hush"), "{shown}");
            assert_eq!(stored(&shop).await, (1..number).collect::<Vec<_>>());
        }
    }
}

#[tokio::test]
async fn what_is_written_before_is_told_of_the_table_as_well() {
    let shop = shop().await;
    let batch = shop.batch_write().put_all(customers()).try_put_all(broken_at(3)).put_all(customers());
    let report = batch.report().await;
    assert_eq!((counts(&report), report.failure().is_some()), ((4, 0, 0, 0), true));
    assert_eq!((customer_count(&shop).await, stored(&shop).await), (2, vec![1, 2]));

    let keys = |last| (1..=last).map(|number| Ok::<_, Broken>(Order::key("c-1", 2024, number)));
    let report = shop.batch_write().try_delete_all(keys(1)).send().await.unwrap();
    assert_eq!(counts(&report), (1, 0, 0, 0));
    let failing = keys(2).chain([Err(Broken)]);
    let report = shop.repository::<Order>().batch_write().try_delete_all(failing).report().await;
    assert_eq!((counts(&report), report.failure().is_some()), ((2, 0, 0, 0), true));
    assert!(stored(&shop).await.is_empty());
}

#[tokio::test]
async fn the_items_of_a_query_are_a_source() {
    let (shop, archive) = (shop().await, shop().await);
    shop.repository::<Order>().batch_write().put_all(orders(1..=40)).send().await.unwrap();
    let items = || shop.query(Order::partition("c-1")).page_size(7).items();
    archive.repository::<Order>().batch_write().try_put_all(items()).send().await.unwrap();
    assert_eq!(stored(&archive).await, (1..=40).collect::<Vec<_>>());
    archive.batch_write().try_put_all(items()).send().await.unwrap();
    // One that cannot be read is not lost.
    let key = shop.get(order("c-1", 2024, 1).to_key()).into_sdk().unwrap().get_key().clone();
    let broken = shop.client().update_item().table_name("shop").set_key(key);
    broken.update_expression("REMOVE #y").expression_attribute_names("#y", "year").send().await.unwrap();
    let failed = archive.batch_write().try_put_all(items()).send().await;
    let Err(Error::IncompleteBatch(incomplete)) = failed else { panic!("{failed:?}") };
    assert!(matches!(incomplete.report().failure().unwrap().downcast_ref(), Some(Error::Decode(_))));
}

#[tokio::test]
async fn the_first_request_of_a_source_that_fails_at_once_cannot_be_made() {
    let shop = shop().await;
    let batch = || shop.repository::<Order>().batch_write();
    let explained = batch().try_put_all(broken_at(3)).explain();
    assert!(matches!(explained, Err(Error::IncompleteBatch(_))), "{explained:?}");
    let explained = batch().try_put_all(broken_at(60)).explain().unwrap();
    assert_eq!(explained.request_json().matches("PutRequest").count(), 25);
}
