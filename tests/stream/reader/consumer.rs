//! Consumers of shards, and what they have seen.

use super::Streamed;
use crate::model::{Order, Status, order};
use dynamap::stream::reader::{Gap, ShardEvent, ShardStreams, StreamReader, StreamReaderError};
use dynamap::stream::{Change, SequenceNumber};
use dynamap_local::shards::ShardModel;
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub(crate) const SECOND: Duration = Duration::from_secs(1);

/// What the consumers of all workers have seen, in the order in which they have.
#[derive(Debug, Default, Clone)]
pub(crate) struct Seen(Arc<Mutex<SeenInner>>);

#[derive(Debug, Default)]
struct SeenInner {
    /// The customer and the number of each order, and the sequence number of its record.
    orders: Vec<(String, u32, SequenceNumber)>,
    gaps: Vec<Gap>,
}

impl Seen {
    pub(crate) fn numbers_of(&self, customer: &str) -> Vec<u32> {
        let seen = self.0.lock().unwrap();
        seen.orders.iter().filter(|(of, ..)| of == customer).map(|(_, number, _)| *number).collect()
    }

    pub(crate) fn count(&self) -> usize {
        self.0.lock().unwrap().orders.len()
    }

    pub(crate) fn gaps(&self) -> usize {
        self.told().len()
    }

    pub(crate) fn told(&self) -> Vec<Gap> {
        self.0.lock().unwrap().gaps.clone()
    }
}

/// Consumes all shards of a reader, and acknowledges each delivery after `pause`.
pub(crate) fn consume(
    mut shards: ShardStreams<Order>,
    seen: Seen,
    pause: Duration,
) -> tokio::task::JoinHandle<Result<(), StreamReaderError>> {
    tokio::spawn(async move {
        let mut consumers = tokio::task::JoinSet::new();
        while let Some(shard) = shards.next().await {
            let (mut shard, seen) = (shard?, seen.clone());
            consumers.spawn(async move {
                while let Some(Ok(mut delivery)) = shard.next().await {
                    let number = delivery.sequence_number().cloned();
                    match &mut delivery.event {
                        ShardEvent::Changes(changes) => {
                            for record in changes {
                                let Change::Insert { new } = record.change else { panic!("an insert") };
                                let seen_order = (new.customer_id, new.number, number.clone().unwrap());
                                seen.0.lock().unwrap().orders.push(seen_order);
                            }
                        }
                        ShardEvent::Gap(gap) => seen.0.lock().unwrap().gaps.push(gap.clone()),
                        other => panic!("{other:?}"),
                    }
                    if !pause.is_zero() {
                        tokio::time::sleep(pause).await;
                    }
                    delivery.acknowledge();
                }
            });
        }
        consumers.join_all().await;
        Ok(())
    })
}

pub(crate) fn customers(count: u32) -> Vec<String> {
    (0..count).map(|customer| format!("c-{customer}")).collect()
}

pub(crate) async fn put(streamed: &Streamed, customers: &[String], number: u32) {
    for customer in customers {
        let order = Order { customer_id: customer.clone(), number, ..order(Status::Open) };
        streamed.shop.put(&order).send().await.unwrap();
    }
}

pub(crate) fn open(streamed: &Streamed, model: &ShardModel) -> Vec<String> {
    let shards = model.shards(&streamed.arn).into_iter();
    shards.filter(|shard| shard.ending.is_none()).map(|shard| shard.id).collect()
}

/// Each customer has all orders up to the last, in their order.
#[track_caller]
pub(crate) fn assert_all(seen: &Seen, customers: &[String], last: u32) {
    for customer in customers {
        assert_eq!(seen.numbers_of(customer), (0..=last).collect::<Vec<_>>(), "{customer}");
    }
}

pub(crate) fn reader(streamed: &Streamed) -> StreamReader<Order> {
    streamed.reader::<Order>().lease_duration(6 * SECOND).poll_interval(2 * SECOND)
}

/// Waits until as many orders were seen, and a little longer.
pub(crate) async fn wait_for(seen: &Seen, orders: usize) {
    for _ in 0..300 {
        tokio::time::sleep(2 * SECOND).await;
        if seen.count() >= orders {
            break;
        }
    }
    tokio::time::sleep(5 * SECOND).await;
}
