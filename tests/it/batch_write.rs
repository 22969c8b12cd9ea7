//! Many puts and deletes, of one entity and of several.

pub(crate) mod faults;
mod many;
mod museum;
pub(crate) mod several_tables;

use crate::MAPPING;
use crate::model::{Customer, Order, Shop, order, stocked, table};
use dynamap::batch::{BatchWrite, BatchWriteProgress, BatchWriteReport, Unwritten};
use dynamap::error::{DecodeError, EncodeError};
use dynamap::value::{
    AttributeType, EpochSeconds, FromAttribute, Reader, ToAttribute, Version, Writer, marker,
};
use dynamap::{Entity, Error, Table, TableSchema};
use dynamap_local::Local;
use serde_json::Value;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, UNIX_EPOCH};

pub(crate) fn orders(numbers: impl IntoIterator<Item = u32>) -> impl Iterator<Item = Order> {
    numbers.into_iter().map(|number| order("c-1", 2024, number))
}

/// The numbers of what is stored.
pub(crate) async fn stored(shop: &Table<Shop>) -> Vec<u32> {
    let all = shop.query(Order::partition("c-1")).consistent_read().try_collect().await.unwrap();
    all.iter().map(|order| order.number).collect()
}

/// The counts of a report: written, replaced, not written, unknown.
pub(crate) fn counts(report: &BatchWriteReport) -> (u64, u64, usize, usize) {
    (report.written(), report.replaced(), report.not_written().len(), report.unknown().len())
}

/// How many writes each request had.
pub(crate) fn sizes(requests: &dynamap_local::Requests) -> Vec<usize> {
    let requests = requests.take();
    requests.iter().map(|request| request.body["RequestItems"]["shop"].as_array().unwrap().len()).collect()
}

#[tokio::test]
async fn a_request_has_up_to_twenty_five_items() {
    let (local, requests) = Local::memory().unwrap().checked().0.recording();
    let shop = table(&local).await;
    requests.clear();
    let all: Vec<Order> = orders(1..=60).collect();
    let report = shop.repository::<Order>().batch_write().put_all(&all).send().await.unwrap();
    assert_eq!((report.total(), counts(&report), report.requests()), (60, (60, 0, 0, 0), 3));
    assert_eq!(sizes(&requests), [25, 25, 10]);
    assert_eq!(shop.query(Order::partition("c-1")).try_collect().await.unwrap(), all);
    let none = shop.repository::<Order>().batch_write().put_all(Vec::<Order>::new()).send().await.unwrap();
    assert_eq!((none.total(), none.requests()), (0, 0));
}

#[tokio::test]
async fn entities_of_a_table_in_one_batch() {
    let (shop, _) = stocked().await;
    let customer = Customer { customer_id: "c-2".into(), name: "Bea".into() };
    let report = shop
        .batch_write()
        .put(&customer)
        .put(&order("c-2", 2024, 1))
        .delete(Order::key("c-1", 2024, 1))
        .write_all((2..=5).map(|number| BatchWrite::delete(Order::key("c-1", 2024, number))))
        .write_all(vec![BatchWrite::put(order("c-1", 2024, 99)), BatchWrite::delete(Customer::key("c-10"))])
        .send()
        .await
        .unwrap();
    assert_eq!(counts(&report), (9, 0, 0, 0));
    assert_eq!(shop.get(Customer::key("c-2")).send().await.unwrap(), Some(customer));
    assert_eq!(shop.get(Customer::key("c-10")).send().await.unwrap(), None);
    assert_eq!(shop.query(Order::partition("c-1").year(2024)).try_collect().await.unwrap().len(), 6);
}

#[tokio::test]
async fn the_last_write_of_a_key_wins() {
    let (local, requests) = Local::memory().unwrap().checked().0.recording();
    let shop = table(&local).await;
    requests.clear();
    let noted = |note: &str| Order { note: Some(note.into()), ..order("c-1", 2024, 1) };
    let report = shop
        .repository::<Order>()
        .batch_write()
        .put(&noted("first"))
        .delete(Order::key("c-1", 2024, 1))
        .put(&order("c-1", 2024, 2))
        .put(&noted("last"))
        .delete(Order::key("c-1", 2024, 2))
        .send()
        .await
        .unwrap();
    assert_eq!(counts(&report), (2, 3, 0, 0));
    assert_eq!(sizes(&requests), [2]);
    assert_eq!(shop.query(Order::partition("c-1")).try_collect().await.unwrap(), [noted("last")]);
}

#[derive(TableSchema)]
#[dynamap(partition_key = number("id"), entity_type = none)]
struct Counters;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Counters, pk = id)]
struct Counter {
    id: dynamap::value::Number,
    count: u64,
}

