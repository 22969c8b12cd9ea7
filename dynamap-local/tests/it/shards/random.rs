//! Random plans: the same seed, the same shards.

use std::collections::BTreeMap;
use std::time::Duration;

use aws_sdk_dynamodbstreams::config::timeout::TimeoutConfig;
use dynamap_local::shards::{ShardAnswer, ShardEvent, ShardEventKind, ShardPlan, ShardRates};

use super::Stream;

/// Puts records and lists shards, and reads their first pages.
async fn run(seed: u64, rates: ShardRates) -> Stream {
    fastrand::seed(seed);
    let plan = ShardPlan::random(seed, rates).listing_delay(Duration::ZERO..=Duration::from_secs(5));
    let mut stream = Stream::new(plan);
    let timeouts = TimeoutConfig::builder().operation_attempt_timeout(Duration::from_secs(2)).build();
    let config = stream.model.streams_config().timeout_config(timeouts).build();
    stream.client = aws_sdk_dynamodbstreams::Client::from_conf(config);
    for version in 0..60 {
        (0..5).for_each(|key| drop(stream.put(&format!("PRODUCT#{key}"), version)));
        for shard in stream.open() {
            let iterator = stream.client.get_shard_iterator().stream_arn(&stream.arn).shard_id(shard);
            let iterator = iterator.shard_iterator_type("TRIM_HORIZON".into()).send().await;
            let Ok(iterator) = iterator else { continue };
            let _ = stream.client.get_records().set_shard_iterator(iterator.shard_iterator).send().await;
        }
    }
    stream
}

#[tokio::test(start_paused = true)]
async fn one_seed_is_one_log() {
    let rates = || ShardRates::all(0.5);
    let log = run(7, rates()).await.model.log();
    assert_eq!(log, run(7, rates()).await.model.log());
    assert_ne!(log, run(8, rates()).await.model.log());
    assert_eq!(run(7, rates()).await.model.seed(), Some(7));
}

#[tokio::test(start_paused = true)]
async fn each_kind_of_event_happens() {
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for seed in 0..4 {
        for logged in run(seed, ShardRates::all(0.5)).await.model.log() {
            assert!(!logged.to_string().contains("PRODUCT#"), "{logged}");
            let name = match logged.event {
                ShardEvent::Opened { .. } => "opened",
                ShardEvent::Closed { .. } => "closed",
                ShardEvent::Trimmed { .. } => "trimmed",
                ShardEvent::Gone { .. } => "gone",
                ShardEvent::IteratorsExpired => "expired",
                ShardEvent::Answered { answer: ShardAnswer::Error(code), .. } => match code.as_str() {
                    "LimitExceededException" => "limit",
                    "ThrottlingException" => "throttling",
                    "ProvisionedThroughputExceededException" => "throughput",
                    "InternalServerError" => "internal",
                    "ExpiredIteratorException" => "expired iterator",
                    "TrimmedDataAccessException" => "trimmed access",
                    "ResourceNotFoundException" => "no shard",
                    _ => "other error",
                },
                ShardEvent::Answered { answer: ShardAnswer::None, .. } => "no answer",
                _ => "other",
            };
            *counts.entry(name).or_default() += 1;
        }
    }
    let names = [
        "opened",
        "closed",
        "trimmed",
        "gone",
        "expired",
        "limit",
        "throttling",
        "throughput",
        "internal",
        "no answer",
    ];
    for name in names {
        assert!(counts.get(name) > Some(&2), "{name}: {counts:?}");
    }
    assert!(!counts.contains_key("other error"), "{counts:?}");
}

#[tokio::test(start_paused = true)]
async fn a_kind_that_is_not_drawn_does_not_happen() {
    let stream = run(3, ShardRates::none().with(ShardEventKind::EmptyPage, 0.5)).await;
    let log = stream.model.log();
    let empty = |event: &ShardEvent| {
        matches!(
            event,
            ShardEvent::Answered { answer: ShardAnswer::Records { records: 0, is_end: false, .. }, .. }
        )
    };
    assert!(log.iter().filter(|logged| empty(&logged.event)).count() > 10);
    assert_eq!(log.iter().filter(|logged| matches!(logged.event, ShardEvent::Opened { .. })).count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_stopped_plan_changes_nothing() {
    let stream = Stream::new(ShardPlan::random(1, ShardRates::none().with(ShardEventKind::RollOver, 1.0)));
    stream.model.stop();
    tokio::time::advance(Duration::from_secs(5 * 3600)).await;
    stream.listed().await;
    assert_eq!(stream.open().len(), stream.model.shards(&stream.arn).len());
    stream.model.resume();
    stream.listed().await;
    assert!(stream.open().len() < stream.model.shards(&stream.arn).len());
}
