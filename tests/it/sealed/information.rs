//! Page information, what it costs, and items that cannot be read.

use super::{Note, Thing, assert_refused, sealer, stocked, thing};
use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::Error;
use dynamap::error::CursorRefusal;

#[tokio::test]
async fn it_has_the_names_of_graphql() {
    let (lists, _) = stocked(6).await;
    let page = lists.query(Thing::partition(1)).limit(2).sealed(&sealer()).await.unwrap();
    let info = serde_json::to_value(&page.page_info).unwrap();
    assert_eq!(info["hasNextPage"], true);
    assert_eq!(info["hasPreviousPage"], false);
    assert_eq!(info["endCursor"], page.page_info.end_cursor.as_ref().unwrap().as_str());
    assert_eq!(info["startCursor"], page.page_info.start_cursor.as_ref().unwrap().as_str());
    assert_eq!(info.as_object().unwrap().len(), 4);
    let keys =
        lists.query(Thing::partition(1)).project::<super::Weight>().limit(2).sealed(&sealer()).await.unwrap();
    let edges = keys.into_edges().unwrap();
    assert_eq!(edges[1].node.number, 1);
    let text: dynamap::cursor::SealedCursor =
        serde_json::from_value(serde_json::to_value(&edges[0].cursor).unwrap()).unwrap();
    let page = lists.query(Thing::partition(1)).limit(9).sealed(&sealer()).after(text).await.unwrap();
    assert_eq!(page.items.len(), 5);
}

/// One item more is read, by the same request.
#[tokio::test]
async fn the_next_page_costs_one_item() {
    let (lists, requests) = stocked(6).await;
    let pages = |limit| lists.query(Thing::partition(1)).limit(limit).sealed(&sealer());
    for (limit, has_next) in [(5, true), (6, false), (7, false)] {
        let page = pages(limit).await.unwrap();
        assert_eq!((page.items.len(), page.page_info.has_next_page), (limit.min(6), has_next));
        let sent = requests.take();
        assert_eq!((sent.len(), &sent[0].body["Limit"]), (1, &serde_json::json!(limit + 1)));
    }
    let explained = pages(5).explain().unwrap().to_string();
    assert!(explained.contains("\"Limit\": 6"), "{explained}");
    assert_eq!(pages(5).into_sdk().unwrap().get_limit(), &Some(6));
}

#[tokio::test]
async fn without_a_limit_a_page_is_that_of_a_request() {
    let (lists, requests) = stocked(7).await;
    // Notes come first, of which one request reads nothing else.
    let notes = (0..3).map(|number| Note { list: 1, shelf: 0, number });
    lists.repository::<Note>().batch_write().put_all(notes).send().await.unwrap();
    requests.clear();
    let pages = || lists.query(Thing::partition(1)).page_size(2).sealed(&sealer());
    let (mut seen, mut page) = (0, pages().await.unwrap());
    assert!(!page.items.is_empty() && page.page_info.has_next_page);
    loop {
        seen += page.items.len();
        let Some(next) = page.next_cursor() else { break };
        page = pages().at(next).await.unwrap();
        assert!(!page.items.is_empty());
    }
    assert_eq!(seen, 7);
    assert!(requests.take().len() > 5);
    let all = lists.query(Thing::partition(1)).sealed(&sealer()).await.unwrap();
    assert_eq!((all.items.len(), all.skipped, all.page_info.has_next_page), (7, 3, false));
    assert_eq!(requests.take().len(), 1);
}

/// A page of no items says if there are any, and its cursor stays where it is.
#[tokio::test]
async fn a_limit_of_nothing_stays_where_it_is() {
    let (lists, _) = stocked(6).await;
    let pages = |limit| lists.query(Thing::partition(1)).limit(limit).sealed(&sealer());
    let first = pages(2).await.unwrap();
    let nothing = pages(0).at(first.next_cursor()).await.unwrap();
    assert!(nothing.items.is_empty() && nothing.page_info.has_next_page);
    let after = pages(2).at(nothing.next_cursor()).await.unwrap();
    assert_eq!(after.items, pages(2).at(first.next_cursor()).await.unwrap().items);
    let start = pages(0).await.unwrap();
    assert_eq!(pages(2).at(start.next_cursor()).await.unwrap().items, first.items);
    let empty = lists.query(Thing::partition(9)).limit(0).sealed(&sealer()).await.unwrap();
    assert_eq!((empty.page_info.has_next_page, empty.next_cursor()), (false, None));
}

