//! A small table, the calls of dynamap on it, and an observer that keeps what it was told.

use crate::recorder::{Recorded, Recorder};
use aws_sdk_dynamodb::types::StreamViewType;
use dynamap::capacity::Consumed;
use dynamap::observe::{Observer, OperationOutcome, OperationRecord};
use dynamap::value::{Vector, Version};
use dynamap::{Entity, Index, Table, TableSchema, VectorIndex};
use dynamap_local::Local;
use dynamap_local::faults::{Faults, Plan};
use std::sync::{Arc, Mutex};
use std::time::Duration;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", indexes(ByStatus), vector_indexes(ByPlace))]
pub(crate) struct Shop;

#[derive(Index)]
#[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk", sort_key = "gsi1sk")]
pub(crate) struct ByStatus;

#[derive(VectorIndex)]
#[dynamap(table = Shop, name = "vec1", vector = "place", dimensions = 2, distance = euclidean)]
pub(crate) struct ByPlace;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "CUSTOMER#{customer}", sk = "ORDER#{number}")]
#[dynamap(index = ByStatus, pk = "STATUS#{status}", sk = "{number}")]
#[dynamap(vector_index = ByPlace, vector = place)]
pub(crate) struct Order {
    pub(crate) customer: String,
    pub(crate) number: u32,
    pub(crate) status: String,
    pub(crate) total: u64,
    pub(crate) place: Vector<2>,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "NOTE#{id}", sk = "NOTE")]
pub(crate) struct Note {
    pub(crate) id: u32,
    pub(crate) text: String,
    #[dynamap(version)]
    pub(crate) version: Version,
}

pub(crate) fn order(number: u32) -> Order {
    let place = Vector::new([f32::from(u16::try_from(number).unwrap()), 0.5]).unwrap();
    Order { customer: "c-1".into(), number, status: "open".into(), total: 10, place }
}

/// What an observer was told.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    pub(crate) operation: &'static str,
    pub(crate) tables: Vec<String>,
    pub(crate) index: Option<&'static str>,
    pub(crate) outcome: OperationOutcome,
    pub(crate) error: Option<String>,
    pub(crate) requests: u64,
    pub(crate) attempts: u64,
    pub(crate) throttled: u64,
    pub(crate) pages: u64,
    pub(crate) items: u64,
    pub(crate) consumed: Consumed,
}

#[derive(Default)]
pub(crate) struct Listener(Mutex<Vec<Told>>);

