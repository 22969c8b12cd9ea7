//! Nothing waits for real time: retries and timeouts follow the paused clock.

use std::time::{Duration, Instant};

use aws_sdk_dynamodb::config::StalledStreamProtectionConfig;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::error::SdkError;
use dynamap_local::{Local, Request, Response, SharedTransport, Transport, TransportFuture};

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