/// DynamoDB refuses a batch that has `1` and `1.0`.
#[tokio::test]
async fn numbers_that_are_equal_are_one_key() {
    #[derive(Debug, Clone, PartialEq, Entity)]
    #[dynamap(table = Counters, pk = id)]
    struct AsWritten {
        id: Written,
        count: u64,
    }
    let local = Local::memory().unwrap().checked().0;
    let counters = Table::<Counters>::new(local.client(), "counters").with_mapping(MAPPING);
    counters.create_table_if_absent().send().await.unwrap();
    let ids = ["1", "1.0", "10E-1", "2", "0.1E1"];
    let all = (0..).zip(ids).map(|(count, id)| AsWritten { id: Written(id.into()), count });
    let report = counters.repository::<AsWritten>().batch_write().put_all(all).send().await.unwrap();
    assert_eq!(counts(&report), (2, 3, 0, 0));
    let one =
        counters.get(Counter::key("1".parse::<dynamap::value::Number>().unwrap())).send().await.unwrap();
    assert_eq!(one.unwrap().count, 4);
}

/// The text of a number as it was written: `1`, `1.0` or `10E-1`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Written(pub(crate) String);

impl AttributeType for Written {
    type DataType = marker::N;
}

impl ToAttribute for Written {
    fn write<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
        w.number(&self.0)
    }
}

impl FromAttribute for Written {
    fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError> {
        r.number().map(|text| Self(text.to_string()))
    }
}

#[tokio::test]
async fn what_cannot_be_stored_is_reported_and_the_rest_is_written() {
    let (local, requests) = Local::memory().unwrap().checked().0.recording();
    let shop = table(&local).await;
    requests.clear();
    let mut all: Vec<Order> = orders(1..=30).collect();
    all[3].note = Some("x".repeat(410_000));
    // Escaped it has three times as many bytes on the wire, and DynamoDB counts those of the text.
    all[4].note = Some("\u{1}".repeat(300_000));
    all[5].customer_id = "y".repeat(3000);
    let batch = || shop.repository::<Order>().batch_write().put_all(&all);
    let report = batch().report().await;
    assert_eq!((counts(&report), report.is_complete()), ((28, 0, 2, 0), false));
    let [large, key] = report.not_written() else { panic!("{report}") };
    assert_eq!((large.position(), key.position()), (3, 5));
    assert_eq!(large.key::<Order>().unwrap().unwrap(), Order::key("c-1", 2024, 4));
    assert!(
        key.raw_key().is_none()
            && matches!(key.reason(), Unwritten::Invalid(error) if matches!(**error, Error::Key(_)))
    );
    let reason = large.reason().to_string();
    assert!(reason.contains("DynamoDB takes 409600"), "{reason}");
    assert_eq!(stored(&shop).await.len(), 28);

    let error = batch().send().await.unwrap_err();
    let Error::IncompleteBatch(incomplete) = &error else { panic!("{error}") };
    assert_eq!(counts(incomplete.report()), (28, 0, 2, 0));
    let shown = format!("{error} {error:?} {:?}", incomplete.report().not_written());
    assert!(
        error
            .to_string()
            .starts_with("BatchWriteItem on table `shop`: of 30 writes 28 were written, 2 were not")
    );
    assert!(!shown.contains("c-1") && !shown.contains("xxx") && !shown.contains("yyy"), "{shown}");
}

#[tokio::test]
async fn sixteen_megabytes_are_too_many_for_one_request() {
    let (local, requests) = Local::memory().unwrap().checked().0.recording();
    let shop = table(&local).await;
    requests.clear();
    // Six bytes each on the wire.
    let escaped = "\u{1}".repeat(380_000);
    let all = orders(1..=9).map(|order| Order { note: Some(escaped.clone()), ..order });
    let report = shop.repository::<Order>().batch_write().put_all(all).send().await.unwrap();
    assert_eq!(report.written(), 9);
    let sent = requests.take();
    assert!(sent.iter().all(|request| request.body.to_string().len() <= 16 << 20));
    assert!(sent.len() >= 2);
}

/// Gives its items one by one, with a pause before each third.
struct Slowly<I>(I, u32);

