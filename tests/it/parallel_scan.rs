//! Tables and indexes that are read in segments.

use crate::MAPPING;
use crate::model::{ByStatus, ByTotal, Customer, Order, OrderNote, Shop, order, stocked, table};
use dynamap::cursor::ParallelCursor;
use dynamap::error::{CursorError, ServiceErrorKind};
use dynamap::op::ParallelItems;
use dynamap::{Error, ItemCollection, Repository, Table};
use dynamap_local::Local;
use dynamap_local::faults::{Fault, FaultKind, Plan, Rates, Throttling, When};
use std::time::Duration;

/// So many orders of as many customers, one each.
async fn filled(local: &Local, count: u32) -> Repository<Order> {
    let orders = table(local).await.repository::<Order>();
    let all = (0..count).map(|number| order(&format!("c-{number}"), 2024, number));
    orders.batch_write().put_all(all).send().await.unwrap();
    orders
}

/// The numbers of the orders, in order, and the segments that failed.
async fn read(items: &mut ParallelItems<Order>, most: usize) -> (Vec<u32>, Vec<u32>) {
    let (mut numbers, mut failed) = (Vec::new(), Vec::new());
    while numbers.len() < most {
        match items.next().await {
            Some(Ok(order)) => numbers.push(order.number),
            Some(Err(error)) => failed.push(error.segment()),
            None => break,
        }
    }
    numbers.sort_unstable();
    (numbers, failed)
}

fn all(count: u32) -> Vec<u32> {
    (0..count).collect()
}

#[tokio::test]
async fn every_item_once() {
    let (local, requests) = Local::memory().unwrap().checked().0.recording();
    let orders = filled(&local, 120).await;
    requests.clear();
    for (segments, concurrency) in [(1, 1), (2, 8), (7, 3), (16, 16), (100, 5)] {
        let scan = orders.scan().page_size(9).parallel(segments).concurrency(concurrency);
        let mut items = scan.items().unwrap();
        assert_eq!(read(&mut items, usize::MAX).await, (all(120), vec![]), "{segments} segments");
        assert!(items.cursor().is_at_end() && items.next().await.is_none());
        let progress = items.progress();
        assert_eq!((progress.segments, progress.done, progress.failed), (segments, segments, 0));
        assert_eq!(progress.returned, 120);
        let sent = requests.take();
        assert_eq!(sent.len() as u64, progress.pages);
        assert!(sent.iter().all(|request| request.body["TotalSegments"] == segments));
    }
}

#[tokio::test]
async fn as_a_scan_reads() {
    let (shop, orders) = stocked().await;
    let count = orders.scan().parallel(4).try_collect().await.unwrap();
    assert_eq!(count.len(), 21);
    let large = orders.scan().filter(Order::TOTAL.gt(50)).consistent_read().parallel(3);
    assert_eq!(large.try_collect().await.unwrap().len(), 10);
    let notes: Vec<OrderNote> =
        orders.scan().index::<ByStatus>().project::<OrderNote>().parallel(3).try_collect().await.unwrap();
    assert_eq!(notes.len(), 21);
    let by_total = orders.scan().index::<ByTotal>().parallel(2).try_collect().await.unwrap();
    assert_eq!(by_total.len(), 21);
    assert_eq!(orders.scan().keys().parallel(2).try_collect().await.unwrap().len(), 21);
    assert_eq!(orders.scan().limit(5).parallel(3).try_collect().await.unwrap().len(), 5);
    let all = shop.scan::<Thing>().parallel(3).try_collect().await.unwrap();
    assert_eq!(all.iter().filter(|thing| matches!(thing, Thing::Customer(_))).count(), 2);
    assert_eq!(all.len(), 23);
    let mut customers = shop.scan::<Customer>().parallel(2).items().unwrap();
    while customers.next().await.is_some() {}
    assert_eq!(customers.progress().skipped, 21);
}

#[derive(Debug, ItemCollection)]
#[expect(dead_code, reason = "only which entity an item is of matters here")]
enum Thing {
    Customer(Customer),
    Order(Order),
}

