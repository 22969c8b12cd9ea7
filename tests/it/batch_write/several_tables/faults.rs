//! Batches over several tables of which requests fail.

use super::{Entry, Tables, counts_of, entries, entry, not_written};
use crate::MAPPING;
use crate::batch_write::{counts, orders, stored};
use crate::model::{Shop, order};
use dynamap::batch::Unwritten;
use dynamap::error::ServiceErrorKind;
use dynamap::{Entity, Table, TableSchema};
use dynamap_local::faults::{Fault, Faults, Plan, Processed, Throttling, When};
use dynamap_local::{Local, Request, Response, SharedTransport, Transport, TransportFuture};
use serde_json::{Value, json};
use std::time::Duration;

async fn faulty(faults: impl IntoIterator<Item = (When, Fault)>) -> (Tables, Faults) {
    let (local, handle) = Local::memory().unwrap().checked().0.with_faults(Plan::script(faults));
    (Tables::of(&local).await, handle)
}

fn batch() -> When {
    When::operation("BatchWriteItem")
}

/// Any part of each table comes back, again and again.
#[tokio::test(start_paused = true)]
async fn what_is_not_processed_of_each_table_is_sent_again() {
    let seed = std::env::var("DYNAMAP_SEED").map_or_else(|_| fastrand::u64(..), |seed| seed.parse().unwrap());
    eprintln!("DYNAMAP_SEED={seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    for _ in 0..20 {
        let masks: Vec<u128> = (0..random.usize(1..12)).map(|_| random.u128(..)).collect();
        let parts = masks.iter().map(|mask| (batch().times(1), Fault::Partial(Processed::Mask(*mask))));
        let (tables, faults) = faulty(parts).await;
        let Tables { shop, archive, audit } = &tables;
        let archived = archive.batch_write().put_all(orders(1..=random.u32(1..40)));
        let audited = audit.batch_write().put_all(entries(1..=random.u32(1..40)));
        let write = shop.batch_write().put_all(orders(1..=random.u32(1..40))).and(archived).and(audited);
        let report = write.concurrency(random.usize(1..4)).send().await.unwrap();
        let stored = [stored(shop).await.len(), stored(archive).await.len(), tables.audited().await.len()];
        let told: Vec<usize> = report.tables().iter().map(|table| table.written() as usize).collect();
        assert_eq!(told, stored);
        assert!(faults.illegal().is_empty(), "{:?}", faults.illegal());
    }
}

/// Of one table nothing is processed, ever: in the end its writes are given up, and no others.
#[tokio::test(start_paused = true)]
async fn a_table_without_throughput_is_given_up() {
    let (local, _) = Local::memory().unwrap().with_faults(Plan::none());
    let tables = Tables::of(&local.wrap(|inner| Answers { inner, of: Answer::AuditUnprocessed })).await;
    let audited = tables.audit.batch_write().put_all(entries(1..=30));
    let report = tables.shop.batch_write().put_all(orders(1..=60)).and(audited).report().await;
    assert_eq!(
        Vec::from_iter(report.tables().iter().map(counts_of)),
        [("shop", 60, 0, 0, 0), ("audit", 0, 0, 30, 0)]
    );
    assert!(report.not_written().iter().all(|item| matches!(item.reason(), Unwritten::Unprocessed)));
    let keys = report.not_written().iter().map(|item| item.key::<Entry>().unwrap().unwrap());
    assert_eq!(Vec::from_iter(keys), Vec::from_iter(entries(1..=30).map(|entry| entry.to_key())));
    assert_eq!((stored(&tables.shop).await.len(), tables.audited().await.len()), (60, 0));
}

