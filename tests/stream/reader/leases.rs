//! Several workers: they share the shards, take over from one another, and none writes with a lease that it has lost.

use super::Streamed;
use super::consumer::{SECOND, Seen, assert_all, consume, customers, open, put, reader, wait_for};
use crate::model::Order;
use dynamap::known_fault::KnownFault;
use dynamap::stream::reader::{Checkpoint, Lease, ReaderMetrics, ShardError, ShardStream};
use dynamap_local::shards::ShardPlan;
use dynamap_local::{Local, Request, SharedTransport, Transport, TransportFuture};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio::time::timeout;

async fn leases(streamed: &Streamed) -> Vec<Lease> {
    streamed.leases.scan::<Lease>().try_collect().await.unwrap()
}

/// The number of leases of each owner.
async fn owners(streamed: &Streamed) -> BTreeMap<Option<String>, usize> {
    let mut owners = BTreeMap::new();
    for lease in leases(streamed).await {
        *owners.entry(lease.owner).or_default() += 1;
    }
    owners
}

#[tokio::test(start_paused = true)]
async fn workers_share_the_shards_and_take_over_from_a_dead_one() {
    let (streamed, _model) = Streamed::with_shards(ShardPlan::none().shards(6)).await;
    let (customers, seen) = (customers(30), Seen::default());
    let first = consume(reader(&streamed).worker("a").shards(), seen.clone(), Duration::ZERO);
    put(&streamed, &customers, 0).await;
    wait_for(&seen, 30).await;
    assert_eq!(owners(&streamed).await, BTreeMap::from([(Some("a".into()), 6)]));
    let others = ["b", "c"].map(|worker| {
        let reader = reader(&streamed).worker(worker);
        let metrics = reader.metrics();
        (consume(reader.shards(), seen.clone(), Duration::ZERO), metrics)
    });
    tokio::time::sleep(60 * SECOND).await;
    let shares = ["a", "b", "c"].map(|worker| (Some(worker.to_owned()), 2));
    assert_eq!(owners(&streamed).await, BTreeMap::from(shares));
    put(&streamed, &customers, 1).await;
    wait_for(&seen, 60).await;
    // Shards are given from one to another after what has begun is done: nothing comes twice.
    assert_all(&seen, &customers, 1);
    first.abort();
    put(&streamed, &customers, 2).await;
    tokio::time::sleep(30 * SECOND).await;
    assert_all(&seen, &customers, 2);
    let metrics: Vec<&ReaderMetrics> = others.iter().map(|(_, metrics)| metrics).collect();
    assert_eq!(metrics.iter().map(|metrics| metrics.shards_owned()).collect::<Vec<_>>(), [3, 3]);
    assert_eq!(metrics.iter().map(|metrics| metrics.leases_lost()).sum::<u64>(), 0);
}

/// A worker that sleeps for longer than its lease lasts: it is not polled.
async fn asleep(fault: Option<KnownFault>) -> (Result<(), ShardError>, Checkpoint, Checkpoint) {
    let streamed = Streamed::new().await;
    let customers = customers(1);
    for number in 0..4 {
        put(&streamed, &customers, number).await;
    }
    let mut shards = reader(&streamed).worker("asleep").shards();
    let mut shard: ShardStream<Order> = shards.next().await.unwrap().unwrap();
    let held = shard.next().await.unwrap().unwrap();
    let runtime = std::thread::scope(|scope| {
        // The time of the other worker goes on in a runtime of its own, while this thread stands still.
        scope
            .spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread();
                let runtime = { runtime }.enable_all().start_paused(true).build().unwrap();
                runtime.block_on(async {
                    let seen = Seen::default();
                    let worker =
                        consume(reader(&streamed).worker("awake").shards(), seen.clone(), Duration::ZERO);
                    wait_for(&seen, 4).await;
                    assert_eq!(seen.numbers_of("c-0"), [0, 1, 2, 3]);
                    tokio::time::sleep(10 * SECOND).await;
                    worker.abort();
                });
            })
            .join()
    });
    runtime.unwrap();
    let before = streamed.lease().await;
    assert_eq!(before.owner.as_deref(), Some("awake"));
    KnownFault::put_back(fault);
    // It wakes: its clock does not tell that it slept.
    held.acknowledge();
    tokio::time::sleep(20 * SECOND).await;
    let next = shard.next().await.unwrap().map(|delivery| delivery.acknowledge());
    KnownFault::put_back(None);
    let after = streamed.lease().await;
    (next, before.checkpoint, after.checkpoint)
}