#[tokio::test]
async fn a_cursor_goes_on_in_every_segment() {
    let orders = filled(&Local::memory().unwrap().checked().0, 100).await;
    for (segments, concurrency, step) in [(4, 4, 7), (10, 3, 1), (3, 8, 33), (50, 8, 10)] {
        let scan = || orders.scan().page_size(4).parallel(segments).concurrency(concurrency);
        let (mut seen, mut cursor) = (Vec::new(), None::<ParallelCursor>);
        loop {
            let scan = match cursor.take() {
                Some(cursor) => scan().start_after(cursor.to_string()),
                None => scan(),
            };
            let mut items = scan.items().unwrap();
            let (numbers, _) = read(&mut items, step).await;
            seen.extend(numbers);
            if items.cursor().is_at_end() {
                break;
            }
            cursor = Some(items.cursor());
        }
        seen.sort_unstable();
        assert_eq!(seen, all(100), "{segments} segments, {step} at once");
    }
}

#[tokio::test]
async fn a_cursor_belongs_to_its_scan_and_its_segments() {
    let orders = filled(&Local::memory().unwrap(), 20).await;
    let mut items = orders.scan().parallel(4).items().unwrap();
    items.next().await.unwrap().unwrap();
    let cursor = items.cursor();
    let of_scan = orders.scan().limit(3).send().await.unwrap().cursor.unwrap();
    for refused in [
        orders.scan().parallel(5).start_after(cursor.clone()).items(),
        orders.scan().filter(Order::TOTAL.gt(10)).parallel(4).start_after(cursor.clone()).items(),
        orders.scan().start_after(of_scan).parallel(4).items(),
    ] {
        assert!(matches!(refused, Err(Error::Cursor(CursorError::OtherQuery))), "{refused:?}");
    }
    assert!(cursor.to_string().parse::<dynamap::Cursor>().is_err());
    assert!(!format!("{cursor:?}").contains("c-"));
}

#[tokio::test]
async fn so_many_segments_as_dynamodb_takes() {
    let orders = filled(&Local::memory().unwrap().checked().0, 3).await;
    for segments in [0, 1_000_001, u32::MAX] {
        let refused = orders.scan().parallel(segments).items();
        assert!(matches!(refused, Err(Error::InvalidSegmentCount(count)) if count.segments() == segments));
    }
    let mut most = orders.scan().parallel(1_000_000).concurrency(1).items().unwrap();
    assert!(most.cursor().to_string().len() < 32);
    let _ = tokio::time::timeout(Duration::from_millis(50), most.next()).await;
}

#[tokio::test(start_paused = true)]
async fn a_segment_that_fails_does_not_lose_the_others() {
    let denied = Fault::Error(400, "AccessDeniedException".into());
    // A page in the middle of segment 2.
    let second = When::matching(|request| {
        let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
        request.operation == "Scan" && body["Segment"] == 2 && body["ExclusiveStartKey"].is_object()
    });
    let (local, faults) = Local::memory().unwrap().with_faults(Plan::script([(second, denied)]));
    let orders = filled(&local, 100).await;
    let scan = || orders.scan().page_size(5).parallel(4);
    let mut items = scan().items().unwrap();
    let (mut numbers, mut errors) = (Vec::new(), Vec::new());
    while let Some(item) = items.next().await {
        match item {
            Ok(order) => numbers.push(order.number),
            Err(error) => errors.push(error),
        }
    }
    let [error] = &errors[..] else { panic!("{errors:?}") };
    assert_eq!((error.segment(), error.to_string().as_str()), (2, "segment 2 of 4 of a scan failed"));
    assert!(matches!(error.error(), Error::Service(error) if error.kind() == ServiceErrorKind::AccessDenied));
    assert!(numbers.len() > 60 && numbers.len() < 100, "{}", numbers.len());
    assert_eq!((items.progress().done, items.progress().failed), (3, 1));

    let mut rest = scan().start_after(items.cursor()).items().unwrap();
    let (more, failed) = read(&mut rest, usize::MAX).await;
    numbers.extend(more);
    numbers.sort_unstable();
    assert_eq!((numbers, failed), (all(100), vec![]));
    assert!(faults.illegal().is_empty(), "{:?}", faults.illegal());
}

#[tokio::test(start_paused = true)]
async fn a_page_that_is_throttled_is_asked_for_again() {
    let throttled = (When::operation("Scan").times(40), Fault::Throttle(Throttling::KeyRange));
    let (local, _) = Local::memory().unwrap().with_faults(Plan::script([throttled]));
    let orders = filled(&local, 50).await;
    let mut items = orders.scan().page_size(5).parallel(4).items().unwrap();
    assert_eq!(read(&mut items, usize::MAX).await, (all(50), vec![]));
}