#[tokio::test(start_paused = true)]
async fn lost_answers_of_both_tables() {
    let few = [(batch().times(4), Fault::DropAfter), (batch().times(4), Fault::ErrorBefore)];
    let (tables, _) = faulty(few).await;
    let write = |tables: &Tables| {
        let audited = tables.audit.batch_write().put_all(entries(1..=10));
        tables.shop.batch_write().put_all(orders(1..=10)).and(audited)
    };
    assert_eq!(counts(&write(&tables).report().await), (20, 0, 0, 0));
    // An attempt without an answer, and then nothing but throttling: it may have been applied.
    let throttled = (batch().always(), Fault::Throttle(Throttling::ProvisionedThroughput));
    let (tables, _) = faulty([(batch().times(1), Fault::DropAfter), throttled]).await;
    let report = write(&tables).report().await;
    assert_eq!(
        Vec::from_iter(report.tables().iter().map(counts_of)),
        [("shop", 0, 0, 0, 10), ("audit", 0, 0, 0, 10)]
    );
    let unknown = report.unknown().iter().map(|item| (item.table(), item.position()));
    let expected = ["shop", "audit"].into_iter().flat_map(|table| (0..10).map(move |at| (table, at)));
    assert_eq!(Vec::from_iter(unknown), Vec::from_iter(expected));
    assert_eq!((stored(&tables.shop).await.len(), tables.audited().await.len()), (10, 10));
}

/// DynamoDB refuses a request for one of its tables: the writes to the others are applied.
#[tokio::test]
async fn a_table_that_is_not_there_does_not_stop_the_others() {
    let (tables, _) = faulty([]).await;
    let none = Table::<Shop>::new(tables.shop.client().clone(), "none").with_mapping(MAPPING);
    let report = tables
        .shop
        .batch_write()
        .put_all(orders(1..=20))
        .and(none.batch_write().put_all(orders(1..=40)))
        .and(tables.audit.batch_write().put_all(entries(1..=30)))
        .report()
        .await;
    assert_eq!(
        Vec::from_iter(report.tables().iter().map(counts_of)),
        [("shop", 20, 0, 0, 0), ("none", 0, 0, 40, 0), ("audit", 30, 0, 0, 0)]
    );
    let Unwritten::Failed(error) = report.not_written()[0].reason() else { panic!("{report}") };
    assert_eq!((error.kind(), error.table()), (ServiceErrorKind::TableNotFound, "none"));
    assert_eq!((stored(&tables.shop).await.len(), tables.audited().await.len()), (20, 30));
}

/// The name of a table that DynamoDB never has: nothing is sent for it.
#[tokio::test]
async fn a_table_whose_name_cannot_be_does_not_stop_the_others() {
    let (tables, faults) = faulty([]).await;
    let wrong = Table::<Shop>::new(tables.shop.client().clone(), "a table").with_mapping(MAPPING);
    let batch = wrong.batch_write().put_all(orders(1..=3));
    let report = batch.and(tables.audit.batch_write().put_all(entries(1..=3))).report().await;
    assert_eq!(
        Vec::from_iter(report.tables().iter().map(counts_of)),
        [("a table", 0, 0, 3, 0), ("audit", 3, 0, 0, 0)]
    );
    assert!(faults.illegal().is_empty(), "{:?}", faults.illegal());
}

/// One item that is not valid is found, whatever table it is for.
#[tokio::test]
async fn an_item_that_dynamodb_refuses_is_found() {
    let (tables, _) = faulty([]).await;
    let broken = crate::batch_write::faults::Broken { customer_id: "c-1".into(), total: "much".into() };
    let archived = tables.archive.batch_write().put_all(orders(1..=10)).put(&broken);
    let batch = tables.shop.batch_write().put_all(orders(1..=10)).and(archived);
    let report = batch.and(tables.audit.batch_write().put_all(entries(1..=20))).report().await;
    assert_eq!((counts(&report), not_written(&report)), ((40, 0, 1, 0), vec![("archive", 10)]));
}

#[derive(Debug, Clone, Copy)]
enum Answer {
    /// Nothing of the audit is processed.
    AuditUnprocessed,
    /// A table that was not in the request has an unprocessed item, in the first response.
    OtherTable,
    /// A key of one table comes back as one of the other, in the first response.
    OtherKey,
    /// A key of the archive comes back as one of the shop, where it was not asked for.
    OfArchive,
}

/// Answers that are not DynamoDB's.
#[derive(Debug)]
struct Answers {
    inner: SharedTransport,
    of: Answer,
}

