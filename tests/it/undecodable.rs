//! Items that do not have the form that is read, between others that have it.

use crate::model::{Customer, Order, OrderNote, Shop, order, stocked};
use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::batch::Fetched;
use dynamap::entity::Item;
use dynamap::error::DecodeError;
use dynamap::{Cursor, Error, ItemCollection, Repository, Table};
use std::collections::BTreeSet;

/// What is under a customer.
#[derive(Debug, Clone, PartialEq, ItemCollection)]
enum CustomerItem {
    Customer(Customer),
    Order(Order),
}

/// The orders 3, 4 and 10 of 2024 have a note that is no text, and another customer has one such order.
async fn broken() -> (Table<Shop>, Repository<Order>) {
    let (shop, orders) = stocked().await;
    for (customer, number) in [("c-1", 3), ("c-1", 4), ("c-1", 10), ("c-7", 1)] {
        let mut item = dynamap::entity::to_item(&order(customer, 2024, number)).unwrap();
        item.insert("note".into(), AttributeValue::Bool(true));
        shop.client().put_item().table_name("shop").set_item(Some(item)).send().await.unwrap();
    }
    (shop, orders)
}

fn decode(error: &Error) -> &DecodeError {
    match error {
        Error::Decode(error) => error,
        other => panic!("{other}"),
    }
}

/// What a read gives: the number of an order, or that it cannot be read.
fn shown(item: Result<Order, DecodeError>) -> (u32, bool) {
    match item {
        Ok(order) => (order.number, true),
        Err(error) => (number(&error), false),
    }
}

/// By the key of the item.
fn number(error: &DecodeError) -> u32 {
    let key = error.item_key().unwrap();
    assert_eq!(key.len(), 2, "{key:?}");
    let sort_key = key["sk"].as_s().unwrap();
    sort_key.rsplit('#').next().unwrap().parse().unwrap()
}

fn expected() -> Vec<(u32, bool)> {
    (1..=10).map(|number| (number, ![3, 4, 10].contains(&number))).collect()
}

#[tokio::test]
async fn a_stream_gives_the_items_around_it_whatever_the_pages_are() {
    let (_, orders) = broken().await;
    for page_size in [1, 2, 3, 4, 5, 7, 100] {
        for read_ahead in [true, false] {
            let query = || orders.query(Order::partition("c-1").year(2024)).page_size(page_size);
            let mut items = query().read_ahead(read_ahead).items();
            let mut seen = Vec::new();
            let mut before = None;
            while let Some(item) = items.next().await {
                match item {
                    Ok(order) => seen.push((order.number, true)),
                    Err(error) => {
                        let error = decode(&error);
                        let number = number(error);
                        seen.push((number, false));
                        let at = (error.page_number().unwrap(), error.index_in_page().unwrap());
                        let (index, size) = (number - 1, u32::try_from(page_size).unwrap());
                        assert_eq!(at, (index / size, (index % size) as usize), "{number}");
                        // It is not passed unasked: a run that ends here comes to it again, and to none before it.
                        assert_eq!(items.cursor(), before, "{number} {page_size}");
                        let rest = match &before {
                            Some(cursor) => query().start_after(Cursor::clone(cursor)),
                            None => query(),
                        };
                        let rest = rest.results().try_collect().await.unwrap();
                        assert_eq!(
                            Vec::from_iter(rest.into_iter().map(shown)),
                            expected()[number as usize - 1..]
                        );
                        let past = query().start_after(Cursor::past(error).unwrap());
                        let rest = past.results().try_collect().await.unwrap();
                        assert_eq!(
                            Vec::from_iter(rest.into_iter().map(shown)),
                            expected()[number as usize..]
                        );
                        before = Cursor::past(error);
                    }
                }
                if seen.last().unwrap().1 {
                    before = items.cursor();
                }
            }
            assert_eq!(seen, expected(), "{page_size} {read_ahead}");
        }
    }
}

