//! What users of the original reported, and the test of each that is not a case of the suite.

use std::sync::atomic::{AtomicBool, Ordering};

use dynamap_local::{
    Local, Request, SharedTransport, Transport, TransportFuture,
    faults::{Fault, When},
};
use key_value::{
    Creation, Store, StoreError, Target, append, assoc, bassoc, connect, dissoc, get, log, update, update_in,
};
use serde_json::Value;

use crate::place::{TABLE, entries, place};

/// Lets another client write once, between the read and the write of a call.
#[derive(Debug)]
struct Between {
    inner: SharedTransport,
    other: Store,
    is_over: AtomicBool,
}

impl Transport for Between {
    fn call(&self, request: Request) -> TransportFuture<'_> {
        Box::pin(async move {
            let is_write = request.operation == "PutItem" && request.body.windows(5).any(|b| b == b"KEY#k");
            if is_write && !self.is_over.swap(true, Ordering::Relaxed) {
                assoc(&self.other, "k", "other").await.unwrap();
            }
            self.inner.call(request).await
        })
    }
}

/// A store in which another client writes `k` between the next read and write of it.
async fn interrupted() -> Store {
    let engine = Local::memory().unwrap();
    let other = Store::new(engine.client(), TABLE);
    connect(&other, Creation::OnDemand).await.unwrap();
    assoc(&other, "k", "first").await.unwrap();
    let local = engine.wrap(|inner| Between { inner, other, is_over: AtomicBool::new(false) });
    Store::new(local.client(), TABLE).consistent_reads()
}

#[tokio::test]
async fn a_fence_holds_between_the_read_and_the_write() {
    let store = interrupted().await;
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
    let store = interrupted().await;
    let more = |old: Option<String>| Ok(old.unwrap_or_default() + " and mine");
    let change = update(&store, "k", more).await.unwrap();
    assert_eq!(change.before::<String>().unwrap().as_deref(), Some("other"));
    assert_eq!(get(&store, "k").await.unwrap(), Some("other and mine".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn an_entry_does_not_go_into_a_log_that_was_removed() {
    let store = interrupted().await;
    dissoc(&store, "k").await.unwrap();
    append(&store, "k", &1).await.unwrap();
    append(&store, "k", &2).await.unwrap();
    assert_eq!(entries::<u32>(&store, "k").await, [1, 2]);
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
    assert_eq!(place.items().await, crate::place::counts([("Head", 3)]));
    let outcome = assoc(&place.store, "k".repeat(1_100), &1).await;
    assert!(matches!(outcome, Err(StoreError::Table(dynamap::Error::Key(_)))), "{outcome:?}");
}
