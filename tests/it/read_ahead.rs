use crate::MAPPING;
use crate::model::{Order, Shop, numbers, order, table};
use dynamap::Table;
use dynamap_local::{Local, Request, Response, SharedTransport, Transport, TransportFuture};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// Counts the queries, and breaks one of them.
#[derive(Debug)]
struct Counting {
    next: SharedTransport,
    queries: Arc<AtomicUsize>,
    breaks: Option<usize>,
}

impl Transport for Counting {
    fn call(&self, request: Request) -> TransportFuture<'_> {
        if request.operation == "Query" && self.breaks == Some(self.queries.fetch_add(1, Relaxed)) {
            return Box::pin(async { Ok(Response::error(400, "ValidationException", "broken")) });
        }
        self.next.call(request)
    }
}

/// The orders 1 to 10, and a counter of the queries for them.
async fn counted(breaks: Option<usize>) -> (Table<Shop>, Arc<AtomicUsize>) {
    let local = Local::memory().unwrap();
    let shop = table(&local).await;
    for number in 1..=10 {
        shop.put(&order("c-1", 2024, number)).send().await.unwrap();
    }
    let queries = Arc::new(AtomicUsize::new(0));
    let counted = queries.clone();
    let local = local.wrap(|next: SharedTransport| Counting { next, queries: counted, breaks });
    (Table::new(local.client(), "shop").with_mapping(MAPPING), queries)
}

#[tokio::test]
async fn the_next_page_is_on_its_way_while_the_caller_is_in_this_one() {
    let (shop, queries) = counted(None).await;
    let mut items = shop.query(Order::partition("c-1")).page_size(4).items();
    assert_eq!(queries.load(Relaxed), 0);
    let mut seen = Vec::new();
    for _ in 0..4 {
        seen.push(items.next().await.unwrap().unwrap());
        // Never more than one page ahead.
        assert_eq!(queries.load(Relaxed), 2);
    }
    seen.push(items.next().await.unwrap().unwrap());
    assert_eq!(queries.load(Relaxed), 3);
    while let Some(item) = items.next().await {
        seen.push(item.unwrap());
    }
    assert_eq!(queries.load(Relaxed), 3);
    assert_eq!(numbers(&seen), (1..=10).map(|number| (2024, number)).collect::<Vec<_>>());
}

#[tokio::test]
async fn it_can_be_switched_off() {
    let (shop, queries) = counted(None).await;
    let mut items = shop.query(Order::partition("c-1")).page_size(4).read_ahead(false).items();
    for expected in [1, 1, 1, 1, 2, 2, 2, 2, 3, 3] {
        items.next().await.unwrap().unwrap();
        assert_eq!(queries.load(Relaxed), expected);
    }
    assert!(items.next().await.is_none());
}

#[tokio::test]
async fn nothing_is_read_beyond_the_limit() {
    let (shop, queries) = counted(None).await;
    let mut items = shop.query(Order::partition("c-1")).page_size(4).limit(4).items();
    while let Some(item) = items.next().await {
        item.unwrap();
    }
    assert_eq!(queries.load(Relaxed), 1);
}

#[tokio::test]
async fn an_error_comes_after_the_items_before_it() {
    let (shop, _) = counted(Some(1)).await;
    let mut items = shop.query(Order::partition("c-1")).page_size(4).items();
    for number in 1..=4 {
        assert_eq!(items.next().await.unwrap().unwrap().number, number);
    }
    let cursor = items.cursor().unwrap();
    assert!(items.next().await.unwrap().is_err());
    assert!(items.next().await.is_none());
    // Where it stopped, another can go on.
    let (shop, _) = counted(None).await;
    let rest = shop.query(Order::partition("c-1")).start_after(cursor).try_collect().await.unwrap();
    assert_eq!(rest.len(), 6);
}

#[tokio::test]
async fn a_cursor_is_exact_after_every_item() {
    let (shop, _) = counted(None).await;
    for page_size in 1..=5 {
        let mut items = shop.query(Order::partition("c-1")).page_size(page_size).items();
        assert!(items.cursor().is_none());
        let mut returned = 0;
        while let Some(item) = items.next().await {
            returned = item.unwrap().number;
            let after = shop.query(Order::partition("c-1")).start_after(items.cursor().unwrap());
            let rest = after.try_collect().await.unwrap();
            let expected: Vec<_> = (returned + 1..=10).map(|number| (2024, number)).collect();
            assert_eq!(numbers(&rest), expected, "after {returned} in pages of {page_size}");
        }
        assert_eq!(returned, 10);
    }
}
