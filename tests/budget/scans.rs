//! The budget under parallel scans, some pages of which are throttled.

use crate::engine::{Book, shelf};
use aws_sdk_dynamodb::config::retry::RetryConfig;
use dynamap::Budget;
use dynamap::batch::BatchWrite;
use dynamap::capacity::Units;
use dynamap_local::Local;
use dynamap_local::faults::{Fault, Plan, Throttling, When};
use std::time::Duration;
use tokio::time::Instant;

/// To wait for units is not to fail: with a small budget no segment is given up that was throttled twice.
#[tokio::test(start_paused = true)]
async fn waiting_costs_no_patience() {
    let local = Local::memory().unwrap();
    let full = shelf(&local, RetryConfig::disabled()).await;
    let book = |number| Book { shelf: number, number, color: 0, pages: 0, text: String::new() };
    full.batch_write().write_all((0..40).map(|number| BatchWrite::put(book(number)))).send().await.unwrap();

    // Every segment about twice, and the second time after it has waited for the others.
    let throttled = (When::operation("Scan").times(16), Fault::Throttle(Throttling::KeyRange));
    let table = shelf(&local.with_faults(Plan::script([throttled])).0, RetryConfig::disabled()).await;
    let budget = Budget::builder().reads(1.0).build().unwrap();
    let (table, begun) = (table.with_budget(&budget), Instant::now());
    let scan = table.scan::<Book>().page_size(2).parallel(8).retry_timeout(Duration::from_secs(5));
    // Another takes what the throttled requests give back.
    let other = async {
        for _ in 0..10 {
            drop(budget.reserve(None, Units { read: 5.0, write: 0.0 }).await.into_sent());
        }
    };
    let (read, ()) = tokio::join!(scan.try_collect(), other);
    assert_eq!(read.unwrap().len(), 40);
    assert!(begun.elapsed() > Duration::from_secs(50), "{:?}", begun.elapsed());
}
