//! What users of the original reported, and the test of each that is not a case of the suite.

use std::sync::{
    Mutex,
    atomic::{AtomicBool, Ordering},
};

use dynamap_local::{
    Local, Request, SharedTransport, Transport, TransportFuture,
    faults::{Fault, When},
};
use futures_util::{FutureExt, future::BoxFuture};
use key_value::{
    Creation, Store, StoreError, Target, append, assoc, bassoc, connect, dissoc, get, log, update, update_in,
};
use serde_json::Value;

use crate::place::{Place, TABLE, counts, entries, place};

/// Lets another client do something once, before a write.
struct Between {
    inner: SharedTransport,
    /// The operation of the write, and what is in it.
    write: (&'static str, &'static str),
    other: Mutex<Option<BoxFuture<'static, ()>>>,
}

impl std::fmt::Debug for Between {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Between").finish_non_exhaustive()
    }
}

impl Transport for Between {
    fn call(&self, request: Request) -> TransportFuture<'_> {
        let (operation, about) = self.write;
        let is_write =
            request.operation == operation && String::from_utf8_lossy(&request.body).contains(about);
        let other = if is_write { self.other.lock().unwrap().take() } else { None };
        Box::pin(async move {
            if let Some(other) = other {
                other.await;
            }
            self.inner.call(request).await
        })
    }
}

/// The write of the head of `k`.
const HEAD: (&str, &str) = ("PutItem", "KEY#k");

/// A store in which another client does something before a write, after what was read for it.
fn interrupted<F: Future<Output = ()> + Send + 'static>(
    place: &Place,
    write: (&'static str, &'static str),
    other: impl FnOnce(Store) -> F,
) -> Store {
    let other = Mutex::new(Some(other(place.client()).boxed()));
    let local = place.local.wrap(|inner| Between { inner, write, other });
    Store::new(local.client(), TABLE).consistent_reads()
}

/// A store with a value, which another client writes in between.
async fn overtaken() -> Store {
    let place = place().await;
    assoc(&place.store, "k", "first").await.unwrap();
    interrupted(&place, HEAD, |other| async move { assoc(&other, "k", "other").await.map(drop).unwrap() })
}

