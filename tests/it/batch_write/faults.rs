//! Batches of which requests fail.

use super::{counts, orders, stored};
use crate::model::{Order, Shop, table};
use dynamap::batch::{BatchWriteReport, Unwritten};
use dynamap::error::ServiceErrorKind;
use dynamap::{Entity, Error, Table};
use dynamap_local::Local;
use dynamap_local::faults::{Fault, Faults, Plan, Processed, Throttling, When};
use std::time::Duration;

/// A table behind faults of BatchWriteItem.
pub(super) async fn faulty(faults: impl IntoIterator<Item = (When, Fault)>) -> (Table<Shop>, Faults) {
    let (local, handle) = Local::memory().unwrap().with_faults(Plan::script(faults));
    (table(&local).await, handle)
}

pub(super) fn batch() -> When {
    When::operation("BatchWriteItem")
}

async fn put_hundred(shop: &Table<Shop>) -> BatchWriteReport {
    shop.repository::<Order>().batch_write().put_all(orders(1..=100)).report().await
}

fn positions(report: &BatchWriteReport) -> (Vec<u64>, Vec<u64>) {
    let of = |items: &[dynamap::batch::UnwrittenItem]| items.iter().map(|item| item.position()).collect();
    (of(report.not_written()), of(report.unknown()))
}

#[tokio::test(start_paused = true)]
async fn a_batch_that_is_throttled_as_a_whole_is_sent_again() {
    let throttled = Fault::Throttle(Throttling::ProvisionedThroughput);
    let (shop, faults) = faulty([(batch().times(20), throttled)]).await;
    let report = put_hundred(&shop).await;
    assert_eq!(counts(&report), (100, 0, 0, 0));
    assert_eq!(stored(&shop).await.len(), 100);
    assert!(faults.illegal().is_empty(), "{:?}", faults.illegal());
}

#[tokio::test(start_paused = true)]
async fn what_is_never_processed_is_not_written() {
    let (shop, faults) = faulty([(batch().always(), Fault::Partial(Processed::None))]).await;
    let begun = tokio::time::Instant::now();
    let report = put_hundred(&shop).await;
    assert_eq!(counts(&report), (0, 0, 100, 0));
    assert_eq!(positions(&report).0, (0..100).collect::<Vec<_>>());
    assert!(report.not_written().iter().all(|item| matches!(item.reason(), Unwritten::Unprocessed)));
    assert!((60..70).contains(&begun.elapsed().as_secs()), "{:?}", begun.elapsed());
    let key = report.not_written()[7].key::<Order>().unwrap().unwrap();
    assert_eq!(key, Order::key("c-1", 2024, 8));
    assert!(stored(&shop).await.is_empty() && faults.illegal().is_empty());
}

/// The report of a stream of which all fails does not grow with it.
#[tokio::test(start_paused = true)]
async fn what_is_not_written_is_handed_over_instead_of_listed() {
    // Of the first request nobody knows, the others are refused.
    let lost = (batch().times(1), Fault::DropAfter);
    let (shop, _) = faulty([lost, (batch().always(), Fault::Partial(Processed::None))]).await;
    let mut all: Vec<Order> = orders(1..=100).collect();
    all[99].note = Some("x".repeat(410_000));
    let mut handed_over = Vec::new();
    let batch = shop.repository::<Order>().batch_write().put_all(&all).concurrency(1);
    let report = batch.on_unwritten(|item| handed_over.push(item)).report().await;
    assert_eq!((report.not_written().len(), report.unknown().len()), (0, 0));
    assert_eq!((report.total(), report.is_complete()), (100, false));
    let unknown = handed_over.iter().filter(|item| item.is_unknown()).count() as u64;
    assert_eq!((report.not_written_count(), report.unknown_count()), (100 - unknown, unknown));
    assert_eq!(unknown, 25);
    let positions: std::collections::BTreeSet<u64> = handed_over.iter().map(|item| item.position()).collect();
    assert_eq!((positions.len(), handed_over.len()), (100, 100));
    let text = report.to_string();
    assert!(text.contains("75 were not written, of 25 nobody knows"), "{text}");
}

/// As long as anything is processed, nothing is given up.
#[tokio::test(start_paused = true)]
async fn a_table_with_little_throughput_takes_its_time() {
    let (shop, _) = faulty([(batch().always(), Fault::Partial(Processed::First(1)))]).await;
    let batch = shop.repository::<Order>().batch_write().put_all(orders(1..=300)).concurrency(2);
    let report = batch.retry_timeout(Duration::from_secs(5)).report().await;
    assert_eq!(counts(&report), (300, 0, 0, 0));
}

