//! Nothing waits for real time: retries and timeouts follow the paused clock.

use std::time::{Duration, Instant, UNIX_EPOCH};

use aws_sdk_dynamodb::config::StalledStreamProtectionConfig;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::error::SdkError;
use dynamap_local::{Local, Request, Response, SharedTransport, Transport, TransportFuture};
use serde_json::json;

use crate::wrapping::{Faults, faulty};

#[derive(Debug)]
struct Hang;

impl Transport for Hang {
    fn call(&self, _: Request) -> TransportFuture<'_> {
        Box::pin(std::future::pending())
    }
}

#[tokio::test(start_paused = true)]
async fn back_off_takes_no_real_time() {
    let throttled = || Faults::Reply(Response::error(400, "ThrottlingException", "slow down"));
    let local = faulty(&Local::memory().unwrap(), [throttled(), throttled()]);
    let (real, virtual_start) = (Instant::now(), tokio::time::Instant::now());
    local.client().list_tables().send().await.unwrap();
    assert!(virtual_start.elapsed() > Duration::from_millis(10), "{:?}", virtual_start.elapsed());
    assert!(real.elapsed() < Duration::from_secs(5));
}

#[tokio::test(start_paused = true)]
async fn the_sdk_timeouts_end_a_hanging_request() {
    let minute = Duration::from_secs(60);
    let timeouts = [
        TimeoutConfig::builder().read_timeout(minute).build(),
        TimeoutConfig::builder().operation_attempt_timeout(minute).build(),
        TimeoutConfig::builder().operation_timeout(minute).build(),
    ];
    let real = Instant::now();
    for timeout in timeouts {
        let config = Local::memory().unwrap().wrap(|_| Hang).config();
        let client = aws_sdk_dynamodb::Client::from_conf(config.timeout_config(timeout).build());
        let hanging = client.list_tables().send();
        let error = tokio::time::timeout(10 * minute, hanging).await.expect("no timeout").unwrap_err();
        let timed_out = match &error {
            SdkError::TimeoutError(_) => true,
            SdkError::DispatchFailure(failure) => failure.is_timeout(),
            _ => false,
        };
        assert!(timed_out, "{error:?}");
    }
    assert!(real.elapsed() < Duration::from_secs(10));
}

/// Answers after a while.
#[derive(Debug)]
struct Slow(SharedTransport);

impl Transport for Slow {
    fn call(&self, request: Request) -> TransportFuture<'_> {
        Box::pin(async move {
            tokio::time::sleep(Duration::from_millis(1500)).await;
            self.0.call(request).await
        })
    }
}

/// The protection reads the real clock, so this test alone waits.
#[tokio::test]
async fn stalled_stream_protection_sees_the_body_arrive() {
    let protection =
        StalledStreamProtectionConfig::enabled().grace_period(Duration::from_millis(100)).build();
    let config = Local::memory().unwrap().wrap(Slow).config().stalled_stream_protection(protection);
    let client = aws_sdk_dynamodb::Client::from_conf(config.retry_config(RetryConfig::disabled()).build());
    client.list_tables().send().await.unwrap();
}

/// A vector index that is added to a table takes its time by the clock that the engine was given.
#[tokio::test(start_paused = true)]
async fn a_given_clock_is_the_time_of_the_engine() {
    let start = tokio::time::Instant::now();
    let clock = move || UNIX_EPOCH + Duration::from_secs(1_800_000_000) + start.elapsed();
    let transport = Local::memory_with_clock(clock).unwrap().transport();
    let send = async |operation: &str, body: serde_json::Value| {
        let answer = transport.call(Request::new(operation, body.to_string())).await.unwrap();
        let body: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        (answer.status, body)
    };
    let create = json!({
        "TableName": "library", "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    });
    assert_eq!(send("CreateTable", create).await.0, 200);
    let index = json!({
        "IndexName": "near", "VectorAttribute": {"AttributeName": "v"}, "Dimensions": 1,
        "DistanceFunction": "EUCLIDEAN", "Projection": {"ProjectionType": "ALL"},
    });
    let add = json!({"TableName": "library", "VectorIndexUpdates": [{"Create": index}]});
    assert_eq!(send("UpdateTable", add).await.0, 200);
    let search =
        json!({"TableName": "library", "IndexName": "near", "TopK": 1, "SearchVector": [{"N": "1"}]});
    for (seconds, table, index, status) in [
        (4, "UPDATING", "CREATING", 400),
        (14, "ACTIVE", "CREATING", 400),
        (29, "ACTIVE", "ACTIVE", 400),
        (31, "ACTIVE", "ACTIVE", 200),
    ] {
        tokio::time::sleep_until(start + Duration::from_secs(seconds)).await;
        let described = send("DescribeTable", json!({"TableName": "library"})).await.1;
        let described = &described["Table"];
        let found = (&described["TableStatus"], &described["VectorIndexes"][0]["IndexStatus"]);
        assert_eq!(found, (&json!(table), &json!(index)), "after {seconds} s");
        assert_eq!(send("SearchVectors", search.clone()).await.0, status, "after {seconds} s");
    }
}