#[tokio::test(start_paused = true)]
async fn an_owner_that_slept_writes_nothing() {
    let (next, before, after) = asleep(None).await;
    assert!(matches!(next, Err(ShardError::LeaseLost(lost)) if !lost.shard_id().is_empty()));
    assert_eq!(before, after);
}

#[tokio::test(start_paused = true)]
async fn without_fencing_an_owner_that_slept_is_found() {
    let (_, before, after) = asleep(Some(KnownFault::UnfencedCheckpoint)).await;
    assert_ne!(before, after);
}

#[tokio::test(start_paused = true)]
async fn without_the_order_of_the_lineage_a_child_is_found() {
    let run = async |fault| {
        let (streamed, model) = Streamed::with_shards(ShardPlan::none()).await;
        let (customers, seen) = (customers(2), Seen::default());
        for number in 0..3 {
            // Two of each customer, so that shards that are read at once mix them.
            put(&streamed, &customers, 2 * number).await;
            put(&streamed, &customers, 2 * number + 1).await;
            model.roll_over(&open(&streamed, &model)[0]).unwrap();
        }
        KnownFault::put_back(fault);
        let worker = consume(reader(&streamed).shards(), seen.clone(), SECOND);
        wait_for(&seen, 12).await;
        KnownFault::put_back(None);
        worker.abort();
        seen.numbers_of("c-0").is_sorted()
    };
    assert!(run(None).await);
    assert!(!run(Some(KnownFault::ChildBeforeParent)).await);
}

/// A slow consumer finishes what it has, before the lease goes to the worker that has asked for it.
#[tokio::test(start_paused = true)]
async fn a_lease_is_given_away_when_what_was_begun_is_done() {
    let (streamed, _model) = Streamed::with_shards(ShardPlan::none().shards(2)).await;
    let (customers, seen) = (customers(8), Seen::default());
    for number in 0..10 {
        put(&streamed, &customers, number).await;
    }
    consume(reader(&streamed).worker("a").shards(), seen.clone(), SECOND / 2);
    tokio::time::sleep(3 * SECOND).await;
    consume(reader(&streamed).worker("b").shards(), seen.clone(), SECOND / 2);
    wait_for(&seen, 80).await;
    assert_all(&seen, &customers, 9);
    assert_eq!(owners(&streamed).await.len(), 2);
}

/// A consumer that acknowledges many at once sees the end of the shard before, and its child is read then.
#[tokio::test(start_paused = true)]
async fn a_shard_ends_for_a_consumer_that_holds_its_deliveries() {
    let (streamed, model) = Streamed::with_shards(ShardPlan::none()).await;
    let customers = customers(3);
    put(&streamed, &customers, 0).await;
    model.roll_over(&open(&streamed, &model)[0]).unwrap();
    put(&streamed, &customers, 1).await;
    let mut shards = reader(&streamed).shards();
    let mut shard: ShardStream<Order> = shards.next().await.unwrap().unwrap();
    let mut held = Vec::new();
    for _ in &customers {
        held.push(shard.next().await.unwrap().unwrap());
    }
    let end = tokio::time::timeout(30 * SECOND, shard.next()).await;
    assert!(matches!(end, Ok(None)), "{end:?}");
    drop(shard);
    held.into_iter().for_each(|delivery| delivery.acknowledge());
    let child = tokio::time::timeout(60 * SECOND, shards.next()).await;
    assert!(matches!(child, Ok(Some(Ok(_)))), "{child:?}");
    assert_eq!(leases(&streamed).await.iter().filter(|lease| lease.checkpoint.is_end()).count(), 1);
}

