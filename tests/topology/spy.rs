//! What arrives at the lease table and at the stream, below all faults.

use super::{facts::LeaseFacts, history::History, wire::WORKER};
use dynamap_local::{Request, Response, SharedTransport, Transport, TransportFuture};
use serde_json::{Value, json};

/// Tells the history of each lease that is written.
#[derive(Debug)]
pub(super) struct LeaseSpy {
    pub(super) engine: SharedTransport,
    pub(super) history: History,
}

impl Transport for LeaseSpy {
    fn call(&self, request: Request) -> TransportFuture<'_> {
        Box::pin(async move {
            self.history.count(|tally| tally.lease_requests += 1);
            let worker = request.headers.get(WORKER).unwrap_or_default().to_owned();
            let key = written_key(&request);
            let response = self.engine.call(request).await?;
            if let Some(key) = key.filter(|_| response.status < 300) {
                self.tell(&worker, &key).await;
            }
            Ok(response)
        })
    }
}

impl LeaseSpy {
    async fn tell(&self, worker: &str, key: &Value) {
        let body = json!({ "TableName": super::world::LEASES, "Key": key });
        let read = self.engine.call(Request::new("GetItem", body.to_string())).await.unwrap();
        let item = serde_json::from_slice::<Value>(&read.body).unwrap()["Item"].take();
        match key["sk"]["S"].as_str().unwrap().strip_prefix("SHARD#") {
            Some(shard) => self.history.lease_written(worker, shard, lease(&item)),
            None if item["initialized"]["BOOL"] == true => self.history.started(),
            None => {}
        }
    }
}

/// The key of the item that a request writes.
fn written_key(request: &Request) -> Option<Value> {
    let body: Value = match request.operation.as_str() {
        "PutItem" | "UpdateItem" | "DeleteItem" => serde_json::from_slice(&request.body).ok()?,
        _ => return None,
    };
    let item = if request.operation == "PutItem" { &body["Item"] } else { &body["Key"] };
    Some(json!({ "pk": item["pk"], "sk": item["sk"] }))
}

fn lease(item: &Value) -> Option<LeaseFacts> {
    let checkpoint = item["checkpoint"]["S"].as_str()?.to_owned();
    Some(LeaseFacts { owner: item["owner"]["S"].as_str().map(str::to_owned), checkpoint })
}

/// Tells the history of the records that a worker reads.
#[derive(Debug)]
pub(super) struct StreamSpy {
    pub(super) model: SharedTransport,
    pub(super) history: History,
}

impl Transport for StreamSpy {
    fn call(&self, request: Request) -> TransportFuture<'_> {
        Box::pin(async move {
            self.history.count(|tally| tally.stream_requests += 1);
            let is_read = request.operation == "GetRecords";
            let worker = request.headers.get(WORKER).unwrap_or_default().to_owned();
            let response = self.model.call(request).await?;
            if is_read && response.status < 300 {
                self.history.fetched(&worker, &numbers(&response));
            }
            Ok(response)
        })
    }
}

/// The sequence numbers in a page of records.
fn numbers(response: &Response) -> Vec<u128> {
    const MEMBER: &str = r#""SequenceNumber":""#;
    let body = std::str::from_utf8(&response.body).unwrap();
    body.split(MEMBER).skip(1).map(|rest| rest.split('"').next().unwrap().parse().unwrap()).collect()
}
