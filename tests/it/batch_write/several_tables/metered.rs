//! The capacity that batches over several tables consume, and their budgets.

use super::{Tables, entries};
use crate::batch_write::orders;
use crate::model::Order;
use dynamap::Budget;
use dynamap::capacity::Meter;
use dynamap_local::Local;
use dynamap_local::faults::{Fault, Plan, Processed, Throttling, When};
use std::time::Duration;
use tokio::time::Instant;

async fn tables() -> Tables {
    Tables::of(&Local::memory().unwrap()).await
}

/// The order without what the indexes hold.
fn plain(order: Order) -> Order {
    Order { status: None, ..order }
}

#[tokio::test]
async fn each_table_has_its_meters() {
    let Tables { shop, audit, .. } = tables().await;
    let [of_shop, of_audit, of_both, of_call] = [(); 4].map(|()| Meter::new());
    let shop = shop.with_meter(&of_shop).with_meter(&of_both);
    let audit = audit.with_meter(&of_audit).with_meter(&of_both);
    // The larger items are those of the shop.
    let large = || orders(1..=20).map(|order| Order { note: Some("x".repeat(1500)), ..plain(order) });
    let batch = shop.batch_write().put_all(large()).and(audit.batch_write().put_all(entries(1..=30)));
    let report = batch.meter(&of_call).send().await.unwrap();
    let consumed = |meter: &Meter| (meter.consumed().total().write, meter.consumed().requests);
    // A request to both tables is one request of each, and one of a meter that both have.
    let own_of_shop = consumed(&of_shop).0;
    assert_eq!((consumed(&of_shop).1, consumed(&of_audit)), (1, (30.0, 2)));
    assert_eq!(consumed(&of_both), (own_of_shop + 30.0, 2));
    assert_eq!(consumed(&of_call), consumed(&of_both));
    assert_eq!(report.consumed(), Some(&of_call.consumed()));
    assert_eq!(report.consumed().unwrap().requests, report.requests());
    let [told_of_shop, told_of_audit] = report.tables() else { panic!("{report}") };
    assert_eq!(told_of_shop.consumed(), Some(&of_shop.consumed()));
    assert_eq!(told_of_audit.consumed(), Some(&of_audit.consumed()));
    assert_eq!(of_shop.consumed().table.write, 40.0);
    assert!(own_of_shop > 40.0, "the indexes count as well");
}

#[tokio::test]
async fn a_meter_of_one_table_counts_that_table() {
    let Tables { shop, audit, .. } = tables().await;
    let meter = Meter::new();
    let audited = audit.batch_write().put_all(entries(1..=5)).meter(&meter);
    let report = shop.batch_write().put_all(orders(1..=5)).and(audited).send().await.unwrap();
    assert_eq!((meter.consumed().table.write, meter.consumed().requests), (5.0, 1));
    // The report is about all tables, where one of them has a meter.
    let [of_shop, of_audit] = report.tables() else { panic!("{report}") };
    assert_eq!(of_audit.consumed(), Some(&meter.consumed()));
    let sum = of_shop.consumed().unwrap().total().write + 5.0;
    assert_eq!(report.consumed().unwrap().total().write, sum);
    let audited = audit.batch_write().put_all(entries(1..=5));
    let report = shop.batch_write().put_all(orders(1..=5)).and(audited).send().await.unwrap();
    assert!(report.consumed().is_none() && report.tables()[0].consumed().is_none());
}

/// A request without a response counts once, also of a meter that both tables have.
#[tokio::test(start_paused = true)]
async fn requests_without_a_response_are_counted() {
    let lost = (When::operation("BatchWriteItem").always(), Fault::DropAfter);
    let (local, _) = Local::memory().unwrap().with_faults(Plan::script([lost]));
    let Tables { shop, audit, .. } = Tables::of(&local).await;
    let (meter, of_audit) = (Meter::new(), Meter::new());
    let audited = audit.batch_write().put_all(entries(1..=5)).meter(&of_audit);
    let batch = shop.batch_write().put_all(orders(1..=5)).and(audited).meter(&meter);
    let report = batch.retry_timeout(Duration::from_secs(2)).report().await;
    assert_eq!(meter.consumed().requests, report.requests());
    assert_eq!(meter.consumed().unanswered, report.requests());
    assert_eq!(of_audit.consumed().unanswered, report.requests());
}