/// Attempts that were applied without an answer are repeated until there is one, or else nobody knows.
#[tokio::test(start_paused = true)]
async fn lost_answers() {
    let (shop, _) =
        faulty([(batch().times(4), Fault::DropAfter), (batch().times(4), Fault::ErrorBefore)]).await;
    assert_eq!(counts(&put_hundred(&shop).await), (100, 0, 0, 0));

    for (fault, stored_at_last) in [(Fault::DropAfter, 100), (Fault::DropBefore, 0), (Fault::ErrorAfter, 100)]
    {
        let (shop, _) = faulty([(batch().always(), fault)]).await;
        let report = put_hundred(&shop).await;
        assert_eq!(counts(&report), (0, 0, 0, 100));
        assert!(report.unknown().iter().all(|item| matches!(item.reason(), Unwritten::Failed(_))));
        assert_eq!(stored(&shop).await.len(), stored_at_last);
    }
}

/// An attempt without an answer, and then nothing but throttling: it may have been applied all the same.
#[tokio::test(start_paused = true)]
async fn throttling_does_not_make_an_unknown_write_certain() {
    let throttled = Fault::Throttle(Throttling::ProvisionedThroughput);
    let (shop, _) = faulty([(batch().times(1), Fault::DropAfter), (batch().always(), throttled)]).await;
    let report = shop.repository::<Order>().batch_write().put_all(orders(1..=10)).report().await;
    assert_eq!(counts(&report), (0, 0, 0, 10));
    assert_eq!(stored(&shop).await.len(), 10);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_is_refused_does_not_stop_the_others() {
    let denied = || Fault::Error(400, "AccessDeniedException".into());
    let (shop, faults) = faulty([(batch().after(1), denied())]).await;
    let report = put_hundred(&shop).await;
    assert_eq!(counts(&report), (75, 0, 25, 0));
    let Unwritten::Failed(error) = report.not_written()[0].reason() else { panic!("{report}") };
    assert_eq!(error.kind(), ServiceErrorKind::AccessDenied);
    let (not_written, _) = positions(&report);
    let kept: Vec<u32> = (1..=100).filter(|number| !not_written.contains(&u64::from(number - 1))).collect();
    assert_eq!(stored(&shop).await, kept);
    // One without an answer first: then it may have been applied.
    faults.add(batch(), Fault::DropAfter);
    faults.add(batch(), denied());
    let report = shop.repository::<Order>().batch_write().put_all(orders(1..=5)).report().await;
    assert_eq!(counts(&report), (0, 0, 0, 5));
}

/// DynamoDB refuses a whole request for one item that is not valid, here by a key of an index.
#[tokio::test]
async fn an_item_that_dynamodb_refuses_is_found() {
    let shop = table(&Local::memory().unwrap()).await;
    let refused = dynamap::batch::BatchWrite::put(Broken { customer_id: "c-1".into(), total: "much".into() });
    let writes = orders(1..=30).map(dynamap::batch::BatchWrite::put);
    let report = shop.batch_write().write_all(vec![refused]).write_all(writes).report().await;
    assert_eq!(counts(&report), (30, 0, 1, 0), "{report}");
    assert_eq!(positions(&report).0, [0]);
    let Unwritten::Failed(error) = report.not_written()[0].reason() else { panic!("{report}") };
    assert_eq!(error.kind(), ServiceErrorKind::Validation);
}

/// `total` is a key of an index, and a number there.
#[derive(Debug, Entity)]
#[dynamap(table = Shop, pk = "CUSTOMER#{customer_id}", sk = "BROKEN")]
pub(crate) struct Broken {
    pub(crate) customer_id: String,
    pub(crate) total: String,
}

#[tokio::test]
async fn a_table_that_is_not_there() {
    let shop = Table::<Shop>::new(Local::memory().unwrap().client(), "none").with_mapping(crate::MAPPING);
    let error = shop.repository::<Order>().batch_write().put_all(orders(1..=30)).send().await.unwrap_err();
    let Error::IncompleteBatch(incomplete) = error else { panic!("{error}") };
    assert_eq!(counts(incomplete.report()), (0, 0, 30, 0));
}
