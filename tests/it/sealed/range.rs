//! Ranges that end at the current time, which is another one with each request.

use super::{Thing, assert_refused, sealer, stocked};
use dynamap::cursor::SealedCursor;
use dynamap::error::CursorRefusal;
use dynamap::key;
use std::ops::Bound::{Excluded, Included};

fn numbers(things: &[Thing]) -> Vec<u32> {
    things.iter().map(|thing| thing.number).collect()
}

#[tokio::test]
async fn later_pages_keep_the_range_of_the_first() {
    let (lists, requests) = stocked(60).await;
    let page = async |now: u32, cursor: Option<&SealedCursor>| {
        let query = lists.query(Thing::partition(1).shelf(0).number(..=now)).descending().limit(3);
        query.sealed(&sealer()).keep_range().at(cursor).await
    };
    let first = page(10, None).await.unwrap();
    assert_eq!(numbers(&first.items), [10, 9, 8]);
    let second = page(20, first.next_cursor()).await.unwrap();
    assert_eq!(numbers(&second.items), [7, 6, 5]);
    // The third page has it from the second.
    let third = page(5, second.next_cursor()).await.unwrap();
    assert_eq!(numbers(&third.items), [4, 3, 2]);
    let back = page(29, third.previous_cursor()).await.unwrap();
    let back = page(0, back.previous_cursor()).await.unwrap();
    assert_eq!((numbers(&back.items), back.page_info.has_previous_page), (vec![10, 9, 8], false));
    // The request has the range of the first page, too.
    let sent = requests.take();
    assert!(sent.iter().all(|request| request.body.to_string().contains("10")), "{sent:?}");
}

/// Both ends may move, as those of the last 30 days do.
#[tokio::test]
async fn both_bounds_are_kept() {
    let (lists, _) = stocked(60).await;
    let page = async |range: (u32, u32), cursor: Option<&SealedCursor>| {
        let range = (Excluded(range.0), Included(range.1));
        let query = lists.query(Thing::partition(1).shelf(1).number(range)).limit(4);
        query.sealed(&sealer()).keep_range().at(cursor).await
    };
    let first = page((3, 10), None).await.unwrap();
    let second = page((9, 29), first.next_cursor()).await.unwrap();
    assert_eq!(numbers(&first.items), [4, 5, 6, 7]);
    assert_eq!((numbers(&second.items), second.page_info.has_next_page), (vec![8, 9, 10], false));
}

#[tokio::test]
async fn all_but_the_bounds_stays_bound() {
    let (lists, requests) = stocked(60).await;
    let first =
        lists.query(Thing::partition(1).shelf(0).number(..=20)).limit(3).sealed(&sealer()).keep_range();
    let cursor = first.await.unwrap().page_info.end_cursor.unwrap();
    requests.clear();
    macro_rules! refuses {
        ($($condition:expr;)*) => { $(
            let pages = lists.query($condition).sealed(&sealer()).keep_range();
            assert_refused(pages.at(&cursor).await, CursorRefusal::OtherQuery);
        )* };
    }
    refuses! {
        Thing::partition(2).shelf(0).number(..=20);
        Thing::partition(1).shelf(1).number(..=20);
        Thing::partition(1).shelf(0).number(..);
        Thing::partition(1).shelf(0).number(5);
        Thing::partition(1).shelf(0).number(7..=20);
        Thing::partition(1).shelf(0).number(key::gt(7));
        Thing::partition(1).shelf(0);
        Thing::partition(1).shelf(0..=0);
        Thing::partition(1);
        Thing::by_weight(1).weight(..=20);
    }
    // Without `keep_range` a cursor is that of one range, and no cursor of the one is one of the other.
    let query = || lists.query(Thing::partition(1).shelf(0).number(..=20)).limit(3);
    assert_refused(query().sealed(&sealer()).at(&cursor).await, CursorRefusal::OtherQuery);
    assert!(requests.take().is_empty());
    let bound = query().sealed(&sealer()).await.unwrap().page_info.end_cursor;
    requests.clear();
    assert_refused(query().sealed(&sealer()).keep_range().at(bound.clone()).await, CursorRefusal::OtherQuery);
    let other = lists.query(Thing::partition(1).shelf(0).number(..=21)).sealed(&sealer());
    assert_refused(other.at(bound.clone()).await, CursorRefusal::OtherQuery);
    assert!(requests.take().is_empty());
    assert_eq!(query().sealed(&sealer()).at(bound).await.unwrap().items.len(), 3);
}

/// Ranges of an attribute of its own, ranges with one bound and with the operators of a first component.
#[tokio::test]
async fn every_form_of_a_range_is_kept() {
    let (lists, _) = stocked(40).await;
    macro_rules! keeps {
        ($($first:expr, $later:expr;)*) => { $(
            let pages = |condition| lists.query(condition).limit(2).sealed(&sealer()).keep_range();
            let all = lists.query($first).try_collect().await.unwrap();
            assert!(all.len() > 2);
            let (mut seen, mut page) = (Vec::new(), pages($first).await.unwrap());
            loop {
                let next = page.next_cursor().cloned();
                seen.append(&mut page.items);
                let Some(next) = next else { break };
                page = pages($later).at(next).await.unwrap();
            }
            assert_eq!(seen, all);
        )* };
    }
    keeps! {
        Thing::by_weight(1).weight(..=1), Thing::by_weight(1).weight(..=0);
        Thing::by_weight(1).weight(..2), Thing::by_weight(1).weight(..1);
        Thing::by_weight(1).weight(1..), Thing::by_weight(1).weight(2..);
        Thing::by_weight(1).weight(key::gt(0)), Thing::by_weight(1).weight(key::gt(1));
        Thing::by_weight(1).weight(1..=2), Thing::by_weight(1).weight(0..=1);
        Thing::by_weight(1), Thing::by_weight(1);
        Thing::by_weight(1).weight(1), Thing::by_weight(1).weight(1);
        Thing::by_colour(1).weight(..=1), Thing::by_colour(1).weight(..=2);
        Thing::by_colour(1).weight(1..), Thing::by_colour(1).weight(2..);
        Thing::partition(1).shelf(..=0), Thing::partition(1).shelf(..=1);
        Thing::partition(1).shelf(1..), Thing::partition(1).shelf(0..);
        Thing::partition(1).shelf(0).number(3..), Thing::partition(1).shelf(0).number(9..);
        Thing::partition(1).shelf(0).number(..9), Thing::partition(1).shelf(0).number(..4);
        Thing::partition(1).shelf(0).number(..), Thing::partition(1).shelf(0).number(..);
        Thing::partition(1), Thing::partition(1);
    }
}