#[tokio::test]
async fn it_is_an_error_unless_asked_otherwise() {
    let (_, orders) = broken().await;
    let query = || orders.query(Order::partition("c-1").year(2024));
    for error in [
        query().send().await.map(|_| ()).unwrap_err(),
        query().page_size(2).try_collect().await.map(|_| ()).unwrap_err(),
        query().page_size(2).limit(3).send().await.map(|_| ()).unwrap_err(),
        orders.scan().try_collect().await.map(|_| ()).unwrap_err(),
    ] {
        let shown = error.to_string();
        assert!(shown.starts_with("attribute `note` of entity `Order`: expected"), "{shown}");
        assert!(shown.contains(" (item ") && shown.contains(" of page "), "{shown}");
        assert!(!format!("{error:?}").contains("c-1"), "{error:?}");
    }
    // What the limit leaves out is not read.
    assert_eq!(query().limit(2).send().await.unwrap().items.len(), 2);
    let two = query().page_size(100).limit(2).send().await.unwrap();
    assert_eq!((two.items.len(), two.cursor.is_some()), (2, true));
}

#[tokio::test]
async fn results_stand_in_the_place_of_each_item() {
    let (_, orders) = broken().await;
    let query = || orders.query(Order::partition("c-1").year(2024)).results();
    let all = query().send().await.unwrap();
    assert_eq!(Vec::from_iter(all.items.into_iter().map(shown)), expected());
    // Each is one of the limit, and has a cursor.
    let mut seen = Vec::new();
    let mut cursor = None;
    loop {
        let next = match cursor.take() {
            Some(cursor) => query().start_after(cursor),
            None => query(),
        };
        let page = next.limit(1).page_size(100).send().await.unwrap();
        seen.extend(page.items.into_iter().map(shown));
        cursor = page.cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen, expected());
    let mut items = query().page_size(3).items();
    let mut streamed = Vec::new();
    while let Some(item) = items.next().await {
        streamed.push(shown(item.unwrap()));
        let rest = query().start_after(items.cursor().unwrap()).try_collect().await.unwrap();
        assert_eq!(Vec::from_iter(rest.into_iter().map(shown)), expected()[streamed.len()..]);
    }
    assert_eq!(streamed, expected());
    let error = query().send().await.unwrap().items[2].clone().unwrap_err();
    assert_eq!((error.page_number(), error.index_in_page()), (Some(0), Some(2)));
}

#[tokio::test]
async fn projections_keys_and_indexes_are_read_past_it_too() {
    let (shop, orders) = broken().await;
    let notes = orders.query(Order::partition("c-1").year(2024)).project::<OrderNote>().results();
    let notes = notes.try_collect().await.unwrap();
    let read = notes.iter().map(|note| note.as_ref().map(|note| note.number).map_err(number));
    let expected = expected().into_iter().map(|(number, read)| if read { Ok(number) } else { Err(number) });
    assert_eq!(Vec::from_iter(read), Vec::from_iter(expected));
    let of_index = shop.query(Order::by_status(crate::model::Status::Open)).project::<OrderNote>();
    let of_index = of_index.page_size(2).results().try_collect().await.unwrap();
    let unread = BTreeSet::from_iter(of_index.iter().filter_map(|note| note.as_ref().err()).map(number));
    assert_eq!((of_index.len(), unread), (22, BTreeSet::from([1, 3, 4, 10])));
    // The keys can be read.
    let keys = orders.query(Order::partition("c-1").year(2024)).keys().results().try_collect().await.unwrap();
    assert_eq!((keys.len(), keys.iter().filter(|key| key.is_ok()).count()), (10, 10));
}

