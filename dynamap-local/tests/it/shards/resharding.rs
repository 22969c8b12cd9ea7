//! Shards that split, merge and roll over.

use std::time::Duration;

use dynamap_local::shards::{ShardModelError, ShardPlan};

use super::{Stream, number};

/// Twenty keys, enough for all shards to have some.
fn keys() -> impl Iterator<Item = String> {
    (0..20).map(|key| format!("PRODUCT#{key}"))
}

#[tokio::test(start_paused = true)]
async fn all_records_of_a_key_in_a_parent_precede_those_in_its_children() {
    let stream = Stream::new(ShardPlan::none().shards(2));
    for version in 0..30 {
        keys().for_each(|key| drop(stream.put(&key, version)));
        match version {
            5 | 9 | 20 => drop(stream.model.split(&stream.open()[0]).unwrap()),
            7 | 22 => drop(stream.model.roll_over(stream.open().last().unwrap()).unwrap()),
            12 => {
                // The children of a shard that just split have no records yet.
                let [left, right] = stream.model.split(&stream.open()[1]).unwrap();
                stream.model.merge(&left, &right).unwrap();
            }
            _ => {}
        }
    }
    // Shards are listed in the order in which they opened.
    let seen = stream.read_all().await;
    assert_eq!(seen.len(), 20);
    for (key, versions) in seen {
        assert_eq!(versions, (0..30).collect::<Vec<_>>(), "{key}");
    }
}

#[tokio::test(start_paused = true)]
async fn sequence_numbers_increase_along_the_lineage_and_get_longer() {
    let stream = Stream::new(ShardPlan::none());
    let mut last: u128 = 0;
    let mut lengths = Vec::new();
    for _ in 0..40 {
        for version in 0..40 {
            let placed = stream.put("PRODUCT#1", version);
            lengths.push(placed.sequence_number.len());
            let number: u128 = placed.sequence_number.parse().unwrap();
            assert!(last < number, "{last} {number}");
            last = number;
        }
        stream.model.roll_over(&stream.only()).unwrap();
    }
    assert_eq!((lengths.iter().min(), lengths.iter().max()), (Some(&21), Some(&22)));
    let listed = stream.listed().await;
    for pair in listed.windows(2) {
        let range = |at: usize| pair[at].sequence_number_range().unwrap();
        let ending: u128 = range(0).ending_sequence_number().unwrap().parse().unwrap();
        let starting: u128 = range(1).starting_sequence_number().unwrap().parse().unwrap();
        assert!(ending < starting);
        assert_eq!(pair[1].parent_shard_id(), pair[0].shard_id());
        let (records, is_end) = stream.read(pair[0].shard_id().unwrap()).await;
        assert!(is_end);
        assert_eq!(records.last().map(number), Some(ending));
    }
}

#[tokio::test(start_paused = true)]
async fn shards_roll_over_after_four_hours() {
    let stream = Stream::new(ShardPlan::none());
    let first = stream.only();
    stream.put("PRODUCT#1", 1);
    tokio::time::advance(Duration::from_secs(4 * 3600 - 1)).await;
    assert_eq!(stream.only(), first);
    tokio::time::advance(Duration::from_secs(1)).await;
    let next = stream.only();
    assert_ne!(next, first);
    let placed = stream.put("PRODUCT#1", 2);
    assert_eq!(placed.shard, next);

    let listed = stream.listed().await;
    assert_eq!(listed[1].parent_shard_id(), Some(first.as_str()));
    assert!(listed[0].sequence_number_range().unwrap().ending_sequence_number().is_some());
    assert!(listed[1].sequence_number_range().unwrap().ending_sequence_number().is_none());
}

#[tokio::test(start_paused = true)]
async fn a_merge_that_would_lose_the_order_is_refused() {
    let stream = Stream::new(ShardPlan::none().shards(2));
    keys().for_each(|key| drop(stream.put(&key, 1)));
    let open = stream.open();
    let refused = stream.model.merge(&open[0], &open[1]).unwrap_err();
    assert_eq!(refused, ShardModelError::RecordsOutOfOrder(open[1].clone()));

    // The ancestors of the other one count as well.
    let other = stream.model.roll_over(&open[1]).unwrap();
    stream.model.merge(&open[0], &other).unwrap_err();

    stream.model.trim_shard(&open[1]).unwrap();
    let child = stream.model.merge(&open[0], &other).unwrap();
    keys().for_each(|key| assert_eq!(stream.put(&key, 2).shard, child));
    let listed = stream.listed().await;
    assert_eq!(listed.last().unwrap().parent_shard_id(), Some(open[0].as_str()));
}

#[tokio::test(start_paused = true)]
async fn only_open_shards_of_one_stream_change() {
    let stream = Stream::new(ShardPlan::none());
    let first = stream.only();
    let [left, right] = stream.model.split(&first).unwrap();
    let closed = ShardModelError::ClosedShard(first.clone());
    assert_eq!(stream.model.split(&first).unwrap_err(), closed);
    assert_eq!(stream.model.roll_over(&first).unwrap_err(), closed);
    assert_eq!(stream.model.merge(&first, &left).unwrap_err(), closed);
    let unknown = ShardModelError::UnknownShard("shardId-1".to_owned());
    assert_eq!(stream.model.split("shardId-1").unwrap_err(), unknown);
    let mismatch = ShardModelError::Mismatch(left.clone(), left.clone());
    assert_eq!(stream.model.merge(&left, &left).unwrap_err(), mismatch);

    let other =
        stream.model.create_stream("Shop", "pk", aws_sdk_dynamodbstreams::types::StreamViewType::KeysOnly);
    let foreign = stream.model.shards(&other)[0].id.clone();
    assert_eq!(
        stream.model.merge(&left, &foreign).unwrap_err(),
        ShardModelError::Mismatch(left.clone(), foreign)
    );
    stream.model.merge(&left, &right).unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_shard_can_be_split_until_it_is_a_single_value() {
    let stream = Stream::new(ShardPlan::none());
    let mut shard = stream.only();
    for _ in 0..32 {
        let [left, _] = stream.model.split(&shard).unwrap();
        shard = left;
    }
    assert_eq!(stream.model.split(&shard).unwrap_err(), ShardModelError::NarrowShard(shard));
    // Each key still has one shard.
    keys().for_each(|key| drop(stream.put(&key, 1)));
}
