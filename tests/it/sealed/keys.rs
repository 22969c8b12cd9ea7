//! Keys that are replaced, and cursors that expire.

use super::{Thing, assert_refused, sealer, stocked};
use dynamap::cursor::{CursorKey, CursorSealer, SealedCursor};
use dynamap::error::CursorRefusal;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

fn key(number: u8) -> CursorKey {
    CursorKey::from_bytes([number; 32])
}

#[tokio::test]
async fn a_key_is_replaced_while_cursors_are_held() {
    let (lists, requests) = stocked(20).await;
    let page = async |sealer: &CursorSealer, cursor: Option<&SealedCursor>| {
        lists.query(Thing::partition(1)).limit(4).sealed(sealer).at(cursor).await
    };
    // One key; the next one is accepted; it seals; the old one is removed.
    let (one, ready) = (CursorSealer::new(key(1)), CursorSealer::new(key(1)).accept(key(2)));
    let (turned, done) = (CursorSealer::new(key(2)).accept(key(1)), CursorSealer::new(key(2)));
    let first = page(&one, None).await.unwrap();
    // A server that is ahead, and one that is behind, open each other's cursors.
    let second = page(&ready, first.next_cursor()).await.unwrap();
    let third = page(&turned, second.next_cursor()).await.unwrap();
    let back = page(&ready, third.previous_cursor()).await.unwrap();
    assert_eq!(back.items, second.items);
    assert!(page(&turned, back.next_cursor()).await.is_ok());
    assert!(page(&done, third.next_cursor()).await.is_ok());
    requests.clear();
    assert_refused(page(&one, third.next_cursor()).await, CursorRefusal::UnknownKey);
    assert_refused(page(&done, second.next_cursor()).await, CursorRefusal::UnknownKey);
    assert!(requests.take().is_empty());
}

#[tokio::test]
async fn a_cursor_expires_by_the_clock_of_the_table() {
    let (lists, requests) = stocked(20).await;
    let clock = Arc::new(Mutex::new(1_800_000_000));
    let now = clock.clone();
    let lists = lists.with_clock(move || UNIX_EPOCH + Duration::from_secs(*now.lock().unwrap()));
    let page = async |lifetime: Option<u64>, cursor: Option<&SealedCursor>| {
        let sealer = match lifetime {
            Some(seconds) => sealer().lifetime(Duration::from_secs(seconds)),
            None => sealer(),
        };
        lists.query(Thing::partition(1)).limit(4).sealed(&sealer).at(cursor).await
    };
    let at = |seconds: u64| *clock.lock().unwrap() = 1_800_000_000 + seconds;
    let (minute, day) = (page(Some(60), None).await.unwrap(), page(None, None).await.unwrap());
    let forever = page(Some(u64::MAX), None).await.unwrap();
    at(59);
    let next = page(Some(60), minute.next_cursor()).await.unwrap();
    at(60);
    requests.clear();
    // The lifetime is that of the cursor, not that of the sealer that opens it.
    assert_refused(page(Some(3600), minute.next_cursor()).await, CursorRefusal::Expired);
    assert!(requests.take().is_empty());
    assert!(page(Some(60), next.next_cursor()).await.is_ok());
    at(24 * 60 * 60 - 1);
    assert!(page(None, day.next_cursor()).await.is_ok());
    at(24 * 60 * 60);
    assert_refused(page(None, day.next_cursor()).await, CursorRefusal::Expired);
    at(1_000_000_000_000);
    assert!(page(None, forever.next_cursor()).await.is_ok());
    // A request of another kind is told first: it would be refused at any time.
    let other = lists.query(Thing::partition(2)).sealed(&sealer()).at(day.next_cursor()).await;
    assert_refused(other, CursorRefusal::OtherQuery);
    assert!(SystemTime::now() > UNIX_EPOCH);
}

#[tokio::test]
async fn no_two_texts_are_equal() {
    let (lists, _) = stocked(8).await;
    let page = lists.query(Thing::partition(1)).limit(2).sealed(&sealer()).await.unwrap();
    let texts: BTreeSet<String> = (0..200).map(|_| page.cursor(0).unwrap().unwrap().to_string()).collect();
    assert_eq!(texts.len(), 200);
    assert_eq!(page.cursor(2).unwrap(), None);
    for text in texts {
        let page = lists.query(Thing::partition(1)).limit(1).sealed(&sealer()).after(text).await.unwrap();
        assert_eq!(page.items.len(), 1);
    }
}

#[test]
fn a_key_is_read_from_either_alphabet() {
    let bytes: [u8; 32] = std::array::from_fn(|index| (251 - index * 5) as u8);
    let standard = base64_simd::STANDARD.encode_to_string(bytes);
    assert!(standard.contains('+') || standard.contains('/'), "{standard}");
    let url = base64_simd::URL_SAFE_NO_PAD.encode_to_string(bytes);
    for text in [&standard, &url, &format!(" {standard}\n"), &format!("{url}=")] {
        assert!(text.parse::<CursorKey>().is_ok(), "{text}");
    }
    for text in ["", "=", &standard[1..], &url[4..], &"A".repeat(44), &format!("{url}A"), &"é".repeat(22)] {
        let error = text.parse::<CursorKey>().unwrap_err().to_string();
        assert_eq!(error, "a cursor key is 32 bytes, as base64");
    }
}