/// The item of a cursor may be gone, and so may all items beside it.
#[tokio::test]
async fn items_that_were_deleted_leave_their_places() {
    let (lists, _) = stocked(12).await;
    let pages = |limit| lists.query(Thing::partition(1).shelf(0)).limit(limit).sealed(&sealer());
    let first = pages(3).await.unwrap();
    let second = pages(3).at(first.next_cursor()).await.unwrap();
    for number in 0..4 {
        lists.delete(Thing::key(1, 0, number)).send().await.unwrap();
    }
    // Nothing is before number 3 any more: the page is empty, and the one after it is the first.
    let none = pages(3).at(second.previous_cursor()).await.unwrap();
    assert!(none.items.is_empty());
    assert_eq!((none.page_info.has_previous_page, none.page_info.has_next_page), (false, true));
    assert_eq!(none.page_info.start_cursor, None);
    let start = pages(3).at(none.next_cursor()).await.unwrap();
    assert_eq!(start.items, [thing(1, 0, 4), thing(1, 0, 5)]);
    // And after it nothing is left, either.
    let after = pages(3).at(second.page_info.end_cursor).await.unwrap();
    assert_eq!((after.items, after.page_info.has_next_page), (Vec::new(), false));
}

#[tokio::test]
async fn the_units_and_the_rest_are_those_of_all_requests() {
    let (lists, requests) = stocked(8).await;
    let meter = dynamap::capacity::Meter::new();
    let lists = lists.with_meter(&meter);
    let pages = lists.query(Thing::partition(1)).page_size(2).limit(5).sealed(&sealer());
    let page = pages.await.unwrap();
    assert_eq!(requests.take().len(), 3);
    assert_eq!(page.consumed, Some(meter.consumed()));
    assert!(format!("{page:?}").contains("has_next_page: true"));
    assert!(!format!("{page:?}").contains("number"));
}

/// Items of an older form.
#[tokio::test]
async fn an_item_that_cannot_be_read_is_an_error_of_its_page() {
    let (lists, _) = stocked(12).await;
    let stored =
        lists.query(Thing::partition(1).shelf(0).number(3)).into_sdk().unwrap().send().await.unwrap();
    let mut item = stored.items.unwrap().remove(0);
    item.insert("colour".to_owned(), AttributeValue::S("red".into()));
    lists.client().put_item().table_name("lists").set_item(Some(item)).send().await.unwrap();
    let pages = |limit| lists.query(Thing::partition(1).shelf(0)).limit(limit).sealed(&sealer());
    // The items before it are a page, and it is known that there is one more.
    let before = pages(3).await.unwrap();
    assert_eq!((before.items.len(), before.page_info.has_next_page), (3, true));
    assert!(matches!(pages(4).await, Err(Error::Decode(_))));
    assert!(matches!(pages(3).at(before.next_cursor()).await, Err(Error::Decode(_))));
    let backward = pages(2).from_end().await.unwrap();
    assert!(backward.page_info.has_previous_page);
    assert!(matches!(pages(1).at(backward.previous_cursor()).await, Err(Error::Decode(_))));
    // Each as a result, the page goes on.
    let results = || lists.query(Thing::partition(1).shelf(0)).limit(2).results().sealed(&sealer());
    let page = results().after(before.page_info.end_cursor.clone()).await.unwrap();
    assert!(page.items[0].is_err() && page.items[1].is_ok());
    let again = results().before(page.cursor(1).unwrap()).await.unwrap();
    assert!(again.items[0].is_ok() && again.items[1].is_err());
    assert_refused(
        lists.query(Thing::partition(2)).sealed(&sealer()).at(page.next_cursor()).await,
        CursorRefusal::OtherQuery,
    );
}