#[tokio::test]
async fn scans_go_on_in_each_segment() {
    let (_, orders) = broken().await;
    let ok = 22 - 4;
    let count = |results: Vec<Result<Order, DecodeError>>| {
        (
            results.iter().filter(|item| item.is_ok()).count(),
            results.iter().filter(|item| item.is_err()).count(),
        )
    };
    assert_eq!(count(orders.scan().page_size(3).results().try_collect().await.unwrap()), (ok, 4));
    assert_eq!(count(orders.scan().results().parallel(3).try_collect().await.unwrap()), (ok, 4));
    for page_size in [1, 2, 100] {
        let scan = || orders.scan().page_size(page_size).parallel(3);
        let mut items = scan().items().unwrap();
        let (mut read, mut unread) = (0, 0);
        while let Some(item) = items.next().await {
            match item {
                Ok(_) => read += 1,
                Err(error) => {
                    assert_eq!(error.segments(), 3);
                    decode(error.error());
                    unread += 1;
                }
            }
        }
        let progress = items.progress();
        assert_eq!((read, unread, progress.failed, progress.done), (ok, 4, 0, 3), "{page_size}");
        assert!(items.cursor().is_at_end());
        // A run that ends at the first comes to all that is left again.
        let mut items = scan().items().unwrap();
        let mut before = 0;
        while items.next().await.unwrap().is_ok() {
            before += 1;
        }
        let mut rest = scan().start_after(items.cursor()).items().unwrap();
        let (mut read, mut unread) = (0, 0);
        while let Some(item) = rest.next().await {
            if item.is_ok() { read += 1 } else { unread += 1 }
        }
        assert_eq!((before + read, unread), (ok, 4), "{page_size}");
    }
}

#[tokio::test]
async fn collections_are_read_past_it_too() {
    let (shop, _) = broken().await;
    let mut stranger: Item = dynamap::entity::to_item(&order("c-1", 2024, 5)).unwrap();
    stranger.insert("sk".into(), AttributeValue::S("STRANGER".into()));
    stranger.insert("entity_type".into(), AttributeValue::S("Stranger".into()));
    shop.client().put_item().table_name("shop").set_item(Some(stranger)).send().await.unwrap();
    let query = || shop.query(CustomerItem::partition("c-1"));
    for page_size in [1, 4, 100] {
        let results = query().page_size(page_size).results().try_collect().await.unwrap();
        let read = results.iter().filter(|item| item.is_ok()).count();
        let unread: Vec<&DecodeError> = results.iter().filter_map(|item| item.as_ref().err()).collect();
        assert_eq!((read, unread.len()), (1 + 17, 3 + 1));
        let stranger = unread[3];
        assert_eq!(stranger.item_key().unwrap()["sk"], AttributeValue::S("STRANGER".into()));
        assert!(stranger.to_string().contains("item of the collection `CustomerItem`"), "{stranger}");
        let mut items = query().page_size(page_size).items();
        let (mut read, mut unread, mut strangers) = (0, 0, 0);
        while let Some(item) = items.next().await {
            match item {
                Ok(_) => read += 1,
                Err(Error::Decode(_)) => unread += 1,
                Err(Error::ItemCollection(_)) => strangers += 1,
                Err(other) => panic!("{other}"),
            }
        }
        assert_eq!((read, unread, strangers), (18, 3, 1), "{page_size}");
    }
}

#[tokio::test]
async fn a_batch_get_reports_it_by_its_key_alone() {
    let (shop, orders) = broken().await;
    let keys = || (1..=10).map(|number| Order::key("c-1", 2024, number));
    let error = orders.batch_get(keys()).send().await.unwrap_err();
    assert_eq!(number(decode(&error)), 3);
    let report = orders.batch_get(keys()).report().await.unwrap();
    let seen = report.into_iter().map(|result| match result {
        Ok(Fetched::Found(order)) => (order.number, true),
        Ok(Fetched::Absent { .. }) => panic!("it is there"),
        Err(unread) => match unread.reason() {
            dynamap::batch::Unread::Decode(error) => (number(error), false),
            other => panic!("{other}"),
        },
    });
    assert_eq!(Vec::from_iter(seen), expected());
    let mixed = shop.batch_get_mixed((keys(), [Customer::key("c-1")])).report().await.unwrap();
    assert_eq!(mixed.0.iter().filter(|order| order.is_ok()).count(), 7);
    assert!(matches!(&mixed.1[..], [Ok(Fetched::Found(_))]));
}
