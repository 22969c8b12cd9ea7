//! Filters of queries.

use crate::model::{ByTotal, Order, OrderNote, Status, numbers, order, stocked};
use dynamap::error::{CursorError, ExpressionErrorKind};
use dynamap::{Cursor, Error, Index};

#[tokio::test]
async fn only_items_of_which_it_is_true_are_returned() {
    let (shop, orders) = stocked().await;
    let query = || orders.query(Order::partition("c-1").year(2024));
    let some = query().filter(Order::TOTAL.gt(30) & Order::NUMBER.lt(7)).send().await.unwrap();
    assert_eq!(numbers(&some.items), [(2024, 4), (2024, 5), (2024, 6)]);
    assert!(some.cursor.is_none());
    let both = query().filter(Order::TOTAL.gt(30)).filter(Order::NUMBER.lt(7)).descending();
    assert_eq!(numbers(&both.try_collect().await.unwrap()), [(2024, 6), (2024, 5), (2024, 4)]);
    assert_eq!(query().filter(Order::NOTE.exists()).try_collect().await.unwrap(), []);

    let mut items = query().filter(Order::NUMBER.is_in([2, 9])).page_size(1).items();
    let mut found = Vec::new();
    while let Some(item) = items.next().await {
        found.push(item.unwrap().number);
    }
    assert_eq!(found, [2, 9]);

    shop.put(&Order { note: Some("x".into()), ..order("c-1", 2024, 3) }).send().await.unwrap();
    let filter = Order::NOTE.exists();
    let projected = shop.query(Order::by_status(Status::Open)).project::<OrderNote>().filter(filter);
    assert_eq!(projected.try_collect().await.unwrap(), [OrderNote { number: 3, note: Some("x".into()) }]);
}

#[tokio::test]
async fn the_limit_counts_items_that_are_returned() {
    let (_, orders) = stocked().await;
    let query = || orders.query(Order::partition("c-1")).filter(Order::NUMBER.ge(9)).limit(3);
    let first = query().send().await.unwrap();
    assert_eq!(numbers(&first.items), [(2024, 9), (2024, 10), (2025, 9)]);
    let second = query().start_after(first.cursor.unwrap()).send().await.unwrap();
    assert_eq!(numbers(&second.items), [(2025, 10)]);
    assert!(second.cursor.is_none());
    assert_eq!(query().page_size(1).try_collect().await.unwrap().len(), 3);
}

#[tokio::test]
async fn a_cursor_belongs_to_its_filter() {
    let (_, orders) = stocked().await;
    let query = || orders.query(Order::partition("c-1")).limit(1);
    let filtered = |filter| query().filter(filter);
    let cursor = async |query: dynamap::op::Query<Order>| query.send().await.unwrap().cursor.unwrap();
    let plain: Cursor = cursor(query()).await;
    let above: Cursor = cursor(filtered(Order::TOTAL.gt(10))).await;

    assert_eq!(filtered(Order::TOTAL.gt(10)).start_after(above.clone()).send().await.unwrap().items.len(), 1);
    for (other, cursor) in [
        (filtered(Order::TOTAL.gt(10)), plain),
        (query(), above.clone()),
        (filtered(Order::TOTAL.gt(11)), above.clone()),
        (filtered(Order::TOTAL.ge(10)), above.clone()),
        (filtered(Order::NUMBER.gt(10)), above.clone()),
        (filtered(Order::TOTAL.gt(10) & Order::NUMBER.gt(0)), above),
    ] {
        let refused = other.start_after(cursor).send().await;
        assert!(matches!(refused, Err(Error::Cursor(CursorError::OtherQuery))), "{refused:?}");
    }
}

#[tokio::test]
async fn a_filter_cannot_ask_for_the_keys_of_what_is_read() {
    let (_, orders) = stocked().await;
    assert_eq!(ByTotal::SCHEMA.sort_key[0].name, Order::TOTAL.name());
    let of_index = orders.query(Order::by_total("c-1")).filter(Order::TOTAL.eq(10)).send().await;
    let Err(Error::Expression(error)) = of_index else { panic!("{of_index:?}") };
    assert_eq!(*error.kind(), ExpressionErrorKind::KeyAttribute("total"));
    assert_eq!(error.to_string(), "a filter cannot ask for the key attribute `total`");
    // It is no key of the table.
    orders.query(Order::partition("c-1")).filter(Order::TOTAL.eq(10)).send().await.unwrap();
}
