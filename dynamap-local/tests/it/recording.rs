//! What a recording sees.

use dynamap_local::{Local, Response};
use serde_json::json;

use crate::shop::{self, product, put};
use crate::wrapping::{Faults, faulty};

#[tokio::test]
async fn a_recording_shows_the_operation_and_its_json() {
    let local = Local::memory().unwrap();
    shop::create(&local.client()).await;

    let (recorded, requests) = local.recording();
    put(&recorded.client(), product("p-1")).await;
    put(&local.client(), product("unrecorded")).await;

    let taken = requests.take();
    assert_eq!(taken.len(), 1);
    assert_eq!(taken[0].operation, "PutItem");
    assert_eq!(
        taken[0].body,
        json!({"TableName": "Shop", "Item": {"pk": {"S": "PRODUCT#p-1"}, "sk": {"S": "p-1"}}})
    );
    assert!(taken[0].to_string().starts_with("PutItem {\n  \"Item\": {"), "{}", taken[0]);
    assert!(requests.take().is_empty());
    assert!(!format!("{requests:?}").contains("p-1"));
}

#[tokio::test(start_paused = true)]
async fn each_attempt_is_recorded_outside_the_faults_and_only_arrivals_inside() {
    let throttled = || Response::error(400, "ThrottlingException", "slow down");
    let local = Local::memory().unwrap();
    shop::create(&local.client()).await;

    let (inside, arrived) = local.recording();
    let outside = faulty(&inside, [Faults::Reply(throttled()), Faults::Before]);
    let (outside, sent) = outside.recording();
    put(&outside.client(), product("p-1")).await;

    let sent: Vec<_> = sent.take().into_iter().map(|request| request.operation).collect();
    assert_eq!(sent, ["PutItem", "PutItem", "PutItem"]);
    assert_eq!(arrived.take().len(), 1);
}

#[tokio::test]
async fn a_recording_of_the_streams_client() {
    let (local, requests) = Local::memory().unwrap().recording();
    local.streams_client().list_streams().send().await.unwrap();
    assert_eq!(requests.take()[0].operation, "ListStreams");
    local.streams_client().list_streams().send().await.unwrap();
    requests.clear();
    assert!(requests.take().is_empty());
}
