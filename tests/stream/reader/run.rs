//! A handler that is run over the changes of a stream.

use super::Streamed;
use super::consumer::{SECOND, customers, put, reader};
use crate::model::{Order, Status, order};
use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::stream::reader::{Checkpoint, Lease, StreamReaderError};
use dynamap::stream::{Change, ChangeRecord, PoisonRecord};
use dynamap_local::shards::ShardPlan;
use std::collections::{BTreeMap, BTreeSet};
use std::future::pending;
use std::sync::{Arc, Mutex};

type Log = Arc<Mutex<Vec<(String, u32)>>>;

fn order_of(record: &ChangeRecord<Order>) -> (String, u32) {
    match &record.change {
        Change::Insert { new } | Change::Modify { new, .. } => (new.customer_id.clone(), new.number),
        Change::Remove { old } => (old.customer_id.clone(), old.number),
    }
}

type NotNow = &'static str;

#[tokio::test(start_paused = true)]
async fn changes_of_an_item_are_handled_in_order_and_those_of_several_at_once() {
    let (streamed, _model) = Streamed::with_shards(ShardPlan::none().shards(2)).await;
    let customers = customers(6);
    for total in 0..5_u32 {
        for customer_id in customers.clone() {
            let order = Order { customer_id, total: total.into(), ..order(Status::Open) };
            streamed.shop.put(&order).send().await.unwrap();
        }
    }
    let (log, busy, most) = (Log::default(), Arc::new(Mutex::new(BTreeSet::new())), Arc::new(Mutex::new(0)));
    let handle = {
        let (log, busy, most) = (log.clone(), busy.clone(), most.clone());
        move |record: ChangeRecord<Order>| {
            let (log, busy, most) = (log.clone(), busy.clone(), most.clone());
            async move {
                let (customer, _) = order_of(&record);
                assert!(busy.lock().unwrap().insert(customer.clone()), "an item is handled twice at once");
                let now = busy.lock().unwrap().len();
                let before = *most.lock().unwrap();
                *most.lock().unwrap() = before.max(now);
                tokio::time::sleep(SECOND).await;
                busy.lock().unwrap().remove(&customer);
                let number: u128 = record.sequence_number().as_str().parse().unwrap();
                log.lock().unwrap().push((customer, (number % 1_000_000) as u32));
                Ok::<_, NotNow>(())
            }
        }
    };
    let run = reader(&streamed).run(handle, tokio::time::sleep(30 * SECOND)).concurrency(2);
    run.await.unwrap();
    let log = log.lock().unwrap().clone();
    assert_eq!(log.len(), 30);
    for customer in &customers {
        let numbers: Vec<u32> =
            log.iter().filter(|(of, _)| of == customer).map(|(_, number)| *number).collect();
        assert!(numbers.len() == 5 && numbers.is_sorted_by(|a, b| a < b), "{numbers:?}");
    }
    assert_eq!(*most.lock().unwrap(), 4, "two for each shard");
    let leases: Vec<Lease> = streamed.leases.scan::<Lease>().try_collect().await.unwrap();
    assert!(
        leases.iter().all(|lease| lease.owner.is_none() && lease.checkpoint.after().is_some()),
        "{leases:?}"
    );
}

/// The order with the number 2 fails for so many attempts.
async fn fail(
    attempts: u32,
    takes: Option<bool>,
) -> (Result<(), StreamReaderError>, Vec<u32>, Vec<String>, Streamed) {
    let streamed = Streamed::new().await;
    for number in 0..5 {
        put(&streamed, &customers(1), number).await;
    }
    let (log, tried, poison) = (Log::default(), Arc::new(Mutex::new(0)), Arc::new(Mutex::new(Vec::new())));
    let handle = {
        let log = log.clone();
        move |record: ChangeRecord<Order>| {
            let (log, tried) = (log.clone(), tried.clone());
            async move {
                let order = order_of(&record);
                if order.1 == 2 {
                    *tried.lock().unwrap() += 1;
                    if *tried.lock().unwrap() <= attempts {
                        return Err("not now");
                    }
                }
                log.lock().unwrap().push(order);
                Ok(())
            }
        }
    };
    let mut run = reader(&streamed).run(handle, tokio::time::sleep(20 * SECOND)).max_attempts(3);
    if let Some(takes) = takes {
        let poison = poison.clone();
        run = run.on_poison(move |record| {
            let poison = poison.clone();
            async move {
                poison.lock().unwrap().push(format!("{record:?}"));
                let PoisonRecord::Failed { attempts: 3, .. } = record else { panic!("{record:?}") };
                if takes { Ok(()) } else { Err("not now") }
            }
        });
    }
    let ended = run.await;
    let numbers = log.lock().unwrap().iter().map(|(_, number)| *number).collect();
    let poison = poison.lock().unwrap().clone();
    (ended, numbers, poison, streamed)
}

