//! The budget under the operations of dynamap, against the embedded engine.

use crate::seed;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use dynamap::capacity::{Meter, Units};
use dynamap::{Budget, Entity, Index, Projection, Table, TableSchema};
use dynamap_local::Local;
use dynamap_local::faults::{Fault, Plan, Processed, Throttling, When};
use fastrand::Rng;
use std::time::Duration;
use tokio::task::LocalSet;
use tokio::time::{Instant, sleep};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", indexes(ByColor))]
pub(crate) struct Shelf;

#[derive(Index)]
#[dynamap(table = Shelf, name = "gsi1", partition_key = "gsi1pk", projection = include("pages"))]
pub(crate) struct ByColor;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shelf, pk = "SHELF#{shelf}", sk = "BOOK#{number}")]
#[dynamap(index = ByColor, pk = "COLOR#{color}")]
pub(crate) struct Book {
    pub(crate) shelf: u32,
    pub(crate) number: u32,
    pub(crate) color: u32,
    pub(crate) pages: u32,
    pub(crate) text: String,
}

#[derive(Debug, Projection)]
#[dynamap(entity = Book, index = ByColor)]
struct Pages {
    #[expect(dead_code, reason = "it is read for its cost")]
    pages: u32,
}

pub(crate) fn book(random: &mut Rng) -> Book {
    let bytes = if random.u32(..10) == 0 { 20_000 } else { 2000 };
    Book {
        shelf: random.u32(..4),
        number: random.u32(..50),
        color: random.u32(..3),
        pages: random.u32(..1000),
        text: "x".repeat(random.usize(..bytes)),
    }
}

pub(crate) async fn shelf(local: &Local, retries: RetryConfig) -> Table<Shelf> {
    let config = dynamap::direct::prepare(local.config()).retry_config(retries).build();
    let shelf = Table::new(aws_sdk_dynamodb::Client::from_conf(config), "shelf");
    shelf.create_table_if_absent().send().await.unwrap();
    shelf
}

/// Some virtual minutes of everything, by 64 tasks.
#[tokio::test(start_paused = true)]
async fn all_operations_keep_to_the_rates() {
    const TIME: Duration = Duration::from_secs(150);
    const RATE: f64 = 10.0;
    let seed = seed();
    fastrand::seed(seed);
    let mut random = Rng::with_seed(seed);
    let budget = Budget::builder().reads(RATE).writes(RATE).build().unwrap();
    let meter = Meter::new();
    let shelf = shelf(&Local::memory().unwrap(), RetryConfig::standard()).await;
    let shelf = shelf.with_budget(&budget).with_meter(&meter);
    let (start, tasks) = (Instant::now(), LocalSet::new());
    for task in 0..64 {
        let (books, mut random) = (shelf.repository::<Book>(), random.fork());
        tasks.spawn_local(async move {
            while start.elapsed() < TIME {
                let book = book(&mut random);
                let key = Book::key(book.shelf, book.number);
                if task % 2 == 0 {
                    match random.u32(..4) {
                        0 => drop(books.create(&book).send().await),
                        1 => books.delete(key).send().await.unwrap(),
                        2 => drop(books.update(key).apply(Book::PAGES.set(book.pages)).send().await),
                        _ => books.put(&book).send().await.unwrap(),
                    }
                } else {
                    match random.u32(..5) {
                        0 => drop(books.query(Book::partition(book.shelf)).send().await.unwrap()),
                        1 => drop(books.query(Book::partition(book.shelf)).limit(3).send().await.unwrap()),
                        2 => drop(books.batch_get([key, Book::key(9, 9)]).send().await.unwrap()),
                        3 => drop(books.scan().page_size(20).send().await.unwrap()),
                        _ => drop(books.get(key).consistent_read().send().await.unwrap()),
                    }
                }
            }
        });
    }
    let (count, left) = (meter.clone(), budget.clone());
    let at_the_end = tasks.spawn_local(async move {
        sleep(TIME).await;
        (count.consumed().table, left.available(None), start.elapsed().as_secs_f64())
    });
    tasks.await;
    let (used, left, seconds) = at_the_end.await.unwrap();
    println!("{used} of {}, {left} left", RATE * seconds);
    let kinds = [("writes", used.write, left.write, 0.01), ("reads", used.read, left.read, 0.03)];
    for (what, used, left, most_error) in kinds {
        // The budget began with the burst, and a debt is paid later.
        let rate = (used + left - RATE) / (RATE * seconds);
        assert!((rate - 1.0).abs() <= most_error, "{what}: {rate}, DYNAMAP_SEED={seed}");
        // No call costs more than 25 units.
        assert!(left >= -25.0, "{what}: a debt of {}, DYNAMAP_SEED={seed}", -left);
    }
}

fn all() -> Budget {
    let budget = Budget::builder().reads(100.0).writes(100.0);
    budget.index_reads("gsi1", 100.0).index_writes("gsi1", 100.0).build().unwrap()
}

fn both(read: f64, write: f64) -> Units {
    Units { read, write }
}

async fn throttled(when: When, throttling: Throttling, times: u64) -> (Table<Shelf>, Budget) {
    let plan = Plan::script([(when.times(times), Fault::Throttle(throttling))]);
    let local = Local::memory().unwrap();
    shelf(&local, RetryConfig::disabled()).await;
    let budget = all();
    let shelf = shelf(&local.with_faults(plan).0, RetryConfig::standard()).await;
    (shelf.with_budget(&budget), budget)
}

