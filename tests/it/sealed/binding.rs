//! A cursor of another request, principal, key or time is refused, before any request.

use super::{ListItem, Thing, assert_refused, lists, sealer, stocked, thing};
use dynamap::cursor::{CursorKey, CursorSealer, SealedCursor};
use dynamap::error::{CursorError, CursorRefusal};
use dynamap::{Cursor, Error};

/// The cursor of the third thing of shelf 0, for `me`.
async fn cursor(lists: &dynamap::Table<super::Lists>) -> SealedCursor {
    let query = lists.query(Thing::partition(1).shelf(0)).filter(Thing::WEIGHT.ge(0)).limit(3);
    let page = query.sealed(&sealer()).principal("me").await.unwrap();
    page.page_info.end_cursor.unwrap()
}

#[tokio::test]
async fn of_another_request() {
    let (lists, requests) = stocked(20).await;
    let cursor = cursor(&lists).await;
    let other_table = dynamap::Table::<super::Lists>::new(super::Local::memory().unwrap().client(), "other");
    requests.clear();
    let refuse = CursorRefusal::OtherQuery;
    let (weight, sealer) = (|weight: u8| Thing::WEIGHT.ge(weight), sealer());
    let query = || lists.query(Thing::partition(1).shelf(0)).filter(weight(0));
    macro_rules! refuses {
        ($($request:expr;)*) => { $(
            assert_refused($request.sealed(&sealer).principal("me").after(&cursor).await, refuse);
            assert_refused($request.sealed(&sealer).principal("me").at(&cursor).await, refuse);
        )* };
    }
    macro_rules! refuses_before {
        ($($request:expr;)*) => { $(
            assert_refused($request.sealed(&sealer).principal("me").before(&cursor).await, refuse);
        )* };
    }
    refuses! {
        lists.query(Thing::partition(2).shelf(0)).filter(weight(0));
        lists.query(Thing::partition(1).shelf(1)).filter(weight(0));
        lists.query(Thing::partition(1)).filter(weight(0));
        lists.query(Thing::partition(1).shelf(0..=0)).filter(weight(0));
        lists.query(Thing::partition(1).shelf(0).number(..9)).filter(weight(0));
        lists.query(Thing::partition(1).shelf(0)).filter(weight(1));
        lists.query(Thing::partition(1).shelf(0)).filter(Thing::COLOUR.ge(0));
        lists.query(Thing::partition(1).shelf(0)).filter(Thing::WEIGHT.gt(0));
        lists.query(Thing::partition(1).shelf(0));
        query().filter(weight(0));
        query().descending();
        lists.query(Thing::by_weight(1)).filter(Thing::COLOUR.ge(0));
        lists.query(Thing::by_colour(1));
        lists.query(ListItem::partition(1));
        other_table.query(Thing::partition(1).shelf(0)).filter(weight(0));
        lists.scan::<Thing>().filter(weight(0));
        lists.scan::<Thing>();
    }
    refuses_before! {
        lists.query(Thing::partition(2).shelf(0)).filter(weight(0));
        query().descending();
    }
    // Of another principal, or of none.
    let pages = || query().sealed(&sealer);
    for principal in ["you", "", "m", "me\0", "ME"] {
        assert_refused(pages().principal(principal).after(&cursor).await, refuse);
    }
    assert_refused(pages().after(&cursor).await, refuse);
    // Neither `into_sdk` nor `explain` makes a request of it.
    assert_refused(pages().after(&cursor).into_sdk(), refuse);
    assert_refused(pages().after(&cursor).explain(), refuse);
    assert!(requests.take().is_empty());
    // The limit and what is read of the items may differ.
    let page = query().limit(1).keys().sealed(&sealer).principal("me").after(&cursor).await.unwrap();
    assert_eq!((page.items.len(), requests.take().len()), (1, 1));
}

#[tokio::test]
async fn a_cursor_without_principal_is_not_that_of_an_empty_one() {
    let (lists, _) = stocked(9).await;
    let pages = || lists.query(Thing::partition(1)).limit(2).sealed(&sealer());
    let cursor = pages().await.unwrap().page_info.end_cursor;
    assert_refused(pages().principal("").after(cursor.clone()).await, CursorRefusal::OtherQuery);
    assert_eq!(pages().after(cursor).await.unwrap().items.len(), 2);
}

