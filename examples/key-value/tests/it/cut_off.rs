//! Writers that end in the middle: at each of their requests in turn.

use std::time::Duration;

use dynamap_local::faults::{Fault, When};
use key_value::{append, assoc, bassoc, collect, dissoc, get, multi_dissoc};

use crate::place::{Place, counts, entries, place, read, some_bytes};

/// The end of a writer.
#[derive(Debug, Clone, Copy, PartialEq)]
enum End {
    /// The request does not reach DynamoDB.
    Before,
    /// DynamoDB applies the request.
    After,
}

/// Runs a writer that ends with its first request, then with its second one, and so on until it reaches its end; `prepare`
/// makes the store that each of them finds.
async fn each(prepare: impl AsyncFn(&Place), write: impl AsyncFn(&Place), check: impl AsyncFn(&Place, bool)) {
    for end in [End::Before, End::After] {
        for requests in 0.. {
            let place = place().await;
            prepare(&place).await;
            let fault = if end == End::Before { Fault::HangBefore } else { Fault::HangAfter };
            place.faults.add(When::any().after(requests), fault);
            // The writer is dropped as it waits for the answer that does not come.
            let wrote = tokio::time::timeout(Duration::from_secs(2), write(&place)).await.is_ok();
            println!("{end:?} {requests}: {wrote}");
            check(&place, wrote).await;
            if wrote {
                assert!(requests > 1);
                break;
            }
        }
    }
}

/// Everything that a writer left is collected.
async fn collected(place: &Place) {
    collect(&place.store, Duration::ZERO).await.unwrap();
    assert!(!place.items().await.contains_key("Leftover"));
    assert_eq!(collect(&place.store, Duration::ZERO).await.unwrap(), 0);
}

fn old() -> Vec<u8> {
    some_bytes(350, 1)
}

fn new() -> Vec<u8> {
    some_bytes(550, 2)
}

#[tokio::test(start_paused = true)]
async fn half_a_binary_value_is_never_visible() {
    each(
        async |place| {
            bassoc(&place.store.clone().chunk_size(100), "file", &old()[..]).await.unwrap();
        },
        async |place| {
            bassoc(&place.store.clone().chunk_size(100), "file", &new()[..]).await.unwrap();
        },
        async |place, wrote| {
            let found = read(&place.store, "file").await.unwrap();
            assert!(found == new() || !wrote && found == old());
            collected(place).await;
            assert_eq!(read(&place.store, "file").await.unwrap(), found);
            let chunks = found.len().div_ceil(100);
            assert_eq!(place.items().await, counts([("Head", 1), ("Chunk", chunks)]));
        },
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_value_in_the_place_of_bytes_leaves_no_chunk() {
    each(
        async |place| {
            bassoc(&place.store.clone().chunk_size(100), "k", &old()[..]).await.unwrap();
        },
        async |place| {
            assoc(&place.store, "k", "value").await.unwrap();
        },
        async |place, wrote| {
            let value = get::<String>(&place.store, "k").await;
            collected(place).await;
            match value {
                Ok(value) => {
                    assert_eq!(value.as_deref(), Some("value"));
                    assert_eq!(place.items().await, counts([("Head", 1)]));
                }
                Err(_) => {
                    assert!(!wrote);
                    assert_eq!(read(&place.store, "k").await, Some(old()));
                    assert_eq!(place.items().await, counts([("Head", 1), ("Chunk", 4)]));
                }
            }
        },
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_removed_log_leaves_no_entry() {
    let prepare = async |place: &Place| {
        for number in 0..5 {
            append(&place.store, "k", &number).await.unwrap();
        }
    };
    let check = async |place: &Place, wrote: bool| {
        let found = entries::<u32>(&place.store, "k").await;
        collected(place).await;
        assert_eq!(entries::<u32>(&place.store, "k").await, found);
        match found.is_empty() {
            true => assert_eq!(place.items().await, counts([("Head", 1)])),
            false => {
                assert!(!wrote && found == [0, 1, 2, 3, 4]);
                assert_eq!(place.items().await, counts([("Head", 1), ("Entry", 4)]));
            }
        }
    };
    each(prepare, async |place| assert!(dissoc(&place.store, "k").await.unwrap()), check).await;
    let remove = async |place: &Place| assert!(multi_dissoc(&place.store, ["k"]).await.unwrap()["k"]);
    each(prepare, remove, check).await;
}

#[tokio::test(start_paused = true)]
async fn an_entry_is_appended_or_not() {
    each(
        async |place| {
            append(&place.store, "k", &1).await.unwrap();
        },
        async |place| {
            append(&place.store, "k", &2).await.unwrap();
        },
        async |place, wrote| {
            let found = entries::<u32>(&place.store, "k").await;
            assert!(found == [1, 2] || !wrote && found == [1], "{found:?}");
            append(&place.store, "k", &3).await.unwrap();
            assert_eq!(entries::<u32>(&place.store, "k").await.len(), found.len() + 1);
            collected(place).await;
        },
    )
    .await;
}