/// The rate of what DynamoDB names is halved, and grows again.
#[tokio::test(start_paused = true)]
async fn what_is_throttled_slows_down() {
    let mut random = Rng::with_seed(seed());
    let (shelf, budget) = throttled(When::operation("PutItem"), Throttling::ProvisionedThroughput, 1).await;
    // The SDK tries again, and we have seen it all the same.
    shelf.put(&book(&mut random)).send().await.unwrap();
    let slow = budget.rate(None);
    assert_eq!((slow.read, budget.rate(Some("gsi1"))), (100.0, both(100.0, 100.0)));
    assert!(slow.write < 60.0, "{slow}");
    sleep(Duration::from_secs(2)).await;
    assert!(budget.rate(None).write > slow.write);
    sleep(Duration::from_secs(60)).await;
    assert_eq!(budget.rate(None), both(100.0, 100.0));

    let (shelf, budget) = throttled(When::operation("Query"), Throttling::MaxOnDemandThroughput, 1).await;
    shelf.repository::<Book>().query(Book::by_color(1)).project::<Pages>().send().await.unwrap();
    assert_eq!((budget.rate(None), budget.rate(Some("gsi1"))), (both(100.0, 100.0), both(50.0, 100.0)));

    // A hot partition slows nothing but itself.
    let (shelf, budget) = throttled(When::operation("GetItem"), Throttling::KeyRange, 1).await;
    shelf.get(Book::key(1, 1)).send().await.unwrap();
    assert_eq!(budget.rate(None), both(100.0, 100.0));
}

/// A call that was throttled to its end has used nothing.
#[tokio::test(start_paused = true)]
async fn what_is_throttled_is_not_charged() {
    let mut random = Rng::with_seed(seed());
    let (shelf, budget) = throttled(When::operation("PutItem"), Throttling::KeyRange, 9).await;
    shelf.put(&book(&mut random)).send().await.unwrap_err();
    assert_eq!(budget.available(None), both(100.0, 100.0));
    let (shelf, budget) = throttled(When::operation("PutItem"), Throttling::AccountLimit, 9).await;
    let error = shelf.put(&book(&mut random)).send().await.unwrap_err();
    let dynamap::Error::Service(error) = error else { panic!("{error}") };
    let reasons = error.throttling_reasons();
    assert_eq!(reasons.len(), 1);
    assert_eq!((reasons[0].table(), reasons[0].index()), (Some("shelf"), None));
    assert!(budget.rate(None).write <= 50.0);
}

/// What got no answer may have been used: it stays charged, and is not counted.
#[tokio::test(start_paused = true)]
async fn what_got_no_answer_stays_charged() {
    let local = Local::memory().unwrap();
    shelf(&local, RetryConfig::disabled()).await;
    let script = [(When::operation("PutItem").times(1), Fault::DropAfter)];
    let lost = || local.with_faults(Plan::script(script.clone())).0;
    let book = Book { shelf: 1, number: 1, color: 1, pages: 1, text: "x".repeat(5000) };
    let units = dynamap::capacity::write_units(dynamap::capacity::entity_size(&book).unwrap());

    let (budget, meter) = (all(), Meter::new());
    let table = shelf(&lost(), RetryConfig::disabled()).await.with_budget(&budget).with_meter(&meter);
    table.put(&book).send().await.unwrap_err();
    assert_eq!(budget.available(None).write, 100.0 - units);
    assert_eq!((meter.consumed().requests, meter.consumed().unanswered), (1, 1));
    assert_eq!(meter.consumed().total(), Units::default());

    // Sent again by the SDK, it was done twice.
    let (budget, meter) = (all(), Meter::new());
    let retries = RetryConfig::standard().with_initial_backoff(Duration::from_millis(1));
    let table = shelf(&lost(), retries).await.with_budget(&budget).with_meter(&meter);
    table.put(&book).send().await.unwrap();
    assert_eq!(
        (meter.consumed().table.write, meter.consumed().estimated.write),
        (2.0 * units, 2.0 * units - units)
    );
}

/// A call that is dropped on its way stays charged; one that still waits is not.
#[tokio::test(start_paused = true)]
async fn a_dropped_call_is_charged_if_it_was_sent() {
    let local = Local::memory().unwrap();
    shelf(&local, RetryConfig::disabled()).await;
    let slow = local.with_faults(Plan::none().latency(Duration::from_secs(5)..=Duration::from_secs(5))).0;
    let budget = Budget::builder().writes(1.0).burst(Duration::from_secs(10)).build().unwrap();
    let table = Table::<Shelf>::new(slow.client(), "shelf").with_budget(&budget);
    let book = Book { shelf: 1, number: 1, color: 1, pages: 1, text: "x".repeat(9500) };
    let sent = table.put(&book).send();
    assert!(tokio::time::timeout(Duration::from_secs(1), sent).await.is_err());
    assert!((0.0..2.0).contains(&budget.available(None).write), "{budget:?}");
    let waits = table.put(&book).send();
    assert!(tokio::time::timeout(Duration::from_secs(1), waits).await.is_err());
    assert!((1.0..3.0).contains(&budget.available(None).write), "{budget:?}");
}

/// Keys that were not processed are not charged.
#[tokio::test(start_paused = true)]
async fn unprocessed_keys_are_given_back() {
    let local = Local::memory().unwrap();
    let plain = shelf(&local, RetryConfig::disabled()).await;
    let plan =
        Plan::script([(When::operation("BatchGetItem").times(1), Fault::Partial(Processed::First(3)))]);
    let budget = Budget::builder().reads(100.0).burst(Duration::from_secs(1)).build().unwrap();
    let meter = Meter::new();
    drop(plain);
    let table = Table::<Shelf>::new(local.with_faults(plan).0.client(), "shelf");
    let table = table.with_budget(&budget).with_meter(&meter);
    let keys = (0..20).map(|number| Book::key(1, number));
    table.batch_get(keys).send().await.unwrap();
    assert_eq!(meter.consumed().table.read, 10.0);
    assert!(budget.available(None).read >= 90.0, "{budget:?}");
}
