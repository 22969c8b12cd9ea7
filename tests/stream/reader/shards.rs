//! Shards that split, roll over, are trimmed and listed late: each is a fault that another reader of streams had.

use super::Streamed;
use super::consumer::{SECOND, Seen, assert_all, consume, customers, open, put, reader, wait_for};
use crate::model::Order;
use dynamap::stream::reader::{Lease, StartAt, StreamReader, StreamReaderError};
use dynamap_local::shards::{ShardAnswer, ShardEvent as ModelEvent, ShardPlan};
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3600);

/// Camel (CAMEL-24154): records were lost where a shard was split while it was read, and after a restart.
#[tokio::test(start_paused = true)]
async fn nothing_is_lost_when_shards_split() {
    let (streamed, model) = Streamed::with_shards(ShardPlan::none()).await;
    let (customers, seen) = (customers(12), Seen::default());
    consume(reader(&streamed).shards(), seen.clone(), Duration::ZERO);
    for number in 0..6 {
        put(&streamed, &customers, number).await;
        if number < 4 {
            for shard in open(&streamed, &model) {
                model.split(&shard).unwrap();
            }
        }
        tokio::time::sleep(if number % 2 == 0 { SECOND / 4 } else { 20 * SECOND }).await;
    }
    wait_for(&seen, 72).await;
    assert_all(&seen, &customers, 5);
    assert_eq!(seen.gaps(), 0);
}

/// Camel (CAMEL-24154): of more than 100 shards, only those of the first page were read.
#[tokio::test(start_paused = true)]
async fn shards_behind_the_first_page_are_read() {
    let (streamed, model) = Streamed::with_shards(ShardPlan::none().page_size(2)).await;
    let (customers, seen) = (customers(12), Seen::default());
    for number in 0..4 {
        put(&streamed, &customers, number).await;
        for shard in open(&streamed, &model) {
            model.split(&shard).unwrap();
        }
    }
    put(&streamed, &customers, 4).await;
    assert_eq!(model.shards(&streamed.arn).len(), 31);
    consume(reader(&streamed).shards(), seen.clone(), Duration::ZERO);
    wait_for(&seen, 60).await;
    assert_all(&seen, &customers, 4);
}

/// Artie (reader #422), Flink (#151): children were read while their parent was, so that the changes of an item came out of
/// order.
#[tokio::test(start_paused = true)]
async fn a_child_waits_until_its_parent_is_acknowledged() {
    let delays = Duration::ZERO..=60 * SECOND;
    let (streamed, model) = Streamed::with_shards(ShardPlan::none().listing_delay(delays)).await;
    let (customers, seen) = (customers(3), Seen::default());
    for number in 0..8 {
        put(&streamed, &customers, number).await;
        let open = open(&streamed, &model);
        match number % 2 {
            0 => drop(model.split(&open[0]).unwrap()),
            _ => drop(model.roll_over(&open[0]).unwrap()),
        }
    }
    put(&streamed, &customers, 8).await;
    // Two workers, whose consumers are slow.
    let workers =
        ["a", "b"].map(|worker| consume(reader(&streamed).worker(worker).shards(), seen.clone(), SECOND));
    wait_for(&seen, 27).await;
    assert_all(&seen, &customers, 8);
    workers.iter().for_each(|worker| worker.abort());
}

/// Teleport (#65534): a child that was found later was opened at its latest record.
#[tokio::test(start_paused = true)]
async fn a_start_at_the_latest_is_not_for_children() {
    let (streamed, model) = Streamed::with_shards(ShardPlan::none()).await;
    let (customers, seen) = (customers(4), Seen::default());
    put(&streamed, &customers, 0).await;
    consume(reader(&streamed).start_at(StartAt::Latest).shards(), seen.clone(), Duration::ZERO);
    tokio::time::sleep(10 * SECOND).await;
    for number in 1..4 {
        // What is written to the child before it is listed counts as well.
        model.split(&open(&streamed, &model)[0]).unwrap();
        put(&streamed, &customers, number).await;
        wait_for(&seen, 4 * number as usize).await;
    }
    for customer in &customers {
        assert_eq!(seen.numbers_of(customer), [1, 2, 3]);
    }
}

/// Redpanda Connect (#4545), node-dynamodb-stream (#5): the expired iterator was used again and again.
#[tokio::test(start_paused = true)]
async fn an_expired_iterator_is_replaced() {
    let (streamed, model) = Streamed::with_shards(ShardPlan::none()).await;
    let (customers, seen) = (customers(2), Seen::default());
    consume(reader(&streamed).start_at(StartAt::Latest).shards(), seen.clone(), Duration::ZERO);
    tokio::time::sleep(SECOND).await;
    for number in 0..3 {
        model.expire_iterators();
        put(&streamed, &customers, number).await;
        tokio::time::sleep(30 * SECOND).await;
    }
    assert_all(&seen, &customers, 2);
    let expired = ShardAnswer::Error("ExpiredIteratorException".into());
    let is_expired =
        |event: &ModelEvent| matches!(event, ModelEvent::Answered { answer, .. } if *answer == expired);
    assert_eq!(model.log().iter().filter(|logged| is_expired(&logged.event)).count(), 3);
}

