//! Batches over several tables.

mod faults;
mod mapped;
mod metered;

use super::{counts, orders, stored};
use crate::MAPPING;
use crate::model::{Customer, Order, Shop, order};
use dynamap::batch::{BatchWrite, BatchWriteReport, InvalidBatchKind, TableWriteReport, Unwritten};
use dynamap::value::{EpochSeconds, Version};
use dynamap::{Entity, Error, Table, TableSchema};
use dynamap_local::{Local, Requests};
use futures_core::Stream;
use std::pin::Pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, UNIX_EPOCH};

/// Its key has other names and another type than that of the shop.
#[derive(TableSchema)]
#[dynamap(partition_key = number("id"), ttl = "expires_at")]
pub(crate) struct Audit;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Audit, pk = id)]
pub(crate) struct Entry {
    pub(crate) id: u32,
    pub(crate) text: String,
    #[dynamap(ttl)]
    pub(crate) expires_at: Option<EpochSeconds>,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Audit, pk = id)]
struct Report {
    id: u32,
    #[dynamap(created_at)]
    created: EpochSeconds,
    #[dynamap(version)]
    version: Version,
}

pub(crate) fn entry(id: u32) -> Entry {
    Entry { id, text: format!("entry {id}"), expires_at: None }
}

pub(crate) fn entries(ids: impl IntoIterator<Item = u32>) -> impl Iterator<Item = Entry> {
    ids.into_iter().map(entry)
}

/// The shop, an archive of the same form, and the audit, which are there.
pub(crate) struct Tables {
    pub(crate) shop: Table<Shop>,
    pub(crate) archive: Table<Shop>,
    pub(crate) audit: Table<Audit>,
}

impl Tables {
    pub(crate) async fn of(local: &Local) -> Self {
        let client = local.client();
        let shop = |name| Table::<Shop>::new(client.clone(), name).with_mapping(MAPPING);
        let audit = Table::new(client.clone(), "audit").with_mapping(MAPPING);
        let tables = Self { shop: shop("shop"), archive: shop("archive"), audit };
        tables.shop.create_table_if_absent().send().await.unwrap();
        tables.archive.create_table_if_absent().send().await.unwrap();
        tables.audit.create_table_if_absent().send().await.unwrap();
        tables
    }

    /// The ids of the entries that are there.
    pub(super) async fn audited(&self) -> Vec<u32> {
        let all = self.audit.scan::<Entry>().consistent_read().try_collect().await.unwrap();
        let mut ids: Vec<u32> = all.iter().map(|entry| entry.id).collect();
        ids.sort_unstable();
        ids
    }
}

async fn recorded() -> (Tables, Requests) {
    let (local, requests) = Local::memory().unwrap().checked().0.recording();
    let tables = Tables::of(&local).await;
    requests.clear();
    (tables, requests)
}

/// The number of writes to each table, of each request.
fn sizes(requests: &Requests) -> Vec<[usize; 3]> {
    let of = |body: &serde_json::Value, table: &str| {
        body["RequestItems"].get(table).map_or(0, |list| list.as_array().unwrap().len())
    };
    let requests = requests.take();
    requests
        .iter()
        .map(|request| ["shop", "archive", "audit"].map(|table| of(&request.body, table)))
        .collect()
}

/// The counts of a table: written, replaced, not written, unknown.
pub(super) fn counts_of(table: &TableWriteReport) -> (&str, u64, u64, u64, u64) {
    let (written, replaced) = (table.written(), table.replaced());
    (table.table(), written, replaced, table.not_written_count(), table.unknown_count())
}

/// The table and the position of each write that is not written.
pub(super) fn not_written(report: &BatchWriteReport) -> Vec<(&str, u64)> {
    report.not_written().iter().map(|item| (item.table(), item.position())).collect()
}

#[tokio::test]
async fn the_writes_of_all_tables_are_in_the_same_requests() {
    let (tables, requests) = recorded().await;
    let Tables { shop, archive, audit } = &tables;
    let report = shop
        .batch_write()
        .put_all(orders(1..=20))
        // Equal keys of two tables are two items.
        .and(archive.repository::<Order>().batch_write().put_all(orders(11..=20)))
        .and(audit.batch_write().put(&entry(1)).put_all(entries(2..=30)).delete(Entry::key(99)))
        .send()
        .await
        .unwrap();
    assert_eq!(sizes(&requests), [[20, 5, 0], [0, 5, 20], [0, 0, 11]]);
    assert_eq!((counts(&report), report.total(), report.requests()), ((61, 0, 0, 0), 61, 3));
    assert_eq!(
        Vec::from_iter(report.tables().iter().map(counts_of)),
        [("shop", 20, 0, 0, 0), ("archive", 10, 0, 0, 0), ("audit", 31, 0, 0, 0)]
    );
    assert_eq!(report.table(), "shop");
    assert_eq!(
        report.to_string(),
        "BatchWriteItem on tables `shop`, `archive`, `audit`: of 61 writes 61 were written"
    );
    assert_eq!(stored(shop).await, Vec::from_iter(1..=20));
    assert_eq!(stored(archive).await, Vec::from_iter(11..=20));
    assert_eq!(tables.audited().await, Vec::from_iter(1..=30));
}