#[tokio::test]
async fn of_another_kind_of_request() {
    let (lists, requests) = stocked(9).await;
    // All items of the table, by a query and by a scan.
    let of_query = lists.query(Thing::partition(1)).limit(2).sealed(&sealer()).await.unwrap();
    let of_scan = lists.scan::<Thing>().limit(2).sealed(&sealer()).await.unwrap();
    requests.clear();
    let query = lists.query(Thing::partition(1)).sealed(&sealer()).after(of_scan.next_cursor());
    assert_refused(query.await, CursorRefusal::OtherQuery);
    let scan = lists.scan::<Thing>().sealed(&sealer()).after(of_query.next_cursor());
    assert_refused(scan.await, CursorRefusal::OtherQuery);
    // Of the same items, by an index.
    let query = lists.query(Thing::by_weight(1)).sealed(&sealer()).after(of_query.next_cursor());
    assert_refused(query.await, CursorRefusal::OtherQuery);
    let scan =
        lists.scan::<Thing>().index::<super::ByWeight>().sealed(&sealer()).after(of_scan.next_cursor());
    assert_refused(scan.await, CursorRefusal::OtherQuery);
    // The first item of a scan has a cursor, but no page before it.
    let start = of_scan.page_info.start_cursor.as_ref();
    assert_refused(lists.scan::<Thing>().sealed(&sealer()).at(start).await, CursorRefusal::OtherQuery);
    assert!(requests.take().is_empty());
    let after_first = lists.scan::<Thing>().limit(1).sealed(&sealer()).after(start).await.unwrap();
    assert_eq!(after_first.items[..], of_scan.items[1..]);
}

/// Plain cursors and sealed ones do not pass for each other.
#[tokio::test]
async fn of_another_form() {
    let (lists, requests) = stocked(9).await;
    let query = || lists.query(Thing::partition(1)).limit(2);
    let plain = query().await.unwrap().cursor.unwrap();
    let sealed = query().sealed(&sealer()).await.unwrap().page_info.end_cursor.unwrap();
    requests.clear();
    assert_refused(query().sealed(&sealer()).at(plain.to_string()).await, CursorRefusal::Malformed);
    assert_eq!(sealed.as_str().parse::<Cursor>(), Err(CursorError::Version));
    let both = query().start_after(plain.clone()).sealed(&sealer()).await;
    assert!(matches!(both, Err(Error::Cursor(CursorError::TwoPlaces))), "{both:?}");
    let scan = lists.scan::<Thing>().start_after(plain).sealed(&sealer()).await;
    assert!(matches!(scan, Err(Error::Cursor(CursorError::TwoPlaces))), "{scan:?}");
    let two = [
        query().sealed(&sealer()).after(&sealed).before(&sealed),
        query().sealed(&sealer()).before(&sealed).after(&sealed),
        query().sealed(&sealer()).at(&sealed).from_end(),
        query().sealed(&sealer()).after(&sealed).after(&sealed),
    ];
    for pages in two {
        let page = pages.await;
        assert!(matches!(page, Err(Error::Cursor(CursorError::TwoPlaces))), "{page:?}");
    }
    // A cursor that is no text of one stays the error, whatever comes then.
    let long = "A".repeat(200_000);
    assert_refused(query().sealed(&sealer()).after(&long).before(&sealed).await, CursorRefusal::Malformed);
    assert!(requests.take().is_empty());
    let none = query().sealed(&sealer()).after(&sealed).before(None::<&str>).await.unwrap();
    assert_eq!(none.items[0], thing(1, 0, 2));
}

#[tokio::test]
async fn no_key_text_is_visible() {
    let (lists, _) = lists().await;
    let shelf = lists.repository::<super::Note>();
    shelf
        .batch_write()
        .put_all((0..60).map(|number| super::Note { list: 77, shelf: 7, number }))
        .send()
        .await
        .unwrap();
    let page = lists
        .query(super::Note::partition(77))
        .limit(50)
        .sealed(&sealer())
        .principal("secret")
        .await
        .unwrap();
    let mut texts = Vec::new();
    texts.extend(page.next_cursor().map(ToString::to_string));
    texts.extend(page.into_edges().unwrap().iter().map(|edge| edge.cursor.to_string()));
    assert_eq!(texts.len(), 51);
    for text in &texts {
        let bytes = base64_simd::URL_SAFE_NO_PAD.decode_to_vec(text).unwrap();
        for part in ["LIST#77", "NOTE", "pk", "sk", "secret", "\"S\"", "7#"] {
            let is_in = |text: &[u8]| text.windows(part.len()).any(|window| window == part.as_bytes());
            // Of two bytes, one by chance in a thousand tokens; of more, none.
            assert!(!is_in(&bytes) || part.len() == 2, "{part}");
        }
    }
    // Not even which places are equal.
    let first = |texts: &[String]| {
        texts.iter().map(|text| text[10..40].to_owned()).collect::<std::collections::BTreeSet<_>>()
    };
    assert_eq!(first(&texts).len(), 51);
}

#[tokio::test]
async fn a_made_up_key_is_refused() {
    let (lists, requests) = stocked(9).await;
    let cursor = cursor(&lists).await;
    let other = CursorSealer::new(CursorKey::random().unwrap());
    requests.clear();
    let query = lists.query(Thing::partition(1).shelf(0)).filter(Thing::WEIGHT.ge(0));
    assert_refused(query.sealed(&other).principal("me").at(cursor).await, CursorRefusal::UnknownKey);
    assert!(requests.take().is_empty());
}
