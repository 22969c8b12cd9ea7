//! Records and shards that are trimmed.

use std::time::Duration;

use aws_sdk_dynamodbstreams::types::ShardIteratorType;
use dynamap_local::shards::ShardPlan;

use super::{Stream, code, content};

const HOUR: Duration = Duration::from_secs(3600);

#[tokio::test(start_paused = true)]
async fn records_are_trimmed_after_a_day_and_their_shards_go() {
    let stream = Stream::new(ShardPlan::none().roll_over_every(Duration::MAX));
    let old = stream.put("PRODUCT#1", 1);
    tokio::time::advance(HOUR).await;
    stream.put("PRODUCT#1", 2);
    let child = stream.model.roll_over(&old.shard).unwrap();
    stream.put("PRODUCT#1", 3);

    tokio::time::advance(23 * HOUR).await;
    let (records, is_end) = stream.read(&old.shard).await;
    assert_eq!((records.iter().map(|record| content(record).1).collect::<Vec<_>>(), is_end), (vec![2], true));

    tokio::time::advance(HOUR).await;
    let listed = stream.listed().await;
    // The child names a parent that is no longer listed.
    assert_eq!(listed.len(), 1);
    assert_eq!(
        (listed[0].shard_id(), listed[0].parent_shard_id()),
        (Some(child.as_str()), Some(old.shard.as_str()))
    );
    let gone = stream.client.get_shard_iterator().stream_arn(&stream.arn).shard_id(&old.shard);
    assert_eq!(
        code!(gone.shard_iterator_type(ShardIteratorType::TrimHorizon).send()),
        "ResourceNotFoundException"
    );
}

#[tokio::test(start_paused = true)]
async fn a_position_before_the_trim_horizon_is_refused() {
    let stream = Stream::new(ShardPlan::none());
    let placed: Vec<_> = (1..=4).map(|version| stream.put("PRODUCT#1", version)).collect();
    let shard = &placed[0].shard;
    let horizon = stream.horizon(shard).await;
    let [first, second, ..] = [0, 1, 2].map(|at: usize| placed[at].sequence_number.clone());
    let (after_first, after_second) = (stream.after(shard, &first).await, stream.after(shard, &second).await);

    // The first two are trimmed.
    stream.model.trim_before(&stream.arn, &placed[2].sequence_number).unwrap();
    let get = |iterator: &str| stream.client.get_records().shard_iterator(iterator).send();
    let trimmed = "TrimmedDataAccessException";
    assert_eq!(code!(get(&horizon)), trimmed);
    assert_eq!(code!(get(&after_first)), trimmed);
    // The next record after the second is still there.
    assert_eq!(
        stream.get(&after_second).await.records().iter().map(|record| content(record).1).collect::<Vec<_>>(),
        [3, 4]
    );

    let at = |kind, number: &str| {
        let request = stream.client.get_shard_iterator().stream_arn(&stream.arn).shard_id(shard);
        request.shard_iterator_type(kind).sequence_number(number).send()
    };
    assert_eq!(code!(at(ShardIteratorType::AfterSequenceNumber, &first)), trimmed);
    assert_eq!(code!(at(ShardIteratorType::AtSequenceNumber, &second)), trimmed);
    assert!(at(ShardIteratorType::AfterSequenceNumber, &second).await.is_ok());
    let (records, _) = stream.read(shard).await;
    assert_eq!(records.iter().map(|record| content(record).1).collect::<Vec<_>>(), [3, 4]);
}

#[tokio::test(start_paused = true)]
async fn a_trimmed_shard_is_listed_until_it_has_gone() {
    let delay = Duration::from_secs(30);
    let stream = Stream::new(ShardPlan::none().listing_delay(delay..=delay));
    let placed = stream.put("PRODUCT#1", 1);
    let child = stream.model.roll_over(&placed.shard).unwrap();
    tokio::time::advance(delay).await;
    assert_eq!(stream.listed().await.len(), 2);

    stream.model.trim_shard(&placed.shard).unwrap();
    let (records, is_end) = stream.read(&placed.shard).await;
    assert!(records.is_empty() && is_end);
    let next = stream.put("PRODUCT#1", 2);
    stream.model.trim_before(&stream.arn, &next.sequence_number).unwrap();
    assert_eq!(stream.listed().await.len(), 2);
    tokio::time::advance(delay).await;
    assert_eq!(stream.listed().await[0].shard_id(), Some(child.as_str()));
}

#[tokio::test(start_paused = true)]
async fn an_iterator_at_the_end_of_a_gone_shard_still_ends() {
    let stream = Stream::new(ShardPlan::none());
    let placed = stream.put("PRODUCT#1", 1);
    let (horizon, end) =
        (stream.horizon(&placed.shard).await, stream.after(&placed.shard, &placed.sequence_number).await);
    stream.model.roll_over(&placed.shard).unwrap();
    let next = stream.put("PRODUCT#1", 2);
    stream.model.trim_before(&stream.arn, &next.sequence_number).unwrap();
    assert!(stream.model.shards(&stream.arn)[0].is_gone);
    assert_eq!(stream.get(&end).await.next_shard_iterator, None);
    assert_eq!(
        code!(stream.client.get_records().shard_iterator(horizon).send()),
        "TrimmedDataAccessException"
    );
}