/// Batches that are joined to others before they are joined to the first.
#[tokio::test]
async fn batches_are_joined_in_any_order() {
    let (tables, requests) = recorded().await;
    let Tables { shop, archive, audit } = &tables;
    let inner = audit.batch_write().put(&entry(1)).and(archive.batch_write().put(&order("c-1", 2024, 1)));
    let inner = inner.put(&entry(2)).and(shop.batch_write().put(&order("c-1", 2024, 2)));
    let report = shop.batch_write().put(&order("c-1", 2024, 1)).and(inner).put(&order("c-1", 2024, 3));
    let report = report.send().await.unwrap();
    assert_eq!(sizes(&requests), [[3, 1, 2]]);
    assert_eq!(
        Vec::from_iter(report.tables().iter().map(counts_of)),
        [("shop", 3, 0, 0, 0), ("audit", 2, 0, 0, 0), ("archive", 1, 0, 0, 0)]
    );
    assert_eq!((stored(shop).await, stored(archive).await), (vec![1, 2, 3], vec![1]));
    assert_eq!(tables.audited().await, [1, 2]);
}

#[tokio::test]
async fn the_last_write_of_a_key_wins_in_each_table() {
    let (tables, requests) = recorded().await;
    let Tables { shop, archive, .. } = &tables;
    let total = |total| Order { total, ..order("c-1", 2024, 1) };
    // The same table a second time is one table.
    let again = Table::<Shop>::new(shop.client().clone(), "shop").with_mapping(MAPPING);
    let report = shop
        .batch_write()
        .put(&total(1))
        .and(archive.batch_write().delete(Order::key("c-1", 2024, 1)).put(&total(2)))
        .and(again.batch_write().put(&total(3)))
        .and(archive.batch_write().delete(Order::key("c-1", 2024, 1)))
        .put(&total(4))
        .send()
        .await
        .unwrap();
    assert_eq!(sizes(&requests), [[1, 1, 0]]);
    assert_eq!(
        Vec::from_iter(report.tables().iter().map(counts_of)),
        [("shop", 1, 2, 0, 0), ("archive", 1, 2, 0, 0)]
    );
    assert_eq!(shop.get(Order::key("c-1", 2024, 1)).send().await.unwrap().unwrap().total, 4);
    assert!(stored(archive).await.is_empty());
}