impl Listener {
    pub(crate) fn take(&self) -> Vec<Told> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

impl Observer for Listener {
    fn operation_ended(&self, record: &OperationRecord<'_>) {
        self.0.lock().unwrap().push(Told {
            operation: record.operation,
            tables: record.tables.iter().map(ToString::to_string).collect(),
            index: record.index,
            outcome: record.outcome,
            error: record.error.map(str::to_owned),
            requests: record.requests,
            attempts: record.attempts,
            throttled: record.throttled,
            pages: record.pages,
            items: record.items,
            consumed: record.consumed.clone(),
        });
    }
}

/// A shop with ten orders and a note, faults below it, and what is told about it.
pub(crate) struct Stage {
    pub(crate) shop: Table<Shop>,
    pub(crate) faults: Faults,
    pub(crate) listener: Arc<Listener>,
}

impl Stage {
    pub(crate) async fn new() -> Self {
        let (local, faults) = Local::memory().unwrap().with_faults(Plan::script([]));
        let listener = Arc::new(Listener::default());
        let shop = Table::<Shop>::new(local.client(), "shop").with_observer(listener.clone());
        shop.create_table_if_absent().stream(StreamViewType::NewImage).await.unwrap();
        shop.batch_write().write_all((1..=10).map(order).map(dynamap::batch::BatchWrite::put)).await.unwrap();
        let mut note = Note { id: 1, text: "milk".into(), version: Version::NEW };
        shop.create(&mut note).await.unwrap();
        listener.take();
        Self { shop, faults, listener }
    }
}

/// The result of a call, without what it returns.
pub(crate) type Ended = Result<(), String>;

fn ended<T, E: ToString>(result: Result<T, E>) -> Ended {
    result.map(drop).map_err(|error| error.to_string())
}

/// The calls of dynamap, by the operation of DynamoDB that each is, with the index that it reads.
pub(crate) const CALLS: [(&str, &str, Option<&str>); 24] = [
    ("get", "GetItem", None),
    ("exists", "GetItem", None),
    ("put", "PutItem", None),
    ("create", "PutItem", None),
    ("update", "UpdateItem", None),
    ("save", "UpdateItem", None),
    ("delete", "DeleteItem", None),
    ("query", "Query", None),
    ("query an index", "Query", Some("gsi1")),
    ("all of a query", "Query", None),
    ("items of a query", "Query", None),
    ("count", "Query", None),
    ("scan", "Scan", None),
    ("parallel scan", "Scan", None),
    ("search", "SearchVectors", Some("vec1")),
    ("batch get", "BatchGetItem", None),
    ("batch write", "BatchWriteItem", None),
    ("load", "BatchWriteItem", None),
    ("dump", "Scan", None),
    ("transact get", "TransactGetItems", None),
    ("transact write", "TransactWriteItems", None),
    ("transactional", "TransactWriteItems", None),
    ("describe", "DescribeTable", None),
    ("stream arn", "DescribeTable", None),
];

/// Makes a call. None of them changes what the others find.
pub(crate) async fn call(shop: &Table<Shop>, name: &str) -> Ended {
    let key = |number: u32| Order::key("c-1", number);
    let all = || shop.query(Order::partition("c-1"));
    match name {
        "get" => ended(shop.get(key(1)).await),
        "exists" => ended(shop.exists(key(1)).await),
        "put" => ended(shop.put(&order(1)).await),
        "create" => {
            let created = shop.create(&order(99)).await;
            if created.is_ok() {
                drop(shop.delete(key(99)).into_sdk().unwrap().send().await);
            }
            ended(created)
        }
        "update" => ended(shop.update(key(1)).apply(Order::TOTAL.set(11_u64)).await),
        "save" => ended(shop.save(&order(1)).await),
        "delete" => ended(shop.delete(key(77)).await),
        "query" => ended(all().limit(3).await),
        "query an index" => ended(shop.query(Order::by_status("open")).limit(3).await),
        "all of a query" => ended(all().page_size(3).try_collect().await),
        "items of a query" => {
            let mut items = all().page_size(4).items();
            while let Some(item) = items.next().await {
                if item.is_err() {
                    return ended(item);
                }
            }
            Ok(())
        }
        "count" => ended(all().count().await),
        "scan" => ended(shop.scan::<Order>().limit(5).await),
        "parallel scan" => {
            let scan = shop.scan::<Order>().parallel(3).retry_timeout(Duration::ZERO);
            ended(scan.try_collect().await)
        }
        "search" => {
            let vector = Vector::new([1.0, 0.5]).unwrap();
            ended(shop.search(Order::by_place(&vector)).top_k(2).await)
        }
        "batch get" => ended(shop.batch_get((1..=4).map(key)).await),
        "batch write" => ended(shop.batch_write().put(&order(1)).put(&order(2)).await),
        "load" => {
            let line: &[u8] = br#"{"pk":{"S":"x"},"sk":{"S":"y"}}"#;
            ended(shop.load(line).await)
        }
        "dump" => ended(shop.dump(Vec::new()).segments(2).await),
        "transact get" => ended(shop.transact_get([key(1), key(2)]).await),
        "transact write" => ended(shop.transact_write().put(&order(1)).put(&order(2)).await),
        "transactional" => ended(shop.put(&order(1)).transactional().await),
        "describe" => ended(shop.describe().send().await),
        "stream arn" => ended(shop.stream_arn().send().await),
        other => panic!("no call {other}"),
    }
}

/// Runs `act` on a clock that stands still, under a recorder.
pub(crate) fn recorded<F: Future>(recorder: &Recorder, act: F) -> (F::Output, Recorded) {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    let output = tracing::subscriber::with_default(recorder.clone(), || {
        let output = runtime.block_on(act);
        // Nothing of it goes on in the background.
        drop(runtime);
        output
    });
    (output, recorder.take())
}