impl<I: Iterator + Unpin> futures_core::Stream for Slowly<I> {
    type Item = I::Item;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<I::Item>> {
        self.1 += 1;
        if self.1.is_multiple_of(3) {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(self.0.next())
    }
}

#[tokio::test]
async fn a_stream_and_its_progress() {
    let (shop, _) = stocked().await;
    let mut told: Vec<BatchWriteProgress> = Vec::new();
    let orders = shop.repository::<Order>();
    let stream = Slowly(self::orders((1..=1000).chain(1..=10)), 0);
    let batch = orders.batch_write().put_all(stream).on_progress(|progress| told.push(*progress));
    let report =
        batch.delete_all((1..=7).map(|number| Order::key("c-1", 2024, number))).send().await.unwrap();
    assert_eq!((report.total(), report.written() + report.replaced()), (1017, 1017));
    let last = told.last().unwrap();
    assert_eq!((last.done, last.written, last.failed), (1017, report.written(), 0));
    assert_eq!(last.requests, report.requests());
    assert!(last.bytes > 100_000);
    assert!(told.windows(2).all(|pair| pair[0].done <= pair[1].done));
    assert_eq!(shop.query(Order::partition("c-1").year(2024)).try_collect().await.unwrap().len(), 993);
}

/// A request on its way whose batch is dropped may be carried out; what was not handed over is not.
#[tokio::test(start_paused = true)]
async fn a_batch_that_is_dropped_sends_nothing_more() {
    let (local, requests) = Local::memory().unwrap().recording();
    let plan = dynamap_local::faults::Plan::none().latency(Duration::from_secs(1)..=Duration::from_secs(1));
    let (slow, _) = local.with_faults(plan);
    let shop = table(&slow).await;
    requests.clear();
    let taken = std::sync::atomic::AtomicU32::new(0);
    let all = orders(1..=100_000).inspect(|_| {
        taken.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    });
    let orders = shop.repository::<Order>();
    let batch = orders.batch_write().put_all(all).concurrency(2).send();
    assert!(tokio::time::timeout(Duration::from_millis(4500), batch).await.is_err());
    // Two at a time, two seconds each, and as many again that were taken.
    let taken = taken.into_inner();
    assert!(taken <= 250, "{taken} taken");
    let sent = requests.take().len();
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert!(requests.take().is_empty() && sent <= 6, "{sent} sent");
    assert!(stored(&shop).await.iter().all(|number| *number <= taken));
}

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Wiki;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Wiki, pk = "PAGE#{name}")]
struct Page {
    name: String,
    #[dynamap(created_at)]
    created: EpochSeconds,
    #[dynamap(counter)]
    writes: u32,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Wiki, pk = "DRAFT#{name}")]
struct Draft {
    name: String,
    #[dynamap(version)]
    version: Version,
}

#[tokio::test]
async fn stamps_are_set_as_by_put_and_versions_go_on() {
    let wiki =
        Table::<Wiki>::new(Local::memory().unwrap().checked().0.client(), "wiki").with_mapping(MAPPING);
    let wiki = wiki.with_clock(|| UNIX_EPOCH + Duration::from_secs(77));
    wiki.create_table_if_absent().send().await.unwrap();
    let page = |name: &str| Page { name: name.into(), created: EpochSeconds(-1), writes: 4 };
    wiki.put(&mut page("one")).send().await.unwrap();
    wiki.repository::<Page>().batch_write().put(&page("two")).send().await.unwrap();
    let get = async |name: &str| wiki.get(Page::key(name)).send().await.unwrap().unwrap();
    let (one, two) = (get("one").await, get("two").await);
    assert_eq!((one.created, one.writes), (two.created, two.writes));

    let mut draft = Draft { name: "d".into(), version: Version::NEW };
    wiki.create(&mut draft).send().await.unwrap();
    let report = wiki.batch_write().put_ignoring_version(&draft).send().await.unwrap();
    assert_eq!(report.written(), 1);
    // Whoever has read it before sees that it was replaced.
    assert!(matches!(wiki.save(&mut draft).send().await, Err(Error::VersionConflict(_))));
    let stored = wiki.get(Draft::key("d")).send().await.unwrap().unwrap();
    assert_eq!(stored.version.stored(), Some(&2));
}

/// A batch can be awaited by a task of its own.
#[tokio::test]
async fn a_batch_is_a_task() {
    let (shop, _) = stocked().await;
    let task = tokio::spawn(async move {
        let report = shop.batch_write().write_all(vec![BatchWrite::put(order("c-9", 2024, 1))]).send().await;
        report.map(|report| report.written())
    });
    assert_eq!(task.await.unwrap().unwrap(), 1);
}

/// The keys of a request's writes.
pub(crate) fn keys_of(body: &Value) -> Vec<String> {
    let writes = body["RequestItems"]["shop"].as_array().unwrap();
    let key = |write: &Value| {
        let item = write.pointer("/PutRequest/Item").or_else(|| write.pointer("/DeleteRequest/Key")).unwrap();
        format!("{} {}", item["pk"]["S"], item["sk"]["S"])
    };
    writes.iter().map(key).collect()
}