/// At shutdown, leases are given back at once: another worker need not wait until they expire.
#[tokio::test(start_paused = true)]
async fn shutdown_gives_leases_back() {
    let (streamed, _model) = Streamed::with_shards(ShardPlan::none().shards(3)).await;
    let (customers, seen) = (customers(9), Seen::default());
    put(&streamed, &customers, 0).await;
    let mut shards = reader(&streamed).worker("a").shards();
    let mut open = Vec::new();
    for _ in 0..3 {
        let mut shard: ShardStream<Order> = shards.next().await.unwrap().unwrap();
        let delivery = shard.next().await.unwrap().unwrap();
        open.push((shard, delivery));
    }
    shards.begin_shutdown();
    tokio::time::sleep(SECOND).await;
    assert_eq!(owners(&streamed).await, BTreeMap::from([(Some("a".into()), 3)]), "something is in hand");
    for (mut shard, delivery) in open {
        delivery.acknowledge();
        assert!(shard.next().await.is_none());
    }
    shards.shutdown().await.unwrap();
    let leases = leases(&streamed).await;
    assert!(leases.iter().all(|lease| lease.owner.is_none()), "{leases:?}");
    assert!(leases.iter().all(|lease| lease.checkpoint.after().is_some()), "{leases:?}");
    consume(reader(&streamed).worker("b").shards(), seen.clone(), Duration::ZERO);
    tokio::time::sleep(SECOND).await;
    assert_eq!(seen.count(), 6);
}

/// Answers DescribeStream late, once it is told to.
#[derive(Debug)]
struct Late {
    next: SharedTransport,
    is_late: watch::Sender<bool>,
    asked: Arc<Notify>,
}

impl Transport for Late {
    fn call(&self, request: Request) -> TransportFuture<'_> {
        if request.operation != "DescribeStream" || !*self.is_late.borrow() {
            return self.next.call(request);
        }
        self.asked.notify_one();
        Box::pin(async move {
            tokio::time::sleep(20 * SECOND).await;
            self.next.call(request).await
        })
    }
}

/// At shutdown, a request that has no answer yet keeps no lease.
#[tokio::test(start_paused = true)]
async fn leases_are_given_back_while_the_stream_is_described() {
    let (is_late, asked) = (watch::Sender::new(false), Arc::new(Notify::new()));
    let (late, noted) = (is_late.clone(), asked.clone());
    let local = Local::memory().unwrap().with_shards(ShardPlan::none()).0;
    let local = local.wrap(|next: SharedTransport| Late { next, is_late: late, asked: noted });
    let streamed = Streamed::on(local).await;
    put(&streamed, &customers(1), 0).await;
    let mut shards = reader(&streamed).worker("a").shards();
    let mut shard: ShardStream<Order> = shards.next().await.unwrap().unwrap();
    shard.next().await.unwrap().unwrap().acknowledge();
    is_late.send_replace(true);
    asked.notified().await;
    shards.begin_shutdown();
    assert!(timeout(SECOND, shard.next()).await.expect("the shard ends").is_none());
    tokio::time::sleep(SECOND).await;
    assert_eq!(owners(&streamed).await, BTreeMap::from([(None, 1)]));
    shards.shutdown().await.unwrap();
}

/// The task that reads ahead stops when its buffer is full.
#[tokio::test(start_paused = true)]
async fn a_slow_consumer_is_not_read_ahead_of() {
    let (streamed, model) = Streamed::with_shards(ShardPlan::none()).await;
    let customers = customers(1);
    for number in 0..40 {
        put(&streamed, &customers, number).await;
    }
    let mut shards = reader(&streamed).buffered(5).shards();
    let mut shard: ShardStream<Order> = shards.next().await.unwrap().unwrap();
    tokio::time::sleep(100 * SECOND).await;
    let read = |model: &dynamap_local::shards::ShardModel| -> usize {
        use dynamap_local::shards::{ShardAnswer, ShardEvent};
        let records = |event| match event {
            ShardEvent::Answered { answer: ShardAnswer::Records { records, .. }, .. } => records,
            _ => 0,
        };
        model.log().into_iter().map(|logged| records(logged.event)).sum()
    };
    assert_eq!(read(&model), 10, "the buffer, and a page");
    for _ in 0..40 {
        shard.next().await.unwrap().unwrap().acknowledge();
    }
    assert_eq!(read(&model), 40);
}
