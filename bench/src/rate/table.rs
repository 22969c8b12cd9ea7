//! A table with a provisioned throughput, behind the SDK's HTTP client. It keeps sizes, and counts what it is asked.

use super::{
    counters::{Counters, Sender},
    setting::Setting,
    throughput::Throughput,
};
use crate::{document::attribute_size, model::TABLE, sdk};
use aws_sdk_dynamodb::config::RuntimeComponents;
use aws_smithy_runtime_api::client::{
    http::{HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector},
    orchestrator::{HttpRequest, HttpResponse},
};
use dynamap::capacity::write_units;
use fastrand::Rng;
use serde_json::{Map, Value, json};
use std::{
    collections::HashMap,
    ops::RangeInclusive,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::time::{Instant, sleep};

/// The latency of a request, and that of its response, in microseconds.
const LATENCY: RangeInclusive<u64> = 1_000..=5_000;

#[derive(Debug, Clone)]
pub(super) struct Table(Arc<Mutex<TableState>>);

#[derive(Debug)]
struct TableState {
    start: Instant,
    throughput: Throughput,
    random: Rng,
    seconds: Vec<Counters>,
    /// By their sort key, which is enough to tell them apart.
    items: HashMap<String, StoredItem>,
}

/// An item that the loader has sent.
#[derive(Debug, Default)]
struct StoredItem {
    sent: usize,
    /// The size of what is in the table, in bytes; nothing before it is written.
    size: Option<usize>,
}

impl Table {
    pub(super) fn new(setting: Setting) -> Self {
        let random = Rng::with_seed(setting.seed);
        Self(Arc::new(Mutex::new(TableState {
            start: Instant::now(),
            throughput: Throughput::new(setting),
            random,
            seconds: Vec::new(),
            items: HashMap::new(),
        })))
    }

    /// A connection to the table for a sender of requests.
    pub(super) fn connection(&self, sender: Sender) -> Connection {
        Connection { table: self.clone(), sender }
    }

    /// The counters of each second.
    pub(super) fn seconds(&self) -> Vec<Counters> {
        self.0.lock().unwrap().seconds.clone()
    }

    /// The number of items that were sent more than once.
    pub(super) fn sent_again(&self) -> usize {
        self.0.lock().unwrap().items.values().filter(|item| item.sent > 1).count()
    }

    /// The size of a stored item.
    pub(super) fn size(&self, sort_key: &str) -> Option<usize> {
        self.0.lock().unwrap().items.get(sort_key)?.size
    }

    /// The times that a request and its answer take.
    fn latency(&self) -> [Duration; 2] {
        let random = &mut self.0.lock().unwrap().random;
        [(); 2].map(|()| Duration::from_micros(random.u64(LATENCY)))
    }
}

impl TableState {
    fn answer(&mut self, sender: Sender, request: &Value) -> HttpResponse {
        let writes = match request.pointer("/RequestItems") {
            Some(tables) => tables[TABLE].as_array().unwrap().as_slice(),
            None => std::slice::from_ref(request),
        };
        let (mut written, mut refused, mut left) = (0.0, 0.0, Vec::new());
        for write in writes {
            let item = write.pointer("/PutRequest/Item").unwrap_or(&write["Item"]).as_object().unwrap();
            let (units, done) = self.put(sender, item);
            if done {
                written += units;
            } else {
                refused += units;
                left.push(write);
            }
        }
        self.second().count(sender, written, refused);
        // DynamoDB: a request of which nothing can be processed is refused, a part of one is given back.
        if left.len() == writes.len() {
            return throttled();
        }
        let capacity = json!({
            "TableName": TABLE,
            "CapacityUnits": written,
            "Table": { "CapacityUnits": written },
        });
        let is_batch = request.get("RequestItems").is_some();
        let mut answer = match is_batch {
            true if left.is_empty() => json!({ "UnprocessedItems": {} }),
            true => json!({ "UnprocessedItems": { TABLE: left } }),
            false => json!({}),
        };
        if request["ReturnConsumedCapacity"].as_str().is_some_and(|asked| asked != "NONE") {
            answer["ConsumedCapacity"] = if is_batch { json!([capacity]) } else { capacity };
        }
        sdk::response(answer.to_string())
    }

    /// Puts an item, if there is the throughput for it, and tells what it takes.
    fn put(&mut self, sender: Sender, item: &Map<String, Value>) -> (f64, bool) {
        let size = item.iter().map(|(name, value)| attribute_size(name, value)).sum();
        // Each item is written once: so it is never smaller than one before it, which would count.
        let units = write_units(size);
        let done = self.throughput.take(units, self.start.elapsed());
        if sender == Sender::Loader {
            let stored = self.items.entry(item["sk"]["S"].as_str().unwrap().to_owned()).or_default();
            stored.sent += 1;
            if done {
                stored.size = Some(size);
            }
        }
        (units, done)
    }

    fn second(&mut self) -> &mut Counters {
        let second = self.start.elapsed().as_secs() as usize;
        if self.seconds.len() <= second {
            self.seconds.resize(second + 1, Counters::default());
        }
        &mut self.seconds[second]
    }
}

/// DynamoDB: the exception names what has no throughput left.
fn throttled() -> HttpResponse {
    let body = json!({
        "__type": "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
        "message": "The level of configured provisioned throughput for the table was exceeded.",
        "ThrottlingReasons": [{
            "reason": "TableWriteProvisionedThroughputExceeded",
            "resource": format!("arn:aws:dynamodb:eu-west-1:123456789012:table/{TABLE}"),
        }],
    });
    sdk::response_of(400, body.to_string())
}

/// Answers the requests of one sender.
#[derive(Debug, Clone)]
pub(super) struct Connection {
    table: Table,
    sender: Sender,
}

impl HttpConnector for Connection {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let Self { table, sender } = self.clone();
        let request = serde_json::from_slice(request.body().bytes().unwrap_or_default()).unwrap();
        HttpConnectorFuture::new(async move {
            let [there, back] = table.latency();
            sleep(there).await;
            let answer = table.0.lock().unwrap().answer(sender, &request);
            sleep(back).await;
            Ok(answer)
        })
    }
}

impl HttpClient for Connection {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}
