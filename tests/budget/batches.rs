//! The budget under batches, while parts of them are unprocessed and whole requests are throttled.

use crate::engine::{Book, Shelf, book, shelf};
use crate::seed;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use dynamap::batch::{BatchWrite, Fetched};
use dynamap::capacity::{Meter, Units, entity_size, write_units};
use dynamap::{Budget, Table};
use dynamap_local::Local;
use dynamap_local::faults::{Fault, Plan, Processed, Throttling, When};
use fastrand::Rng;
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout};

const RATE: f64 = 50.0;

/// Longer than a request needs: what is given back to a full bucket is lost.
const BURST: Duration = Duration::from_secs(4);

/// With this chance, whatever the request is.
fn sometimes(random: &mut Rng, percent: u8) -> When {
    let random = Mutex::new(random.fork());
    When::matching(move |_| random.lock().unwrap().u8(..100) < percent).always()
}

/// Some of many requests' items are left unprocessed, but never most of them, and a tenth of the requests is throttled.
async fn faulty(local: &Local, random: &mut Rng) -> Table<Shelf> {
    let throttled = (sometimes(random, 10), Fault::Throttle(Throttling::KeyRange));
    let parts = (0..8).map(|_| (sometimes(random, 11), Fault::Partial(Processed::Mask(mask(random)))));
    let script: Vec<_> = [throttled].into_iter().chain(parts).collect();
    let plan = Plan::script(script).latency(Duration::ZERO..=Duration::from_millis(40));
    shelf(&local.with_faults(plan).0, RetryConfig::disabled()).await
}

/// One item of eight is not processed.
fn mask(random: &mut Rng) -> u128 {
    (0..3).fold(0, |mask, _| mask | random.u128(..))
}

/// A book of its own number.
fn numbered(random: &mut Rng, number: u32) -> Book {
    Book { number, ..book(random) }
}

fn all_but(error: f64, used: f64, left: f64, start: Instant, seed: u64) {
    // The budget began with the burst, and a debt is paid later.
    let rate = (used + left - RATE * BURST.as_secs_f64()) / (RATE * start.elapsed().as_secs_f64());
    println!("{used} used, {left} left after {:?}: {rate}", start.elapsed());
    assert!((rate - 1.0).abs() <= error, "{rate}, DYNAMAP_SEED={seed}");
}

/// Some virtual minutes of puts of all sizes and of deletes.
#[tokio::test(start_paused = true)]
async fn a_batch_write_keeps_to_the_rate_and_loses_nothing() {
    let seed = seed();
    fastrand::seed(seed);
    let mut random = Rng::with_seed(seed);
    let local = Local::memory().unwrap();
    let plain = shelf(&local, RetryConfig::standard()).await;
    let old: Vec<Book> = (0..500).map(|number| numbered(&mut random, number)).collect();
    plain.batch_write().write_all(old.iter().cloned().map(BatchWrite::put)).send().await.unwrap();

    let (budget, meter) = (Budget::builder().writes(RATE).burst(BURST).build().unwrap(), Meter::new());
    let table = faulty(&local, &mut random).await;
    let mut expected: BTreeMap<(u32, u32), Book> = BTreeMap::new();
    let deleted = old.iter().map(|book| BatchWrite::delete(Book::key(book.shelf, book.number)));
    let mut writes: Vec<BatchWrite<Shelf>> = deleted.collect();
    for number in 500..4000 {
        let book = numbered(&mut random, number);
        expected.insert((book.shelf, number), book.clone());
        writes.push(BatchWrite::put(book));
    }
    random.shuffle(&mut writes);
    let (start, count, mut told) = (Instant::now(), writes.len() as u64, 0);
    let batch = table.batch_write().write_all(writes).on_progress(|progress| told = progress.done);
    let report = batch.budget(&budget).meter(&meter).send().await.unwrap();

    assert_eq!((report.written(), told), (count, count), "DYNAMAP_SEED={seed}");
    let consumed = report.consumed().unwrap();
    assert_eq!((consumed, consumed.requests), (&meter.consumed(), report.requests()));
    all_but(0.01, consumed.table.write, budget.available(None).write, start, seed);
    let stored = plain.scan::<Book>().try_collect().await.unwrap();
    let stored: BTreeMap<_, _> = stored.into_iter().map(|book| ((book.shelf, book.number), book)).collect();
    assert!(stored == expected, "{} of {}, DYNAMAP_SEED={seed}", stored.len(), expected.len());
}

#[tokio::test(start_paused = true)]
async fn a_batch_get_keeps_to_the_rate_and_loses_nothing() {
    let seed = seed();
    fastrand::seed(seed);
    let mut random = Rng::with_seed(seed);
    let local = Local::memory().unwrap();
    let plain = shelf(&local, RetryConfig::standard()).await;
    let books: Vec<Book> = (0..2000).map(|number| numbered(&mut random, number)).collect();
    plain.batch_write().write_all(books.iter().cloned().map(BatchWrite::put)).send().await.unwrap();

    let (budget, meter) = (Budget::builder().reads(RATE).burst(BURST).build().unwrap(), Meter::new());
    let table = faulty(&local, &mut random).await.with_budget(&budget).with_meter(&meter);
    let keys: Vec<_> = (0..3000)
        .map(|number| Book::key(books.get(number as usize).map_or(9, |book| book.shelf), number))
        .collect();
    let start = Instant::now();
    let fetched = table.batch_get(keys).consistent_read().send().await.unwrap();
    all_but(0.03, meter.consumed().table.read, budget.available(None).read, start, seed);
    let found: Vec<Book> = fetched.into_iter().filter_map(Fetched::found).collect();
    assert!(found == books, "{} of {}, DYNAMAP_SEED={seed}", found.len(), books.len());
}