#[tokio::test]
async fn a_fence_holds_between_the_read_and_the_write() {
    let store = overtaken().await;
    let seen = key_value::meta(&store, "k").await.unwrap().unwrap().revision;
    let runs = AtomicBool::new(false);
    let outcome = update(&store, Target::at("k", seen), |_: Option<String>| {
        assert!(!runs.swap(true, Ordering::Relaxed), "the function runs once");
        Ok("mine")
    });
    let outcome = outcome.await;
    assert!(matches!(outcome, Err(StoreError::RevisionMismatch { .. })), "{outcome:?}");
    assert_eq!(get(&store, "k").await.unwrap(), Some("other".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_function_sees_what_another_client_wrote_in_between() {
    let store = overtaken().await;
    let more = |old: Option<String>| Ok(old.unwrap_or_default() + " and mine");
    let change = update(&store, "k", more).await.unwrap();
    assert_eq!(change.before::<String>().unwrap().as_deref(), Some("other"));
    assert_eq!(get(&store, "k").await.unwrap(), Some("other and mine".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn an_entry_does_not_go_into_a_log_that_was_removed() {
    for write in [HEAD, ("PutItem", "ENTRY#")] {
        let place = place().await;
        for number in 1..=3 {
            append(&place.store, "k", &number).await.unwrap();
        }
        let remove = |other| async move { assert!(dissoc(&other, "k").await.unwrap()) };
        let store = interrupted(&place, write, remove);
        append(&store, "k", &4).await.unwrap();
        assert_eq!(entries::<u32>(&store, "k").await, [4]);
        // The entry that was the last one became an item for nothing, and is deleted.
        assert_eq!(place.items().await, counts([("Head", 1)]));
    }
}

#[tokio::test(start_paused = true)]
async fn a_key_that_appears_is_removed_with_the_others() {
    for was_removed in [false, true] {
        let place = place().await;
        assoc(&place.store, "a", &1).await.unwrap();
        if was_removed {
            assoc(&place.store, "k", &1).await.unwrap();
            dissoc(&place.store, "k").await.unwrap();
        }
        let create = |other| async move { assoc(&other, "k", &2).await.map(drop).unwrap() };
        let store = interrupted(&place, ("TransactWriteItems", "KEY#k"), create);
        let told = key_value::multi_dissoc(&store, ["a", "k"]).await.unwrap();
        assert_eq!(told, [("a".to_owned(), true), ("k".to_owned(), true)].into());
        assert!(!key_value::exists(&store, "k").await.unwrap());
    }
}

#[tokio::test(start_paused = true)]
async fn a_value_does_not_keep_the_chunks_of_another_client() {
    let place = place().await;
    bassoc(&place.store, "k", &b"first"[..]).await.unwrap();
    let store = interrupted(&place, HEAD, |other| async move {
        bassoc(&other, "k", &b"other"[..]).await.map(drop).unwrap()
    });
    assoc(&store, "k", "mine").await.unwrap();
    assert_eq!(get(&store, "k").await.unwrap(), Some("mine".to_owned()));
    assert_eq!(place.items().await, counts([("Head", 1)]));
}

#[tokio::test(start_paused = true)]
async fn several_values_are_not_written_over_that_of_another_client() {
    let place = place().await;
    let seen = assoc(&place.store, "k", "first").await.unwrap();
    // The transaction is the write here: the other client has its turn before the first of two.
    let other = place.client();
    place.faults.add(When::operation("TransactWriteItems"), Fault::TransactionConflict);
    let write =
        key_value::multi_assoc(&place.store, [(Target::at("k", seen), "mine"), (Target::from("l"), "mine")]);
    let (outcome, _) = tokio::join!(write, async {
        // It waits for its next attempt.
        tokio::time::sleep(std::time::Duration::from_micros(1)).await;
        assoc(&other, "k", "other").await.unwrap()
    });
    assert!(matches!(outcome, Err(StoreError::RevisionMismatch { .. })), "{outcome:?}");
    assert_eq!(get(&place.store, "k").await.unwrap(), Some("other".to_owned()));
    assert!(!key_value::exists(&place.store, "l").await.unwrap());
}

#[tokio::test(start_paused = true)]
async fn errors_of_requests_are_told() {
    let place = place().await;
    assoc(&place.store, "k", &1).await.unwrap();
    let denied = || Fault::Error(400, "AccessDeniedException".to_owned());
    place.faults.add(When::any().always(), denied());
    let store = &place.store;
    let log_outcome = futures_util::TryStreamExt::try_collect::<Vec<Value>>(log(store, "k")).await.map(drop);
    let keys_outcome =
        futures_util::TryStreamExt::try_collect::<Vec<_>>(key_value::keys(store)).await.map(drop);
    for outcome in [
        get::<Value>(store, "k").await.map(drop),
        assoc(store, "k", &1).await.map(drop),
        update_in(store, "k", ["a"], |_: Option<i32>| Ok(1)).await.map(drop),
        dissoc(store, "k").await.map(drop),
        append(store, "l", &1).await.map(drop),
        bassoc(store, "b", &b"1"[..]).await.map(drop),
        key_value::bget(store, "b").await.map(drop),
        key_value::exists(store, "k").await.map(drop),
        key_value::meta(store, "k").await.map(drop),
        key_value::multi_get::<Value>(store, ["k"]).await.map(drop),
        key_value::multi_assoc(store, [("k", 1)]).await.map(drop),
        key_value::multi_dissoc(store, ["k"]).await.map(drop),
        key_value::collect(store, std::time::Duration::ZERO).await.map(drop),
        key_value::delete_store(store).await.map(drop),
        log_outcome,
        keys_outcome,
    ] {
        assert!(matches!(outcome, Err(StoreError::Table(_) | StoreError::NotDeleted(_))), "{outcome:?}");
    }
}

#[tokio::test]
async fn a_write_of_a_value_is_two_requests() {
    let (local, requests) = Local::memory().unwrap().recording();
    let store = Store::new(local.client(), TABLE);
    connect(&store, Creation::OnDemand).await.unwrap();
    for number in 0..20 {
        requests.clear();
        assoc(&store, "k", &number).await.unwrap();
        let sent: Vec<_> = requests.take().into_iter().map(|request| request.operation).collect();
        assert_eq!(sent, ["GetItem", "PutItem"]);
    }
}

#[tokio::test]
async fn calls_with_too_many_keys_or_bytes_send_nothing() {
    let (local, requests) = Local::memory().unwrap().recording();
    let store = Store::new(local.client(), TABLE);
    let keys = || (0..101).map(|number| number.to_string());
    let large = "x".repeat(300_000);
    for outcome in [
        key_value::multi_get::<Value>(&store, keys()).await.map(drop),
        key_value::multi_dissoc(&store, keys()).await.map(drop),
        key_value::multi_assoc(&store, keys().map(|key| (key, 1))).await.map(drop),
        key_value::multi_assoc(&store, keys().take(14).map(|key| (key, &large))).await.map(drop),
    ] {
        let is_told = matches!(outcome, Err(StoreError::TooManyKeys { .. } | StoreError::TooLarge { .. }));
        assert!(is_told, "{outcome:?}");
    }
    assert_eq!(requests.take().len(), 0);
}

#[tokio::test]
async fn four_megabytes_are_written_together() {
    let place = place().await;
    let large = "x".repeat(300_000);
    key_value::multi_assoc(&place.store, (0..13).map(|key| (key.to_string(), &large))).await.unwrap();
    place.assert_legal();
}

#[tokio::test]
async fn both_mappings_do_the_same() {
    let place = place().await;
    let by_values = place.client().with_mapping(dynamap::Mapping::AttributeValue);
    for (writer, reader) in [(&place.store, &by_values), (&by_values, &place.store)] {
        assoc(writer, "null", &Value::Null).await.unwrap();
        assert_eq!(get::<Option<i32>>(reader, "null").await.unwrap(), Some(None));
        let change =
            update_in(writer, "k", ["a", "b"], |n: Option<i32>| Ok(n.unwrap_or(0) + 1)).await.unwrap();
        assert_eq!(get(reader, "k").await.unwrap(), Some(change.after::<Value>().unwrap()));
        append(writer, "log", &Value::Null).await.unwrap();
        append(reader, "log", &false).await.unwrap();
        bassoc(&writer.clone().chunk_size(10), "bytes", &b"more than one chunk"[..]).await.unwrap();
        assert_eq!(crate::place::read(reader, "bytes").await.as_deref(), Some(&b"more than one chunk"[..]));
    }
    let nothing = serde_json::json!([null, false, null, false]);
    assert_eq!(Value::from(entries::<Value>(&place.store, "log").await), nothing);
}

#[tokio::test]
async fn reads_are_consistent_where_the_store_says_so() {
    let (local, requests) = Local::memory().unwrap().recording();
    let store = Store::new(local.client(), TABLE);
    connect(&store, Creation::OnDemand).await.unwrap();
    assoc(&store, "k", &1).await.unwrap();
    append(&store, "log", &1).await.unwrap();
    bassoc(&store, "bytes", &b""[..]).await.unwrap();
    for (store, expected) in [(store.clone(), Value::Null), (store.consistent_reads(), Value::Bool(true))] {
        requests.clear();
        get::<i32>(&store, "k").await.unwrap();
        key_value::exists(&store, "k").await.unwrap();
        key_value::meta(&store, "k").await.unwrap();
        key_value::multi_get::<i32>(&store, ["k"]).await.unwrap();
        entries::<i32>(&store, "log").await;
        crate::place::read(&store, "bytes").await;
        let keys: Vec<_> = futures_util::TryStreamExt::try_collect(key_value::keys(&store)).await.unwrap();
        assert_eq!(keys.len(), 3);
        let sent = requests.take();
        assert_eq!(sent.len(), 6 + 16);
        for request in sent {
            let members = match &*request.operation {
                "BatchGetItem" => &request.body["RequestItems"][TABLE],
                _ => &request.body,
            };
            assert_eq!(members["ConsistentRead"], expected, "{request}");
        }
    }
}

#[tokio::test]
async fn a_key_may_be_empty_and_long() {
    let place = place().await;
    for key in [String::new(), "k".repeat(1_000), "#".repeat(500)] {
        assoc(&place.store, &*key, &1).await.unwrap();
        bassoc(&place.store, &*key, &b"bytes"[..]).await.unwrap();
        dissoc(&place.store, &*key).await.unwrap();
        append(&place.store, &*key, &1).await.unwrap();
        append(&place.store, &*key, &2).await.unwrap();
        assert!(dissoc(&place.store, &*key).await.unwrap());
    }
    assert_eq!(place.items().await, counts([("Head", 3)]));
    let outcome = assoc(&place.store, "k".repeat(1_100), &1).await;
    assert!(matches!(outcome, Err(StoreError::Table(dynamap::Error::Key(_)))), "{outcome:?}");
}