#[tokio::test(start_paused = true)]
async fn a_change_that_fails_is_tried_again() {
    let (ended, numbers, poison, _) = fail(2, Some(true)).await;
    ended.unwrap();
    assert_eq!((numbers.into_iter().collect::<BTreeSet<_>>(), poison.len()), ((0..5).collect(), 0));
}

#[tokio::test(start_paused = true)]
async fn a_poison_record_that_is_taken_is_done() {
    let (ended, numbers, poison, streamed) = fail(99, Some(true)).await;
    ended.unwrap();
    assert_eq!((numbers.len(), poison.len()), (4, 1));
    assert!(!poison[0].contains("c-0") || !poison[0].contains("Zürich"), "{poison:?}");
    assert!(streamed.lease().await.checkpoint.after().is_some());
}

#[tokio::test(start_paused = true)]
async fn a_poison_record_that_is_not_taken_stops_the_reader() {
    for takes in [None, Some(false)] {
        let (ended, numbers, _, streamed) = fail(99, takes).await;
        let Err(StreamReaderError::Stopped { sequence_number: Some(stopped), .. }) = ended else {
            panic!("{ended:?}")
        };
        assert!(numbers.len() < 5);
        let checkpoint = streamed.lease().await.checkpoint;
        assert!(matches!(&checkpoint, Checkpoint::After(number) if *number < stopped), "{checkpoint:?}");
        // It begins with the record when it is started again.
        let again = Log::default();
        let log = again.clone();
        let handle = move |record: ChangeRecord<Order>| {
            log.lock().unwrap().push(order_of(&record));
            async { Ok::<_, NotNow>(()) }
        };
        reader(&streamed).run(handle, tokio::time::sleep(20 * SECOND)).await.unwrap();
        let numbers: Vec<u32> = again.lock().unwrap().iter().map(|(_, number)| *number).collect();
        assert!(numbers.contains(&2) && numbers.contains(&3), "{numbers:?}");
    }
}

/// An item that is no order, by the name of an order.
#[tokio::test(start_paused = true)]
async fn a_record_that_cannot_be_read_is_poison() {
    let streamed = Streamed::new().await;
    put(&streamed, &customers(1), 0).await;
    let text = |text: &str| AttributeValue::S(text.into());
    let item =
        [("pk", "CUSTOMER#c-1"), ("sk", "ORDER#0000000001"), ("entity_type", "Order"), ("status", "Lost")];
    let mut request = streamed.local.client().put_item().table_name("shop");
    for (name, value) in item {
        request = request.item(name, text(value));
    }
    request.send().await.unwrap();
    put(&streamed, &customers(1), 2).await;
    let (log, poison) = (Log::default(), Arc::new(Mutex::new(0)));
    let (seen, count) = (log.clone(), poison.clone());
    let run = reader(&streamed)
        .run(
            move |record| {
                log.lock().unwrap().push(order_of(&record));
                async { Ok::<_, NotNow>(()) }
            },
            tokio::time::sleep(20 * SECOND),
        )
        .on_poison(move |record| {
            assert!(matches!(record, PoisonRecord::Unreadable(_)), "{record:?}");
            *poison.lock().unwrap() += 1;
            async { Ok::<_, NotNow>(()) }
        });
    run.await.unwrap();
    assert_eq!((seen.lock().unwrap().len(), *count.lock().unwrap()), (2, 1));
}

/// What is handled when a worker dies is handled again, and nothing else is missing.
#[tokio::test(start_paused = true)]
async fn a_worker_that_dies_loses_nothing() {
    let (streamed, model) = Streamed::with_shards(ShardPlan::none().shards(2)).await;
    let customers = customers(5);
    let log = Log::default();
    let worker = |number: u32| {
        let (log, reader) = (log.clone(), reader(&streamed).worker(format!("w-{number}")));
        tokio::spawn(
            reader
                .run(
                    move |record| {
                        let log = log.clone();
                        async move {
                            tokio::time::sleep(SECOND / 4).await;
                            log.lock().unwrap().push(order_of(&record));
                            Ok::<_, NotNow>(())
                        }
                    },
                    pending(),
                )
                .concurrency(3)
                .into_future(),
        )
    };
    let mut workers = [worker(0), worker(1)];
    for number in 0..12 {
        put(&streamed, &customers, number).await;
        if number % 4 == 1 {
            let shards = model.shards(&streamed.arn);
            let open = shards.iter().find(|shard| shard.ending.is_none()).unwrap();
            model.split(&open.id).unwrap();
        }
        tokio::time::sleep(SECOND).await;
        workers[number as usize % 2].abort();
        workers[number as usize % 2] = worker(number + 2);
    }
    tokio::time::sleep(200 * SECOND).await;
    let log = log.lock().unwrap();
    for customer in &customers {
        let numbers: Vec<u32> =
            log.iter().filter(|(of, _)| of == customer).map(|(_, number)| *number).collect();
        let mut firsts = BTreeMap::new();
        numbers.iter().enumerate().for_each(|(at, number)| {
            firsts.entry(*number).or_insert(at);
        });
        assert_eq!(firsts.len(), 12, "{customer}: {numbers:?}");
    }
}