/// So many books that cost a unit each.
fn small(count: u32) -> impl Iterator<Item = BatchWrite<Shelf>> {
    let mut random = Rng::with_seed(7);
    let book = move |number| Book { shelf: 1, ..numbered(&mut random, number) };
    let books = (0..).map(book).filter(|book| write_units(entity_size(book).unwrap()) == 1.0);
    books.take(count as usize).map(BatchWrite::put)
}

/// DynamoDB does not tell what had no throughput where it leaves a part of a batch: most of it is a sign, a little is not.
#[tokio::test(start_paused = true)]
async fn what_is_left_of_a_batch_slows_down() {
    let local = Local::memory().unwrap();
    shelf(&local, RetryConfig::disabled()).await;
    for (processed, rate) in [(13, 1000.0), (12, 500.0)] {
        let partial =
            (When::operation("BatchWriteItem").times(1), Fault::Partial(Processed::First(processed)));
        let table = shelf(&local.with_faults(Plan::script([partial])).0, RetryConfig::disabled()).await;
        let budget = Budget::builder().writes(1000.0).build().unwrap();
        table.batch_write().write_all(small(25)).budget(&budget).send().await.unwrap();
        assert_eq!(budget.rate(None).write, rate);
    }
}

/// What was on its way stays charged; what waited takes nothing and hinders nobody.
#[tokio::test(start_paused = true)]
async fn a_dropped_batch_is_charged_for_what_was_sent() {
    let local = Local::memory().unwrap();
    let slow = local.with_faults(Plan::none().latency(Duration::from_secs(5)..=Duration::from_secs(5))).0;
    shelf(&local, RetryConfig::disabled()).await;
    let table = Table::<Shelf>::new(slow.client(), "shelf");
    let budget = Budget::builder().writes(1.0).reads(1.0).burst(Duration::from_secs(60)).build().unwrap();
    let meter = Meter::new();
    let batch = table.batch_write().write_all(small(75)).budget(&budget).meter(&meter).send();
    assert!(timeout(Duration::from_secs(2), batch).await.is_err());
    // Of three requests two were sent.
    assert_eq!(budget.available(None).write.round(), 60.0 - 50.0 + 2.0);
    assert_eq!((meter.consumed().requests, meter.consumed().unanswered), (2, 2));
    let rest = Units { read: 0.0, write: 12.0 };
    drop(timeout(Duration::from_secs(1), budget.reserve(None, rest)).await.unwrap());

    let keys = (0..250).map(|number| Book::key(1, number));
    let batch = table.batch_get(keys).budget(&budget).meter(&meter).send();
    assert!(timeout(Duration::from_secs(2), batch).await.is_err());
    // Of requests of 50, 50 and 25 units the first one.
    assert!((9.0..16.0).contains(&budget.available(None).read), "{budget:?}");
    sleep(Duration::from_secs(60)).await;
    assert_eq!(budget.available(None), Units { read: 60.0, write: 60.0 });
}

/// A batch has one request that waits, not as many as it may send at once.
#[tokio::test(start_paused = true)]
async fn others_have_their_turn_beside_a_batch() {
    let local = Local::memory().unwrap();
    let budget = Budget::builder().writes(25.0).build().unwrap();
    let table = shelf(&local, RetryConfig::disabled()).await.with_budget(&budget);
    let batch = table.batch_write().write_all(small(1000)).send();
    let put = async {
        sleep(Duration::from_secs(5)).await;
        let start = Instant::now();
        let book = Book { number: 5000, ..numbered(&mut Rng::with_seed(1), 1) };
        table.put(&book).send().await.unwrap();
        start.elapsed()
    };
    let (report, waited) = tokio::join!(batch, put);
    assert_eq!(report.unwrap().written(), 1000);
    assert!(waited < Duration::from_secs(3), "{waited:?}");
}

/// To wait for units is not to fail: patience does not run out by it.
#[tokio::test(start_paused = true)]
async fn waiting_costs_no_patience() {
    let local = Local::memory().unwrap();
    shelf(&local, RetryConfig::disabled()).await;
    let throttled = (When::operation("BatchWriteItem").times(2), Fault::Throttle(Throttling::KeyRange));
    let budget = Budget::builder().writes(1.0).burst(Duration::from_secs(25)).build().unwrap();
    let table = shelf(&local.with_faults(Plan::script([throttled])).0, RetryConfig::disabled()).await;
    let table = table.with_budget(&budget);
    let batch = table.batch_write().write_all(small(50)).concurrency(1).retry_timeout(Duration::from_secs(5));
    // Another takes what the throttled request gave back.
    let other = async {
        for _ in 0..4 {
            drop(budget.reserve(None, Units { read: 0.0, write: 20.0 }).await.into_sent());
        }
    };
    let (report, ()) = tokio::join!(batch.send(), other);
    assert_eq!(report.unwrap().written(), 50);
}
