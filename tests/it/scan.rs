//! Scans of the table and of its indexes.

use crate::model::{
    Branch, ByPlace, ByStatus, ByTotal, Customer, Order, OrderNote, Session, numbers, order, stocked,
};
use dynamap::error::CursorError;
use dynamap::value::EpochSeconds;
use dynamap::{Cursor, Error};
use std::collections::BTreeSet;

fn sorted(orders: &[Order]) -> Vec<(u16, u32)> {
    let mut numbers = numbers(orders);
    numbers.sort_unstable();
    numbers
}

#[tokio::test]
async fn all_entities_of_the_table_and_no_others() {
    let (shop, orders) = stocked().await;
    let page = orders.scan().send().await.unwrap();
    assert_eq!((page.items.len(), page.skipped, page.expired), (21, 2, 0));
    assert!(page.cursor.is_none());
    let customers = shop.repository::<Customer>().scan().send().await.unwrap();
    assert_eq!((customers.items.len(), customers.skipped), (2, 21));
    assert!(shop.repository::<Branch>().scan().try_collect().await.unwrap().is_empty());
    assert_eq!(orders.scan().consistent_read().try_collect().await.unwrap().len(), 21);
}

#[tokio::test]
async fn the_items_of_an_index() {
    let (shop, orders) = stocked().await;
    shop.put(&Order { status: None, ..order("c-1", 2024, 1) }).send().await.unwrap();
    shop.put(&Order { note: Some("gift".into()), ..order("c-1", 2024, 2) }).send().await.unwrap();
    let notes = orders.scan().index::<ByStatus>().project::<OrderNote>().send().await.unwrap();
    assert_eq!((notes.items.len(), notes.skipped), (20, 0), "without status it is not in the index");
    let gift = OrderNote { number: 2, note: Some("gift".into()) };
    assert!(notes.items.contains(&gift));
    let by_total = orders.scan().index::<ByTotal>().consistent_read();
    assert_eq!(by_total.try_collect().await.unwrap().len(), 21);
    assert!(orders.scan().index::<ByPlace>().try_collect().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_filter_may_ask_for_keys() {
    let (_, orders) = stocked().await;
    let some = orders.scan().filter(Order::TOTAL.gt(90)).filter(Order::YEAR.eq(2025)).send().await.unwrap();
    assert_eq!((sorted(&some.items), some.skipped), (vec![(2025, 10)], 0));
    let by_total = orders.scan().index::<ByTotal>().filter(Order::TOTAL.eq(100));
    assert_eq!(sorted(&by_total.try_collect().await.unwrap()), [(2024, 10), (2025, 10)]);
}

#[tokio::test]
async fn a_projection_is_read_of_the_table_as_well() {
    let (_, orders) = stocked().await;
    let notes = orders.scan().project::<OrderNote>().filter(Order::NUMBER.le(2)).try_collect().await.unwrap();
    let numbers: BTreeSet<u32> = notes.iter().map(|note| note.number).collect();
    assert_eq!((notes.len(), numbers), (5, BTreeSet::from([1, 2])));
}

#[tokio::test]
async fn limit_counts_items_and_a_cursor_goes_on_exactly_after_them() {
    let (_, orders) = stocked().await;
    let all = orders.scan().try_collect().await.unwrap();
    for limit in [1, 4, 7, 21, 30] {
        for page_size in [1, 5, 100] {
            let (mut seen, mut cursor) = (Vec::new(), None::<Cursor>);
            loop {
                let scan = orders.scan().limit(limit).page_size(page_size);
                let page = match cursor.take() {
                    Some(cursor) => scan.start_after(cursor.to_string()).send().await,
                    None => scan.send().await,
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
    assert!(orders.scan().limit(0).try_collect().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_cursor_of_an_index_goes_on_in_the_index() {
    let (_, orders) = stocked().await;
    let scan = || orders.scan().index::<ByStatus>().project::<OrderNote>();
    let all = scan().try_collect().await.unwrap();
    let mut items = scan().page_size(4).items();
    let mut returned = 0;
    while items.next().await.transpose().unwrap().is_some() {
        returned += 1;
        let rest = scan().start_after(items.cursor().unwrap()).page_size(3).try_collect().await.unwrap();
        assert_eq!(rest, all[returned..]);
    }
    assert_eq!(returned, 21);
}

#[tokio::test]
async fn a_stream_has_a_cursor_after_each_item() {
    let (_, orders) = stocked().await;
    let all = orders.scan().try_collect().await.unwrap();
    for read_ahead in [false, true] {
        let mut items = orders.scan().page_size(6).read_ahead(read_ahead).items();
        let mut returned = 0;
        while let Some(item) = items.next().await {
            assert_eq!(item.unwrap(), all[returned]);
            returned += 1;
            let rest = orders.scan().start_after(items.cursor().unwrap());
            assert_eq!(rest.try_collect().await.unwrap(), all[returned..]);
        }
        assert_eq!((returned, items.skipped()), (21, 2));
    }
}

#[tokio::test]
async fn a_cursor_belongs_to_its_scan() {
    let (_, orders) = stocked().await;
    let of_scan = orders.scan().limit(3).send().await.unwrap().cursor.unwrap();
    let of_query = orders.query(Order::partition("c-1")).limit(3).send().await.unwrap().cursor.unwrap();
    for refused in [
        orders.scan().start_after(of_query).send().await,
        orders.query(Order::partition("c-1")).start_after(of_scan.clone()).send().await,
        orders.scan().filter(Order::TOTAL.gt(10)).start_after(of_scan.clone()).send().await,
        orders.scan().index::<ByTotal>().start_after(of_scan).send().await,
    ] {
        assert!(matches!(refused, Err(Error::Cursor(CursorError::OtherQuery))), "{refused:?}");
    }
}

#[tokio::test]
async fn expired_items_are_passed_over() {
    let (shop, _) = stocked().await;
    for (token, expires_at) in [("old", 1), ("new", 4_000_000_000)] {
        let (customer_id, token) = ("c-1".into(), token.into());
        let session = Session { customer_id, token, expires_at: EpochSeconds(expires_at) };
        shop.put(&session).send().await.unwrap();
    }
    let sessions = shop.repository::<Session>();
    let page = sessions.scan().send().await.unwrap();
    assert_eq!((page.items.len(), page.skipped, page.expired), (1, 23, 1));
    assert_eq!(page.items[0].token, "new");
    assert_eq!(sessions.scan().include_expired().try_collect().await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_mistake_in_a_filter_is_found_before_any_request() {
    let (_, orders) = stocked().await;
    let none = dynamap::expr::Condition::<Order>::all([]);
    let refused = orders.scan().filter(none.clone()).send().await;
    assert!(matches!(refused, Err(Error::Expression(_))), "{refused:?}");
    assert!(orders.scan().filter(none).into_sdk().is_err());
}
