//! The budget under transactions that are cancelled, and that get no answer.

use crate::engine::{Book, Shelf, book, shelf};
use crate::{reads, seed, writes};
use aws_sdk_dynamodb::config::retry::RetryConfig;
use dynamap::capacity::{Meter, Units, entity_size, transactional_write_units};
use dynamap::{Budget, Error, Table};
use dynamap_local::Local;
use dynamap_local::faults::{Fault, Plan, When};
use fastrand::Rng;
use std::time::Duration;
use tokio::time::{Instant, sleep};

const FULL: f64 = 100.0;

struct Setting {
    table: Table<Shelf>,
    budget: Budget,
    meter: Meter,
    book: Book,
    units: f64,
}

impl Setting {
    /// The first request of the operation has the fault.
    async fn with(operation: &str, fault: Fault) -> Self {
        let local = Local::memory().unwrap();
        shelf(&local, RetryConfig::disabled()).await;
        let faulty = local.with_faults(Plan::script([(When::operation(operation), fault)])).0;
        let (budget, meter) = (Budget::builder().reads(FULL).writes(FULL).build().unwrap(), Meter::new());
        let table = shelf(&faulty, RetryConfig::standard()).await.with_budget(&budget).with_meter(&meter);
        let book = book(&mut Rng::with_seed(seed()));
        let units = transactional_write_units(entity_size(&book).unwrap());
        Self { table, budget, meter, book, units }
    }

    async fn write(&self) {
        self.table.transact_write().put(&self.book).check_absent(Book::key(9, 9)).send().await.unwrap();
    }

    async fn read(&self) {
        let keys = vec![Book::key(9, 8), Book::key(9, 9)];
        self.table.transact_get(keys).send().await.unwrap();
    }
}

/// What had no throughput is given back, and slows the table down.
#[tokio::test(start_paused = true)]
async fn a_throttled_transaction_is_not_charged() {
    let setting = Setting::with("TransactWriteItems", Fault::canceled(["ThrottlingError"])).await;
    let start = Instant::now();
    setting.write().await;
    // Throttling empties the budget, so that the second attempt has what was given back, and but for a pause needs no more.
    assert!(start.elapsed() < Duration::from_millis(60), "{:?}", start.elapsed());
    let consumed = setting.meter.consumed();
    assert_eq!((consumed.table, consumed.estimated), (writes(setting.units + 2.0), Units::default()));
    assert_eq!(consumed.requests, 2);
    assert!(setting.budget.rate(None).write < 60.0, "{:?}", setting.budget);

    let setting = Setting::with("TransactGetItems", Fault::canceled(["ThrottlingError"])).await;
    setting.read().await;
    assert_eq!((setting.meter.consumed().table, setting.meter.consumed().requests), (reads(4.0), 2));
    assert!(setting.budget.rate(None).read < 60.0, "{:?}", setting.budget);
}

/// What another transaction hindered has been charged.
#[tokio::test(start_paused = true)]
async fn a_transaction_in_conflict_is_charged_each_time() {
    let setting = Setting::with("TransactWriteItems", Fault::canceled(["TransactionConflict"])).await;
    setting.write().await;
    let (consumed, once) = (setting.meter.consumed(), writes(setting.units + 2.0));
    assert_eq!((consumed.table, consumed.estimated), (once + once, once));

    let setting = Setting::with("TransactGetItems", Fault::canceled(["TransactionConflict"])).await;
    setting.read().await;
    let consumed = setting.meter.consumed();
    assert_eq!((consumed.table, consumed.estimated), (reads(8.0), reads(4.0)));
}

/// By its token it is written once, and so it is charged once.
#[tokio::test(start_paused = true)]
async fn a_transaction_whose_answer_was_lost_is_charged_once() {
    let setting = Setting::with("TransactWriteItems", Fault::DropAfter).await;
    setting.write().await;
    let consumed = setting.meter.consumed();
    println!("{consumed}");
    assert_eq!((consumed.table.write, consumed.requests), (setting.units + 2.0, 1));
}

/// A transaction that waits for its units is not tried yet.
#[tokio::test(start_paused = true)]
async fn waiting_takes_nothing_from_the_time_to_try() {
    let setting = Setting::with("TransactWriteItems", Fault::canceled(["TransactionConflict"])).await;
    let slow = Budget::builder().reads(1.0).writes(1.0).build().unwrap();
    drop(slow.reserve(None, Units { read: 60.0, write: 60.0 }).await.into_sent());
    let start = Instant::now();
    let second = Duration::from_secs(1);
    let get = setting.table.transact_get(Book::key(9, 9)).retry_timeout(second).budget(&slow);
    assert_eq!(get.send().await.unwrap(), None);
    assert!(start.elapsed() > 50 * second);

    // It was hindered once, and there are no units for it to be tried again.
    let put = setting.table.transact_write().put(&setting.book).retry_timeout(second).budget(&slow);
    let error = put.send().await.unwrap_err();
    assert!(matches!(error, Error::TransactionCanceled(_)), "{error}");
    assert!(start.elapsed() < 120 * second);
    // Nobody waits any more.
    sleep(200 * second).await;
    assert_eq!(slow.available(None).write, 1.0);
}
