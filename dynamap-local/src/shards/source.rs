//! The records of the embedded engine's streams, taken over into a model.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};

use super::state::ModelState;
use super::stream::AboutStream;
use crate::engine::Engine;
use crate::streams::sequence;
use crate::transport::Request;

/// The lowest number of the engine's streams.
const FIRST: u128 = 100_000_000_000_000_000_000;

/// The engine, and how far each of its streams has been read.
pub(super) struct EngineStreams {
    engine: Engine,
    iterators: BTreeMap<String, String>,
}

impl EngineStreams {
    pub(super) fn new(engine: Engine) -> Self {
        Self { engine, iterators: BTreeMap::new() }
    }

    /// Takes over what the engine has recorded since the last time.
    pub(super) fn pull(&mut self, state: &mut ModelState, arn: &str, now: Duration) {
        let Some(description) = self.describe(arn) else { return state.delete(arn, now) };
        if state.stream(arn).is_none() {
            state.add(Self::about(arn, &description), FIRST, now);
            self.iterators
                .extend(self.iterator(arn, &description).map(|iterator| (arn.to_owned(), iterator)));
        }
        self.pull_records(state, arn, now);
        if description["StreamStatus"] == "DISABLED" {
            let (streams, mut moment) = state.parts(now);
            let stream = streams.iter_mut().find(|stream| stream.about.arn == arn);
            stream.into_iter().for_each(|stream| stream.disable(&mut moment));
        }
    }

    fn pull_records(&mut self, state: &mut ModelState, arn: &str, now: Duration) {
        while let Some(iterator) = self.iterators.get(arn) {
            let Some(mut page) = self.call("GetRecords", &json!({ "ShardIterator": iterator })) else {
                return;
            };
            match page["NextShardIterator"].as_str() {
                Some(next) => self.iterators.insert(arn.to_owned(), next.to_owned()),
                None => self.iterators.remove(arn),
            };
            let records = page["Records"].as_array_mut().map(std::mem::take).unwrap_or_default();
            if records.is_empty() {
                return;
            }
            for record in records {
                let number = record["dynamodb"]["SequenceNumber"].as_str().and_then(sequence::parse);
                // A stream that was disabled by the model takes no more records.
                let _ = state.put(arn, record, number.unwrap_or_default(), now);
            }
        }
    }

    fn describe(&self, arn: &str) -> Option<Value> {
        let mut answer = self.call("DescribeStream", &json!({ "StreamArn": arn }))?;
        Some(answer["StreamDescription"].take())
    }

    fn about(arn: &str, description: &Value) -> AboutStream {
        let text = |name: &str| description[name].as_str().unwrap_or_default().to_owned();
        AboutStream {
            arn: arn.to_owned(),
            label: text("StreamLabel"),
            table: text("TableName"),
            view: text("StreamViewType"),
            key_schema: description["KeySchema"].clone(),
            created: description["CreationRequestDateTime"].as_f64().unwrap_or_default(),
        }
    }

    fn iterator(&self, arn: &str, description: &Value) -> Option<String> {
        let shard = &description["Shards"][0]["ShardId"];
        let request = json!({ "StreamArn": arn, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON" });
        let answer = self.call("GetShardIterator", &request)?;
        Some(answer["ShardIterator"].as_str()?.to_owned())
    }

    /// The engine's answer. None if it is an error.
    fn call(&self, operation: &str, body: &Value) -> Option<Value> {
        let response = self.engine.answer(&Request::new(operation, body.to_string()));
        if response.status < 300 { serde_json::from_slice(&response.body).ok() } else { None }
    }
}