/// Each table has its own rate, and the batch keeps to both.
#[tokio::test(start_paused = true)]
async fn a_request_waits_for_the_units_of_each_of_its_tables() {
    let Tables { shop, audit, .. } = tables().await;
    let budget = |rate| Budget::builder().writes(rate).burst(Duration::from_secs(1)).build().unwrap();
    for (of_shop, of_audit, seconds) in [(20.0, 1000.0, 29), (1000.0, 5.0, 59), (20.0, 5.0, 59)] {
        let (of_shop, of_audit) = (budget(of_shop), budget(of_audit));
        let (shop, audit) = (shop.clone().with_budget(&of_shop), audit.clone().with_budget(&of_audit));
        let begun = Instant::now();
        // An order takes two units, of its table and a local index. One order and one entry take turns, so that both are in each request.
        let writes = orders(1..=300).zip(entries(1..=300));
        let batch = writes.fold(shop.batch_write(), |batch, (order, entry)| {
            batch.put(&plain(order)).and(audit.batch_write().put(&entry))
        });
        let report = batch.send().await.unwrap();
        assert_eq!((report.written(), report.requests()), (600, 24));
        assert_eq!(report.tables()[1].consumed().unwrap().table.write, 300.0);
        let elapsed = begun.elapsed().as_secs();
        assert!((seconds - 4..=seconds + 6).contains(&elapsed), "{elapsed} s for {seconds}");
    }
}

/// What comes back of one table is given back to its budget, and to no other.
#[tokio::test(start_paused = true)]
async fn units_of_what_is_not_processed_are_given_back() {
    // The writes of the audit come first in the order of the names, and only they are processed.
    let first = (When::operation("BatchWriteItem").times(1), Fault::Partial(Processed::First(10)));
    let (local, _) = Local::memory().unwrap().with_faults(Plan::script([first]));
    let Tables { shop, audit, .. } = Tables::of(&local).await;
    let budget = || Budget::builder().writes(1.0).burst(Duration::from_secs(100)).build().unwrap();
    let (of_shop, of_audit) = (budget(), budget());
    let (shop, audit) = (shop.with_budget(&of_shop), audit.with_budget(&of_audit));
    let batch = shop.batch_write().put_all(orders(1..=10).map(plain));
    let batch = batch.and(audit.batch_write().put_all(entries(1..=10)));
    let report = batch.send().await.unwrap();
    assert_eq!((report.written(), report.requests()), (20, 2));
    let left = [&of_shop, &of_audit].map(|budget| budget.available(None).write);
    assert!((90.0..96.0).contains(&left[1]), "{left:?}");
    // Most of the orders came back: their table has nothing left, half of its rate, and the ten units that they gave back. Then
    // they took twenty. Without those ten it would be twenty.
    assert!((-10.0..-6.0).contains(&left[0]), "{left:?}");
    assert!(of_shop.rate(None).write < 1.0 && of_audit.rate(None).write == 1.0, "{of_shop:?} {of_audit:?}");
}

/// A reason that names one table slows the budget of that table down.
#[tokio::test(start_paused = true)]
async fn the_budget_of_the_table_that_throttles_is_slowed_down() {
    let throttled = Fault::Throttle(Throttling::ProvisionedThroughput);
    let first = (When::operation("BatchWriteItem").times(1), throttled);
    let (local, _) = Local::memory().unwrap().with_faults(Plan::script([first]));
    let Tables { shop, audit, .. } = Tables::of(&local).await;
    let budget = || Budget::builder().writes(100.0).build().unwrap();
    let (of_shop, of_audit) = (budget(), budget());
    let (shop, audit) = (shop.with_budget(&of_shop), audit.with_budget(&of_audit));
    let audited = audit.batch_write().put_all(entries(1..=10));
    let batch = shop.batch_write().put_all(orders(1..=10).map(plain)).and(audited);
    batch.send().await.unwrap();
    let slowed = [&of_shop, &of_audit].map(|budget| budget.rate(None).write < 99.0);
    assert_eq!(slowed.iter().filter(|slowed| **slowed).count(), 1, "{slowed:?}");
}

/// Waiting for one budget, dropped: what the other had given is given back.
#[tokio::test(start_paused = true)]
async fn a_batch_that_is_dropped_while_it_waits_gives_its_units_back() {
    let Tables { shop, audit, .. } = tables().await;
    let budget = |burst| Budget::builder().writes(1.0).burst(Duration::from_secs(burst)).build().unwrap();
    let (of_shop, of_audit) = (budget(100), budget(1));
    let (shop, audit) = (shop.with_budget(&of_shop), audit.with_budget(&of_audit));
    audit.batch_write().put_all(entries(1..=20)).send().await.unwrap();
    let meter = Meter::new();
    let batch = shop.batch_write().put_all(orders(1..=20).map(plain));
    let batch = batch.and(audit.batch_write().put_all(entries(1..=5))).meter(&meter).send();
    assert!(tokio::time::timeout(Duration::from_secs(2), batch).await.is_err());
    assert_eq!((of_shop.available(None).write, meter.consumed().requests), (100.0, 0));
}