/// Spanner migration tool (#347), Bloop (#141): a parent that was trimmed was waited for, or a crash.
#[tokio::test(start_paused = true)]
async fn a_parent_that_was_trimmed_is_not_waited_for() {
    let (streamed, model) = Streamed::with_shards(ShardPlan::none().roll_over_every(Duration::MAX)).await;
    let (customers, seen) = (customers(2), Seen::default());
    put(&streamed, &customers, 0).await;
    model.roll_over(&open(&streamed, &model)[0]).unwrap();
    tokio::time::sleep(25 * HOUR).await;
    put(&streamed, &customers, 1).await;
    consume(reader(&streamed).shards(), seen.clone(), Duration::ZERO);
    tokio::time::sleep(60 * SECOND).await;
    assert_eq!((seen.numbers_of(&customers[0]), seen.gaps()), (vec![1], 0));
}

/// What was trimmed while no worker ran is told, also where the shard is gone, and that between it and what is left.
#[tokio::test(start_paused = true)]
async fn what_was_trimmed_is_a_gap() {
    for rolls in 0..3 {
        let (streamed, model) = Streamed::with_shards(ShardPlan::none().roll_over_every(Duration::MAX)).await;
        let (customers, seen) = (customers(1), Seen::default());
        put(&streamed, &customers, 0).await;
        let worker = consume(reader(&streamed).shards(), seen.clone(), Duration::ZERO);
        tokio::time::sleep(10 * SECOND).await;
        worker.abort();
        tokio::time::sleep(SECOND).await;
        for roll in 0..=rolls {
            put(&streamed, &customers, 1).await;
            // With this the model has the record, so that its age counts.
            let open = open(&streamed, &model);
            if roll < rolls {
                model.roll_over(&open[0]).unwrap();
            }
        }
        tokio::time::sleep(25 * HOUR).await;
        put(&streamed, &customers, 3).await;
        let worker = consume(reader(&streamed).shards(), seen.clone(), Duration::ZERO);
        tokio::time::sleep(60 * SECOND).await;
        assert_eq!(seen.numbers_of(&customers[0]), [0, 3], "{rolls}");
        assert!((1..=2).contains(&seen.gaps()), "{rolls}: {seen:?}");
        assert!(seen.told().iter().any(|gap| gap.after().is_some()));
        worker.abort();
    }
}

/// Data Prepper (#3614): the end of a shard was noted before its last records were handled.
#[tokio::test(start_paused = true)]
async fn a_shard_is_finished_when_all_its_records_are_acknowledged() {
    let (streamed, model) = Streamed::with_shards(ShardPlan::none()).await;
    let (customers, seen) = (customers(1), Seen::default());
    for number in 0..5 {
        put(&streamed, &customers, number).await;
    }
    model.roll_over(&open(&streamed, &model)[0]).unwrap();
    let worker = consume(reader(&streamed).shards(), seen.clone(), 10 * SECOND);
    tokio::time::sleep(45 * SECOND).await;
    let leases: Vec<_> = streamed.leases.scan::<Lease>().try_collect().await.unwrap();
    assert!(leases.iter().all(|lease| !lease.checkpoint.is_end()), "{leases:?}");
    worker.abort();
    // Another goes on after the last that is known to be handled.
    consume(reader(&streamed).shards(), seen.clone(), Duration::ZERO);
    tokio::time::sleep(60 * SECOND).await;
    let mut numbers = seen.numbers_of(&customers[0]);
    assert_eq!(numbers.last(), Some(&4));
    numbers.dedup();
    assert!(numbers.len() <= 7, "only what was not in a checkpoint comes again: {numbers:?}");
    let leases: Vec<_> = streamed.leases.scan::<Lease>().try_collect().await.unwrap();
    assert_eq!(leases.iter().filter(|lease| lease.checkpoint.is_end()).count(), 1);
}

/// The leases of shards that the stream does not have any more are deleted, in the end.
#[tokio::test(start_paused = true)]
async fn leases_of_shards_that_are_gone_are_deleted() {
    let (streamed, model) = Streamed::with_shards(ShardPlan::none()).await;
    let (customers, seen) = (customers(2), Seen::default());
    let reader = reader(&streamed).poll_interval(600 * SECOND).lease_duration(900 * SECOND);
    consume(reader.listing_interval(HOUR / 2).shards(), seen.clone(), Duration::ZERO);
    for number in 0..40 {
        put(&streamed, &customers, number).await;
        tokio::time::sleep(HOUR).await;
    }
    let leases: Vec<_> = streamed.leases.scan::<Lease>().try_collect().await.unwrap();
    assert!(model.shards(&streamed.arn).len() >= 10 && leases.len() <= 8, "{}", leases.len());
    assert_all(&seen, &customers, 39);
    assert_eq!(seen.gaps(), 0);
}

/// A stream that is disabled is read to its end; one that is not there is an error.
#[tokio::test(start_paused = true)]
async fn the_reader_ends_with_its_stream() {
    let (streamed, model) = Streamed::with_shards(ShardPlan::none().shards(3)).await;
    let (customers, seen) = (customers(6), Seen::default());
    put(&streamed, &customers, 0).await;
    let worker = consume(reader(&streamed).shards(), seen.clone(), Duration::ZERO);
    tokio::time::sleep(SECOND).await;
    put(&streamed, &customers, 1).await;
    model.disable(&streamed.arn).unwrap();
    worker.await.unwrap().unwrap();
    assert_all(&seen, &customers, 1);
    assert_eq!(seen.count(), 12);
    let absent: StreamReader<Order> = StreamReader::new(
        streamed.local.streams_client(),
        streamed.arn.replace("shop", "shup"),
        streamed.leases.clone(),
    );
    let ended = consume(absent.shards(), seen, Duration::ZERO).await.unwrap();
    assert!(matches!(ended, Err(StreamReaderError::StreamNotFound { .. })), "{ended:?}");
}
