//! The live tail of an open shard, and the positions from which it is read.

use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use aws_sdk_dynamodbstreams::error::ProvideErrorMetadata;
use aws_sdk_dynamodbstreams::primitives::DateTime;
use aws_sdk_dynamodbstreams::types::ShardIteratorType;

use super::{ShopStream, changes, number, stocked};
use crate::shop::{TABLE, n, product};

#[tokio::test]
async fn an_open_shard_gives_what_is_written_later() {
    let stream = ShopStream::new().await;
    let mut iterator = stream.horizon().await;
    for stock in 1..=4 {
        let (records, next) = stream.get(&iterator).await;
        assert!(records.is_empty());
        stream.put("p-1", stock).await;
        let (records, next) = stream.get(&next.unwrap()).await;
        assert_eq!(changes(&records).iter().map(|change| change.2).collect::<Vec<_>>(), [Some(stock)]);
        iterator = next.unwrap();
    }
    // An iterator can be used again.
    assert_eq!(stream.get(&stream.horizon().await).await.0.len(), 4);
}

#[tokio::test]
async fn each_kind_of_iterator_begins_where_it_says() {
    let stream = ShopStream::new().await;
    let empty_latest = stream.iterator(ShardIteratorType::Latest, None).await;
    for stock in 1..=3 {
        stream.put("p-1", stock).await;
    }
    let latest = stream.iterator(ShardIteratorType::Latest, None).await;
    let second = number(&stream.all().await[1]).to_owned();
    stream.put("p-1", 4).await;
    let at = |kind| stream.iterator(kind, Some(&second));
    let cases = [
        (empty_latest, vec![1, 2, 3, 4]),
        (stream.horizon().await, vec![1, 2, 3, 4]),
        (at(ShardIteratorType::AtSequenceNumber).await, vec![2, 3, 4]),
        (at(ShardIteratorType::AfterSequenceNumber).await, vec![3, 4]),
        (latest, vec![4]),
    ];
    for (iterator, expected) in cases {
        let (records, _) = stream.get(&iterator).await;
        assert_eq!(changes(&records).iter().filter_map(|change| change.2).collect::<Vec<_>>(), expected);
    }
}

#[tokio::test]
async fn an_iterator_of_a_time_begins_at_its_second() {
    let stream = ShopStream::new().await;
    stream.put("p-1", 1).await;
    let written = *stream.all().await[0].dynamodb().unwrap().approximate_creation_date_time().unwrap();
    let at = |seconds: i64| {
        let request = stream.streams.get_shard_iterator().stream_arn(&stream.arn).shard_id(&stream.shard);
        let request = request.shard_iterator_type(ShardIteratorType::AtTimestamp);
        request.timestamp(DateTime::from_secs(seconds)).send()
    };
    for (seconds, count) in [(1, 1), (written.secs(), 1)] {
        let iterator = at(seconds).await.unwrap().shard_iterator.unwrap();
        assert_eq!(stream.get(&iterator).await.0.len(), count, "{seconds}");
    }
    let error = at(written.secs() + 3600).await.unwrap_err();
    assert_eq!(error.code(), Some("ValidationException"));
}

