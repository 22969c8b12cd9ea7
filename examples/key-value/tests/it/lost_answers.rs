//! Writes whose answers are lost: each is done once, and told to be done.

use dynamap_local::faults::{Fault, When};
use key_value::{append, assoc, bassoc, dissoc, get, get_in, multi_assoc, multi_dissoc, update_in};

use crate::place::{Place, TABLE, counts, entries, place, read, some_bytes};

/// One attempt is not answered; the next one is.
fn faults() -> [Fault; 8] {
    [
        Fault::DropBefore,
        Fault::DropAfter,
        Fault::ErrorBefore,
        Fault::ErrorAfter,
        Fault::Truncated(0),
        Fault::Corrupted(1),
        Fault::Emptied,
        Fault::ProxyAfter(502),
    ]
}

const OPERATIONS: [&str; 5] = ["PutItem", "UpdateItem", "GetItem", "DeleteItem", "TransactWriteItems"];

/// All pairs of an operation and a fault of it.
async fn each(mut test: impl AsyncFnMut(&Place, u32)) {
    let place = place().await;
    let mut number = 0;
    for operation in OPERATIONS {
        for fault in faults() {
            number += 1;
            place.faults.add(When::operation(operation), fault.clone());
            println!("{operation}, {fault:?}");
            test(&place, number).await;
        }
    }
    place.assert_legal();
}

#[tokio::test(start_paused = true)]
async fn an_entry_is_appended_once() {
    each(async |place, number| {
        append(&place.store, "log", &number).await.unwrap();
        assert_eq!(entries::<u32>(&place.store, "log").await, (1..=number).collect::<Vec<_>>());
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn an_increment_is_counted_once() {
    each(async |place, number| {
        let plus = |n: Option<u32>| Ok(n.unwrap_or(0) + 1);
        let change = update_in(&place.store, "k", ["count"], plus).await.unwrap();
        assert_eq!(get_in(&place.store, "k", ["count"]).await.unwrap(), Some(number));
        let meta = key_value::meta(&place.store, "k").await.unwrap().unwrap();
        assert_eq!(meta.revision, change.revision, "the revision that the caller is told");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn values_are_written_together_once() {
    each(async |place, number| {
        let revisions = multi_assoc(&place.store, [("a", number), ("b", number)]).await.unwrap();
        for key in ["a", "b"] {
            assert_eq!(get(&place.store, key).await.unwrap(), Some(number));
            let meta = key_value::meta(&place.store, key).await.unwrap().unwrap();
            assert_eq!(Some(&meta.revision), revisions.get(key));
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn bytes_are_written_whole_and_nothing_is_left() {
    each(async |place, number| {
        let store = place.store.clone().chunk_size(100);
        let bytes = some_bytes(450, u64::from(number));
        bassoc(&store, "file", &bytes[..]).await.unwrap();
        assert_eq!(read(&store, "file").await, Some(bytes));
        assert_eq!(place.items().await, counts([("Head", 1), ("Chunk", 5)]));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_removal_is_told_though_its_answer_is_lost() {
    each(async |place, number| {
        assoc(&place.store, "k", &number).await.unwrap();
        place.faults.add(When::operation("PutItem"), Fault::DropAfter);
        assert!(dissoc(&place.store, "k").await.unwrap());
        assert!(!dissoc(&place.store, "k").await.unwrap());
        assoc(&place.store, "k", &number).await.unwrap();
        place.faults.add(When::operation("TransactWriteItems"), Fault::DropAfter);
        let told = multi_dissoc(&place.store, ["k", "l"]).await.unwrap();
        assert_eq!(told, [("k".to_owned(), true), ("l".to_owned(), false)].into());
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn where_no_answer_comes_the_outcome_is_unknown_or_nothing_was_done() {
    for fault in [Fault::DropBefore, Fault::DropAfter, Fault::HangAfter] {
        let place = place().await;
        append(&place.store, "log", &1).await.unwrap();
        place.faults.add(When::operation("PutItem").about("KEY#log").always(), fault.clone());
        let outcome = append(&place.store, "log", &2).await.map(drop);
        assert!(
            matches!(&outcome, Err(key_value::StoreError::Table(dynamap::Error::Unknown(_)))),
            "{outcome:?}"
        );
        place.faults.stop();
        let was_applied = fault != Fault::DropBefore;
        let expected: &[u32] = if was_applied { &[1, 2] } else { &[1] };
        assert_eq!(entries::<u32>(&place.store, "log").await, expected, "{fault:?}");
        append(&place.store, "log", &3).await.unwrap();
        assert_eq!(entries::<u32>(&place.store, "log").await.last(), Some(&3));
        let table = place.local.client().describe_table().table_name(TABLE).send().await;
        assert!(table.is_ok());
    }
}