#[tokio::test(start_paused = true)]
async fn segments_that_stay_throttled_fail_in_the_end() {
    let throttled = (When::operation("Scan").always(), Fault::Throttle(Throttling::KeyRange));
    let (local, _) = Local::memory().unwrap().with_faults(Plan::script([throttled]));
    let orders = filled(&local, 10).await;
    let begun = tokio::time::Instant::now();
    let scan = orders.scan().parallel(3).retry_timeout(Duration::from_secs(20));
    let mut items = scan.items().unwrap();
    let (numbers, mut failed) = read(&mut items, usize::MAX).await;
    failed.sort_unstable();
    assert_eq!((numbers, failed), (vec![], vec![0, 1, 2]));
    assert!((20..40).contains(&begun.elapsed().as_secs()), "{:?}", begun.elapsed());
    let places = items.cursor();
    assert!(!places.is_at_end());
}

/// Twenty orders in two segments, the second of which is throttled so often.
async fn second_throttled(times: impl FnOnce(When) -> When) -> ParallelItems<Order> {
    let second = When::matching(|request| {
        let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
        request.operation == "Scan" && body["Segment"] == 1
    });
    let plan = Plan::script([(times(second), Fault::Throttle(Throttling::KeyRange))]);
    let plan = plan.latency(Duration::from_millis(50)..=Duration::from_millis(50));
    let orders = filled(&Local::memory().unwrap().with_faults(plan).0, 20).await;
    let scan = orders.scan().page_size(2).parallel(2).retry_timeout(Duration::from_secs(20));
    scan.items().unwrap()
}

/// A caller who takes long over each item, and holds the thread or not, uses up nobody's patience.
#[tokio::test(start_paused = true)]
async fn a_slow_caller_fails_no_segment() {
    for holds in [false, true] {
        let mut items = second_throttled(|second| second.times(15)).await;
        let mut numbers = Vec::new();
        while let Some(item) = items.next().await {
            numbers.push(item.unwrap().number);
            match holds {
                true => tokio::time::advance(Duration::from_secs(30)).await,
                false => tokio::time::sleep(Duration::from_secs(30)).await,
            }
        }
        numbers.sort_unstable();
        assert_eq!(numbers, all(20));
    }
}

/// But what is throttled again and again fails also beside such a caller.
#[tokio::test(start_paused = true)]
async fn a_slow_caller_saves_no_segment() {
    let mut items = second_throttled(When::always).await;
    let (mut read, mut failed) = (0, Vec::new());
    while let Some(item) = items.next().await {
        match item {
            Ok(_) => read += 1,
            Err(error) => failed.push(error.segment()),
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    assert!((1..20).contains(&read), "{read}");
    assert_eq!(failed, [1]);
}

/// Stable items are seen once each, whatever fails and however often the scan is begun again.
#[tokio::test(start_paused = true)]
async fn random_faults() {
    let quiet = Local::memory().unwrap();
    filled(&quiet, 200).await;
    for seed in 0..10 {
        fastrand::seed(seed);
        let rates = Rates::all(0.3).with(FaultKind::HangBefore, 0.0).with(FaultKind::HangAfter, 0.0);
        let plan = Plan::random(seed, rates).latency(Duration::ZERO..=Duration::from_millis(30));
        let (local, faults) = quiet.with_faults(plan);
        let orders = Table::<Shop>::new(local.client(), "shop").with_mapping(MAPPING).repository::<Order>();
        let segments = fastrand::u32(1..9);
        let (mut seen, mut cursor) = (Vec::new(), None);
        for _ in 0..1000 {
            let scan = orders.scan().page_size(7).parallel(segments).concurrency(fastrand::usize(1..6));
            let scan = match cursor.take() {
                Some(cursor) => scan.start_after(cursor),
                None => scan,
            };
            let mut items = scan.items().unwrap();
            let (numbers, _) = read(&mut items, fastrand::usize(1..100)).await;
            seen.extend(numbers);
            cursor = Some(items.cursor());
            if items.cursor().is_at_end() {
                break;
            }
        }
        seen.sort_unstable();
        assert_eq!(seen, all(200), "seed {seed}");
        assert!(faults.illegal().is_empty(), "{:?}", faults.illegal());
    }
}