#[tokio::test]
async fn the_request_is_shown_with_all_tables() {
    let (tables, requests) = recorded().await;
    let Tables { shop, archive, audit } = &tables;
    let batch = || {
        let entries = audit.batch_write().put_all(entries(1..=30));
        shop.batch_write().put(&order("c-1", 2024, 1)).and(entries).and(archive.batch_write())
    };
    let sdk = batch().into_sdk().unwrap();
    let items = sdk.get_request_items().as_ref().unwrap();
    assert_eq!((items.len(), items["shop"].len(), items["audit"].len()), (2, 1, 24));
    let explained = batch().explain().unwrap();
    let json: serde_json::Value = serde_json::from_str(&explained.request_json()).unwrap();
    assert!(requests.take().is_empty());
    batch().send().await.unwrap();
    assert_eq!(requests.take()[0].body["RequestItems"], json["RequestItems"]);
    // The builder that is shown can be sent.
    sdk.send().await.unwrap();
    let too_large = Order { note: Some("x".repeat(410_000)), ..order("c-1", 2024, 1) };
    let wrong = audit.batch_write().put(&entry(1)).and(shop.batch_write().put(&too_large));
    assert!(wrong.explain().is_err());
    let none = shop.batch_write().and(audit.batch_write()).send().await.unwrap();
    assert_eq!((none.total(), none.requests(), none.tables().len()), (0, 0, 2));
    assert!(format!("{:?}", batch()).contains(r#"tables: ["shop", "audit", "archive"]"#));
}

#[tokio::test]
async fn what_cannot_be_stored_has_its_table_and_its_position_there() {
    let (tables, _) = recorded().await;
    let Tables { shop, archive, audit } = &tables;
    let too_large = |number| Order { note: Some("x".repeat(410_000)), ..order("c-1", 2024, number) };
    let batch = || {
        let archived = archive.batch_write().put_all(orders(1..=3)).put(&too_large(4));
        shop.batch_write()
            .put(&too_large(1))
            .and(audit.batch_write().put_all(entries(1..=5)))
            .and(archived)
            .put(&order("c-1", 2024, 2))
            .put(&too_large(3))
    };
    let report = batch().report().await;
    assert_eq!(not_written(&report), [("shop", 0), ("shop", 2), ("archive", 3)]);
    let keys = report.not_written().iter().map(|item| item.key::<Order>().unwrap().unwrap());
    assert_eq!(Vec::from_iter(keys), [1, 3, 4].map(|number| Order::key("c-1", 2024, number)));
    assert!(report.to_string().contains("; at 0 of table `shop`: "), "{report}");
    assert!(!report.is_complete() && report.tables()[1].is_complete() && !report.tables()[2].is_complete());
    assert_eq!(tables.audited().await.len(), 5);
    // Handed over, they have the same.
    let mut handed_over = Vec::new();
    let batch = batch().on_unwritten(|item| handed_over.push((item.table().to_owned(), item.position())));
    let report = batch.report().await;
    handed_over.sort();
    let [archived, first, second] = &handed_over[..] else { panic!("{handed_over:?}") };
    assert_eq!((archived, first, second), (&("archive".into(), 3), &("shop".into(), 0), &("shop".into(), 2)));
    assert_eq!((report.not_written().len(), report.not_written_count()), (0, 3));
    assert_eq!(report.tables()[0].not_written_count(), 2);
}

/// Stamps, versions and times to live are those of each entity.
#[tokio::test]
async fn entities_of_each_table_are_written_as_by_their_own_batch() {
    let (tables, _) = recorded().await;
    let Tables { shop, audit, .. } = &tables;
    let audit = audit.clone().with_clock(|| UNIX_EPOCH + Duration::from_secs(77));
    let mut report = Report { id: 7, created: EpochSeconds(-1), version: Version::NEW };
    audit.create(&mut report).send().await.unwrap();
    let expired = Entry { expires_at: Some(EpochSeconds(1)), ..entry(8) };
    let audited = audit.batch_write().put_ignoring_version(&report).put(&expired);
    shop.batch_write().put(&order("c-1", 2024, 1)).and(audited).send().await.unwrap();
    assert!(matches!(audit.save(&mut report).send().await, Err(Error::VersionConflict(_))));
    let stored = audit.get(Report::key(7)).send().await.unwrap().unwrap();
    assert_eq!((stored.version.stored(), stored.created), (Some(&2), EpochSeconds(77)));
    assert_eq!(audit.get(Entry::key(8)).send().await.unwrap(), None);
    assert_eq!(audit.get(Entry::key(8)).include_expired().send().await.unwrap(), Some(expired));
}

/// A stream that is not ready each second time.
struct Slow<I>(I, bool);

impl<I: Iterator + Unpin> Stream for Slow<I> {
    type Item = I::Item;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<I::Item>> {
        self.1 = !self.1;
        if self.1 {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(self.0.next())
    }
}

#[tokio::test]
async fn both_tables_are_written_from_streams() {
    let (tables, _) = recorded().await;
    let Tables { shop, audit, .. } = &tables;
    let mut told = Vec::new();
    let audited = audit.batch_write().put_all(Slow(entries(1..=500), false));
    let audited = audited.on_progress(|_| panic!("the first batch tells"));
    let batch = shop.batch_write().put_all(Slow(orders((1..=300).chain(1..=9)), false)).and(audited);
    let batch = batch.concurrency(3).on_progress(|progress| told.push(*progress));
    let report = batch.send().await.unwrap();
    assert_eq!((report.total(), report.tables()[0].total(), report.tables()[1].written()), (809, 309, 500));
    let last = told.last().unwrap();
    assert_eq!((last.done, last.written, last.requests), (809, report.written(), report.requests()));
    assert_eq!((stored(shop).await.len(), tables.audited().await.len()), (300, 500));
}

/// The first error of a source ends the batch of all tables.
#[tokio::test]
async fn a_source_that_fails_ends_all_of_it() {
    let (tables, _) = recorded().await;
    let Tables { shop, audit, .. } = &tables;
    let read = [Ok(entry(1)), Err("it is damaged"), Ok(entry(2))];
    let batch = || {
        let orders = shop.batch_write().put(&order("c-1", 2024, 1));
        orders.and(audit.batch_write().try_put_all(read.clone())).put(&order("c-1", 2024, 2))
    };
    let report = batch().report().await;
    assert_eq!(counts(&report), (2, 0, 0, 0));
    assert_eq!(report.failure().unwrap().to_string(), "it is damaged");
    assert_eq!((stored(shop).await, tables.audited().await), (vec![1], vec![1]));
    assert!(matches!(batch().explain(), Err(Error::IncompleteBatch(_))));
}

#[tokio::test(start_paused = true)]
async fn a_batch_that_is_dropped_sends_nothing_more() {
    let (local, requests) = Local::memory().unwrap().recording();
    let plan = dynamap_local::faults::Plan::none().latency(Duration::from_secs(1)..=Duration::from_secs(1));
    let tables = Tables::of(&local.with_faults(plan).0).await;
    requests.clear();
    let taken = AtomicU32::new(0);
    let all = entries(1..=100_000).inspect(|_| {
        taken.fetch_add(1, Ordering::Relaxed);
    });
    let batch =
        tables.shop.batch_write().put_all(orders(1..=10)).and(tables.audit.batch_write().put_all(all));
    let batch = batch.concurrency(2).send();
    assert!(tokio::time::timeout(Duration::from_millis(4500), batch).await.is_err());
    let (taken, sent) = (taken.into_inner(), requests.take().len());
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert!(requests.take().is_empty() && sent <= 6, "{sent} sent");
    assert!(tables.audited().await.iter().all(|id| *id <= taken));
}

#[tokio::test]
async fn a_table_of_another_region_is_refused() {
    let (tables, requests) = recorded().await;
    let region = aws_sdk_dynamodb::config::Region::new("ap-south-2");
    let config = tables.shop.client().config().to_builder().region(region).build();
    let client = aws_sdk_dynamodb::Client::from_conf(config);
    // It has the name of another table of the batch.
    let far = Table::<Shop>::new(client, "shop").with_mapping(MAPPING);
    let batch = || {
        let far = far.batch_write().put_all(orders(1..=2)).delete(Customer::key("c-1"));
        tables.shop.batch_write().put_all(orders(3..=4)).and(far).put(&order("c-1", 2024, 5))
    };
    let report = batch().report().await;
    assert_eq!(sizes(&requests), [[3, 0, 0]]);
    assert_eq!(counts(&report), (3, 0, 3, 0));
    let Unwritten::Invalid(error) = report.not_written()[2].reason() else { panic!("{report}") };
    let Error::InvalidBatch(invalid) = &**error else { panic!("{error}") };
    assert!(
        matches!(invalid.kind(), InvalidBatchKind::OtherRegion { region, .. } if region == "ap-south-2"),
        "{invalid}"
    );
    assert_eq!((invalid.operation(), invalid.table()), ("BatchWriteItem", "shop"));
    assert_eq!(report.not_written()[2].key::<Customer>().unwrap().unwrap(), Customer::key("c-1"));
    assert!(matches!(batch().into_sdk(), Err(Error::InvalidBatch(_))));
    // To each other they are in one Region.
    let both = far.batch_write().put(&order("c-1", 2024, 6)).and(batch());
    assert_eq!(both.report().await.not_written_count(), 3);
}

/// By an ARN nothing says if it is the table of this name or that of another account.
#[tokio::test]
async fn a_table_by_its_name_and_its_arn_is_refused() {
    let (tables, _) = recorded().await;
    let arn = "arn:aws:dynamodb:eu-north-1:123456789012:table/shop";
    let by_arn = Table::<Shop>::new(tables.shop.client().clone(), arn).with_mapping(MAPPING);
    let batch = tables.shop.batch_write().put(&order("c-1", 2024, 1));
    let report = batch.and(by_arn.batch_write().put(&order("c-1", 2024, 2))).report().await;
    assert_eq!((report.written(), not_written(&report)), (1, vec![(arn, 0)]));
    let Unwritten::Invalid(error) = report.not_written()[0].reason() else { panic!("{report}") };
    assert!(error.to_string().ends_with("it may be the table `shop` of the same batch"), "{error}");
}

/// Writes of all entities of a table by type.
#[tokio::test]
async fn writes_of_both_tables_by_their_types() {
    let (tables, _) = recorded().await;
    let writes = (1..=30).map(|id| match id % 3 {
        0 => BatchWrite::delete(Entry::key(id)),
        _ => BatchWrite::put(entry(id)),
    });
    let batch = tables.shop.batch_write().write_all(orders(1..=30).map(BatchWrite::put));
    let report = batch.and(tables.audit.batch_write().write_all(writes)).send().await.unwrap();
    assert_eq!((report.written(), report.requests()), (60, 3));
    assert_eq!(tables.audited().await.len(), 20);
}
