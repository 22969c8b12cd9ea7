use crate::model::{Order, OrderNote, Status, numbers, stocked};
use dynamap::error::CursorError;
use dynamap::{Cursor, Error};

#[tokio::test]
async fn a_cursor_goes_on_exactly_after_the_last_returned_item() {
    let (_, orders) = stocked().await;
    let all = orders.query(Order::partition("c-1")).try_collect().await.unwrap();
    for limit in 1..=21 {
        for page_size in [1, 2, 5, 100] {
            for descending in [false, true] {
                let query = || {
                    let query = orders.query(Order::partition("c-1")).limit(limit).page_size(page_size);
                    if descending { query.descending() } else { query }
                };
                let (mut seen, mut cursor) = (Vec::new(), None::<Cursor>);
                loop {
                    let query = match cursor.take() {
                        // By its text, as an API would hand it out.
                        Some(cursor) => query().start_after(cursor.to_string()),
                        None => query(),
                    };
                    let page = query.send().await.unwrap();
                    seen.extend(page.items);
                    match page.cursor {
                        Some(next) => cursor = Some(next),
                        None => break,
                    }
                }
                if descending {
                    seen.reverse();
                }
                assert_eq!(numbers(&seen), numbers(&all), "limit {limit}, page size {page_size}");
            }
        }
    }
}

#[tokio::test]
async fn a_stream_has_a_cursor_after_each_item() {
    let (_, orders) = stocked().await;
    let all = orders.query(Order::partition("c-1")).try_collect().await.unwrap();
    let mut items = orders.query(Order::partition("c-1")).page_size(6).items();
    assert!(items.cursor().is_none());
    let mut returned = 0;
    while let Some(item) = items.next().await {
        item.unwrap();
        returned += 1;
        let rest = orders.query(Order::partition("c-1")).start_after(items.cursor().unwrap());
        assert_eq!(rest.try_collect().await.unwrap(), all[returned..]);
    }
    assert_eq!(returned, 20);
}

#[tokio::test]
async fn a_cursor_of_an_index_goes_on_in_the_index() {
    let (_, orders) = stocked().await;
    let query = || orders.query(Order::by_status(Status::Open)).project::<OrderNote>();
    let all = query().try_collect().await.unwrap();
    assert_eq!(all.len(), 21);
    let (mut seen, mut cursor) = (Vec::new(), None);
    loop {
        let query = query().limit(4).page_size(3);
        let page = match cursor {
            Some(cursor) => query.start_after(cursor).send().await.unwrap(),
            None => query.send().await.unwrap(),
        };
        seen.extend(page.items);
        cursor = page.cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen, all);
}

#[tokio::test]
async fn a_cursor_of_another_query_is_refused_before_any_request() {
    let (_, orders) = stocked().await;
    let page = orders.query(Order::partition("c-1")).limit(3).send().await.unwrap();
    let cursor = page.cursor.unwrap();
    let others = [
        orders.query(Order::partition("c-10")).start_after(cursor.clone()).send().await,
        orders.query(Order::partition("c-1")).descending().start_after(cursor.clone()).send().await,
        orders.query(Order::partition("c-1").year(2024)).start_after(cursor.clone()).send().await,
    ];
    for other in others {
        assert!(matches!(other, Err(Error::Cursor(CursorError::OtherQuery))), "{other:?}");
    }
    let index = orders.query(Order::by_status(Status::Open)).project::<OrderNote>().start_after(cursor);
    assert!(matches!(index.items().next().await, Some(Err(Error::Cursor(CursorError::OtherQuery)))));
}
