use super::Streamed;
use crate::model::{Order, Status, customer, order};
use dynamap::stream::Change;
use dynamap::stream::reader::{Checkpoint, Delivery, ShardError, ShardEvent, ShardStream, StartAt};
use std::time::Duration;

/// The number of the order of a delivery with one change.
fn number(delivery: &mut Delivery<Order>) -> u32 {
    match &mut delivery.event {
        ShardEvent::Changes(changes) => match changes.next().unwrap().change {
            Change::Insert { new } | Change::Modify { new, .. } => new.number,
            Change::Remove { old } => old.number,
        },
        other => panic!("{other:?}"),
    }
}

async fn put(streamed: &Streamed, numbers: std::ops::Range<u32>) {
    for number in numbers {
        streamed.shop.put(&Order { number, ..order(Status::Open) }).send().await.unwrap();
    }
}

/// Takes as many deliveries, and acknowledges them.
async fn take(shard: &mut ShardStream<Order>, count: usize) -> Vec<u32> {
    let mut numbers = Vec::new();
    for _ in 0..count {
        let mut delivery = shard.next().await.unwrap().unwrap();
        numbers.push(number(&mut delivery));
        delivery.acknowledge();
    }
    numbers
}

#[tokio::test(start_paused = true)]
async fn changes_are_read_in_order_and_a_restart_goes_on_after_the_last() {
    let streamed = Streamed::new().await;
    streamed.shop.put(&customer()).send().await.unwrap();
    put(&streamed, 0..5).await;
    let reader = streamed.reader::<Order>().application("a");
    let metrics = reader.metrics();
    let mut shards = reader.shards();
    let mut shard = shards.next().await.unwrap().unwrap();
    assert_eq!(take(&mut shard, 5).await, [0, 1, 2, 3, 4]);
    put(&streamed, 5..8).await;
    assert_eq!(take(&mut shard, 3).await, [5, 6, 7]);
    assert_eq!((metrics.records(), metrics.skipped(), metrics.shards_owned()), (9, 1, 1));
    assert!(metrics.lag().is_some());
    shards.shutdown().await.unwrap();
    assert!(shard.next().await.is_none());
    assert_eq!(metrics.shards_owned(), 0);
    let lease = streamed.lease().await;
    assert!(matches!(lease.checkpoint, Checkpoint::After(_)) && lease.owner.is_none(), "{lease:?}");
    put(&streamed, 8..9).await;
    let mut shards = streamed.reader::<Order>().application("a").shards();
    let mut shard = shards.next().await.unwrap().unwrap();
    assert_eq!(take(&mut shard, 1).await, [8]);
    let other = streamed.reader::<Order>().application("b").start_at(StartAt::TrimHorizon);
    let mut others = other.shards();
    let mut other = others.next().await.unwrap().unwrap();
    assert_eq!(take(&mut other, 9).await, [0, 1, 2, 3, 4, 5, 6, 7, 8]);
}

#[tokio::test(start_paused = true)]
async fn the_latest_is_what_is_written_from_now_on() {
    let streamed = Streamed::new().await;
    put(&streamed, 0..5).await;
    let mut shards = streamed.reader::<Order>().start_at(StartAt::Latest).shards();
    let mut shard = shards.next().await.unwrap().unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    put(&streamed, 5..6).await;
    assert_eq!(take(&mut shard, 1).await, [5]);
}

#[tokio::test(start_paused = true)]
async fn the_checkpoint_passes_a_finished_prefix_only() {
    let streamed = Streamed::new().await;
    put(&streamed, 0..4).await;
    let mut shards = streamed.reader::<Order>().shards();
    let mut shard = shards.next().await.unwrap().unwrap();
    let mut deliveries = Vec::new();
    for _ in 0..4 {
        deliveries.push(shard.next().await.unwrap().unwrap());
    }
    let first = deliveries.remove(0);
    let second = deliveries[0].sequence_number().unwrap().clone();
    let last = deliveries.pop().unwrap();
    deliveries.into_iter().for_each(Delivery::acknowledge);
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(streamed.lease().await.checkpoint, Checkpoint::TrimHorizon);
    first.acknowledge();
    tokio::time::sleep(Duration::from_secs(60)).await;
    let lease = streamed.lease().await;
    assert!(*lease.checkpoint.after().unwrap() > second, "{lease:?}");
    // The last is dropped: it is delivered again.
    drop(last);
    assert!(matches!(shard.next().await, Some(Err(ShardError::NotAcknowledged { .. }))));
    assert!(shard.next().await.is_none());
    let mut shard = shards.next().await.unwrap().unwrap();
    assert_eq!(take(&mut shard, 1).await, [3]);
}
