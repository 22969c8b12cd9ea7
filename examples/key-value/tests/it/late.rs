//! Attempts that are late undo nothing.

use std::time::{Duration, SystemTime};

use dynamap_local::faults::{Fault, Wakes, When};
use key_value::{Store, append, assoc, bassoc, dissoc, exists, get, keys, multi_assoc};

use crate::place::{Place, counts, entries, place, read};
use futures_util::TryStreamExt;

const LATE: Wakes = Wakes::After(Duration::from_secs(60));

/// The first attempt to write the head arrives a minute later.
async fn with_late_head() -> Place {
    let place = place().await;
    place.faults.add(When::operation("PutItem").about("KEY#k"), Fault::Zombie(LATE));
    place
}

async fn later(place: &Place) {
    tokio::time::sleep(Duration::from_secs(120)).await;
    assert_eq!(place.faults.drain().await, 0, "it has come");
}

#[tokio::test(start_paused = true)]
async fn a_late_creation_does_not_bring_a_removed_key_back() {
    let place = with_late_head().await;
    assoc(&place.store, "k", &1).await.unwrap();
    assert!(dissoc(&place.client(), "k").await.unwrap());
    tokio::time::sleep(Duration::from_secs(120)).await;
    assert!(!exists(&place.store, "k").await.unwrap());
    later(&place).await;
}

#[tokio::test(start_paused = true)]
async fn a_late_write_does_not_undo_that_of_another_client() {
    let place = place().await;
    assoc(&place.store, "k", &0).await.unwrap();
    place.faults.add(When::operation("PutItem").about("KEY#k"), Fault::Zombie(LATE));
    assoc(&place.store, "k", &1).await.unwrap();
    assoc(&place.client(), "k", &2).await.unwrap();
    tokio::time::sleep(Duration::from_secs(120)).await;
    assert_eq!(get(&place.store, "k").await.unwrap(), Some(2));
    later(&place).await;
}

#[tokio::test(start_paused = true)]
async fn a_late_entry_is_not_appended_again() {
    let place = with_late_head().await;
    append(&place.store, "k", &1).await.unwrap();
    append(&place.client(), "k", &2).await.unwrap();
    tokio::time::sleep(Duration::from_secs(120)).await;
    assert_eq!(entries::<u32>(&place.store, "k").await, [1, 2]);
    later(&place).await;
}

#[tokio::test(start_paused = true)]
async fn late_bytes_do_not_come_back() {
    let place = with_late_head().await;
    bassoc(&place.store, "k", &b"old"[..]).await.unwrap();
    bassoc(&place.client(), "k", &b"new"[..]).await.unwrap();
    tokio::time::sleep(Duration::from_secs(120)).await;
    assert_eq!(read(&place.store, "k").await.as_deref(), Some(&b"new"[..]));
    assert_eq!(place.items().await, counts([("Head", 1), ("Chunk", 1)]));
}

#[tokio::test(start_paused = true)]
async fn a_late_transaction_undoes_nothing() {
    let place = place().await;
    place.faults.add(When::operation("TransactWriteItems"), Fault::Zombie(LATE));
    multi_assoc(&place.store, [("a", 1), ("b", 1)]).await.unwrap();
    assert!(dissoc(&place.client(), "a").await.unwrap());
    assoc(&place.client(), "b", &2).await.unwrap();
    tokio::time::sleep(Duration::from_secs(120)).await;
    assert!(!exists(&place.store, "a").await.unwrap());
    assert_eq!(get(&place.store, "b").await.unwrap(), Some(2));
}

#[tokio::test]
async fn what_remembers_a_removed_key_is_deleted_after_an_hour() {
    let place = place().await;
    assoc(&place.store, "k", &1).await.unwrap();
    assert!(dissoc(&place.store, "k").await.unwrap());
    assert_eq!(place.items().await, counts([("Head", 1)]));
    let hours = |count: u64| SystemTime::now() + Duration::from_secs(count * 3600 + 10);
    let store =
        |time: SystemTime| Store::new(place.local.client(), crate::place::TABLE).with_clock(move || time);
    // A client whose clock says that the hour is over writes over the item.
    let later = store(hours(1));
    assert!(!exists(&later, "k").await.unwrap());
    assert_eq!(keys(&later).try_collect::<Vec<_>>().await.unwrap(), []);
    assert!(!dissoc(&later, "k").await.unwrap());
    assoc(&later, "k", &2).await.unwrap();
    assert_eq!(get(&place.store, "k").await.unwrap(), Some(2));
}