impl Transport for Answers {
    fn call(&self, mut request: Request) -> TransportFuture<'_> {
        Box::pin(async move {
            if request.operation != "BatchWriteItem" {
                return self.inner.call(request).await;
            }
            let mut body: Value = serde_json::from_slice(&request.body).unwrap();
            let tables = body["RequestItems"].as_object_mut().unwrap();
            let left = match self.of {
                Answer::AuditUnprocessed => tables.remove("audit").map(|left| json!({ "audit": left })),
                Answer::OtherTable => Some(json!({ "other": tables["audit"] })),
                Answer::OtherKey => Some(json!({ "shop": tables["audit"] })),
                Answer::OfArchive => tables.remove("archive").map(|left| json!({ "shop": left })),
            };
            let is_empty = tables.is_empty();
            request.body = serde_json::to_vec(&body).unwrap();
            if !is_empty {
                self.inner.call(request).await?;
            }
            let answer = json!({ "UnprocessedItems": left.unwrap_or_else(|| json!({})) });
            Ok(Response::new(200, serde_json::to_vec(&answer).unwrap()))
        })
    }
}

/// What came back is of no table or key of the request: nobody knows what became of the request.
#[tokio::test(start_paused = true)]
async fn a_response_about_another_table_is_not_believed() {
    for of in [Answer::OtherTable, Answer::OtherKey, Answer::OfArchive] {
        let tables = Tables::of(&Local::memory().unwrap().wrap(|inner| Answers { inner, of })).await;
        let audited = tables.audit.batch_write().put(&entry(1));
        let archived = tables.archive.batch_write().put(&order("c-1", 2024, 2));
        let batch = tables.shop.batch_write().put(&order("c-1", 2024, 1)).and(audited).and(archived);
        let report = batch.retry_timeout(Duration::from_secs(3)).report().await;
        assert_eq!(counts(&report), (0, 0, 0, 3), "{of:?}");
        assert!(report.requests() > 1);
    }
}

/// Tables of two accounts by their ARNs, which the response names as the request does, or by their names.
#[tokio::test]
async fn tables_are_found_by_their_arns() {
    #[derive(TableSchema)]
    #[dynamap(partition_key = "pk", sort_key = "sk")]
    struct Plain;

    #[derive(Debug, Clone, PartialEq, Entity)]
    #[dynamap(table = Plain, pk = "A#{id}", sk = "A")]
    struct Item {
        id: u32,
    }

    for by_name in [false, true] {
        let local = Local::memory().unwrap();
        let by_arn = local.wrap(|inner| ByArn { inner, by_name });
        let table = |name: &str| Table::<Plain>::new(by_arn.client(), name).with_mapping(MAPPING);
        let (own, other) = (table("arn:aws:dynamodb:eu-north-1:1:table/own"), table("other"));
        let stored = ["own", "other"].map(|name| Table::<Plain>::new(local.client(), name));
        for table in &stored {
            table.create_table_if_absent().send().await.unwrap();
        }
        let items = |ids: std::ops::RangeInclusive<u32>| ids.map(|id| Item { id });
        let batch = own.batch_write().put_all(items(1..=20)).and(other.batch_write().put_all(items(1..=20)));
        let report = batch.send().await.unwrap();
        assert_eq!((report.written(), report.tables()[0].written()), (40, 20));
        assert!(report.requests() > 2, "the first of each request comes back");
        for table in stored {
            assert_eq!(table.scan::<Item>().count().send().await.unwrap(), 20);
        }
    }
}

/// Knows tables by their ARNs, and processes all of each table but its first write while it has others.
#[derive(Debug)]
struct ByArn {
    inner: SharedTransport,
    by_name: bool,
}

impl Transport for ByArn {
    fn call(&self, mut request: Request) -> TransportFuture<'_> {
        Box::pin(async move {
            let mut body: Value = serde_json::from_slice(&request.body).unwrap();
            let Some(tables) = body["RequestItems"].as_object() else {
                return self.inner.call(request).await;
            };
            let (mut asked, mut left) = (serde_json::Map::new(), serde_json::Map::new());
            for (name, writes) in tables {
                let short = name.rsplit('/').next().unwrap().to_owned();
                let mut writes = writes.as_array().unwrap().clone();
                if writes.len() > 1 {
                    let named = if self.by_name { short.clone() } else { name.clone() };
                    left.insert(named, json!([writes.remove(0)]));
                }
                asked.insert(short, Value::Array(writes));
            }
            body["RequestItems"] = Value::Object(asked);
            request.body = serde_json::to_vec(&body).unwrap();
            self.inner.call(request).await?;
            let answer = json!({ "UnprocessedItems": left });
            Ok(Response::new(200, serde_json::to_vec(&answer).unwrap()))
        })
    }
}