#[tokio::test]
async fn pages_follow_one_another_without_a_gap() {
    let stream = ShopStream::new().await;
    for stock in 0..10 {
        stream.put("p-1", stock).await;
    }
    let mut iterator = stream.horizon().await;
    let mut seen = Vec::new();
    loop {
        let page = stream.streams.get_records().shard_iterator(&iterator).limit(3).send().await.unwrap();
        if page.records().is_empty() {
            break;
        }
        assert!(page.records().len() <= 3);
        seen.extend(changes(page.records()).iter().filter_map(|change| change.2));
        iterator = page.next_shard_iterator.unwrap();
    }
    assert_eq!(seen, (0..10).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_page_has_at_most_a_megabyte() {
    let stream = ShopStream::new().await;
    for stock in 0..5 {
        let mut item = stocked(&format!("p-{stock}"), stock);
        item.insert("text".to_owned(), crate::shop::s(&"x".repeat(300_000)));
        crate::shop::put(&stream.client, item).await;
    }
    let (records, next) = stream.get(&stream.horizon().await).await;
    assert_eq!(records.len(), 3);
    let (records, _) = stream.get(&next.unwrap()).await;
    assert_eq!(changes(&records).iter().filter_map(|change| change.2).collect::<Vec<_>>(), [3, 4]);
}

/// The engine makes a record for a write that changes nothing, which AWS does not.
#[tokio::test]
async fn a_write_that_changes_nothing_is_no_record() {
    let stream = ShopStream::new().await;
    stream.put("p-1", 1).await;
    stream.put("p-1", 1).await;
    let update = stream.client.update_item().table_name(TABLE).set_key(Some(product("p-1")));
    let update = update.update_expression("SET stock = :one").expression_attribute_values(":one", n(1));
    update.send().await.unwrap();
    stream.delete("p-2").await;
    stream.put("p-1", 2).await;
    let records = stream.all().await;
    assert_eq!(changes(&records), [("INSERT", None, Some(1)), ("MODIFY", Some(1), Some(2))]);

    // A page that has nothing else is empty and goes on.
    let after_first =
        stream.iterator(ShardIteratorType::AfterSequenceNumber, Some(number(&records[0]))).await;
    let page = stream.streams.get_records().shard_iterator(after_first).limit(2).send().await.unwrap();
    assert!(page.records().is_empty());
    let (rest, _) = stream.get(page.next_shard_iterator().unwrap()).await;
    assert_eq!(rest.len(), 1);
}

#[tokio::test]
async fn a_transaction_is_a_record_for_each_item_and_nothing_if_it_is_cancelled() {
    let stream = ShopStream::new().await;
    let transact = async |ids: [&str; 2], condition: Option<&str>| {
        let put = |id: &str| {
            let put = Put::builder().table_name(TABLE).set_item(Some(stocked(id, 1)));
            let put = put.set_condition_expression(condition.map(str::to_owned));
            TransactWriteItem::builder().put(put.build().unwrap()).build()
        };
        stream
            .client
            .transact_write_items()
            .set_transact_items(Some(ids.map(put).into()))
            .send()
            .await
            .is_ok()
    };
    assert!(transact(["p-1", "p-2"], None).await);
    assert!(!transact(["p-1", "p-3"], Some("attribute_not_exists(pk)")).await);
    assert_eq!(stream.all().await.len(), 2);
}

#[tokio::test]
async fn limits_and_positions_are_checked() {
    let stream = ShopStream::new().await;
    stream.put("p-1", 1).await;
    let iterator = stream.horizon().await;
    for (limit, code) in [(0, "ValidationException"), (1001, "LimitExceededException")] {
        let error = stream.streams.get_records().shard_iterator(&iterator).limit(limit).send().await;
        assert_eq!(error.unwrap_err().code(), Some(code), "{limit}");
    }
    let error = stream.streams.get_records().shard_iterator("no iterator").send().await.unwrap_err();
    assert_eq!(error.code(), Some("ValidationException"));
    let cases = [
        (stream.shard.as_str(), ShardIteratorType::AfterSequenceNumber, None, "ValidationException"),
        (&stream.shard, ShardIteratorType::AfterSequenceNumber, Some("17"), "ValidationException"),
        (&stream.shard, ShardIteratorType::Latest, Some("100001796050992990131"), "ValidationException"),
        (&stream.shard, ShardIteratorType::AtTimestamp, None, "ValidationException"),
        ("shardId-00000001", ShardIteratorType::Latest, None, "ResourceNotFoundException"),
    ];
    for (shard, kind, number, code) in cases {
        let request = stream.streams.get_shard_iterator().stream_arn(&stream.arn).shard_id(shard);
        let request =
            request.shard_iterator_type(kind.clone()).set_sequence_number(number.map(str::to_owned));
        assert_eq!(request.send().await.unwrap_err().code(), Some(code), "{shard} {kind} {number:?}");
    }
}
