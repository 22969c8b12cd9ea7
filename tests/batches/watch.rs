//! Watches the requests on their way: no two of them have the same key of a table, and no write goes out behind a later one.

use crate::model::Key;
use dynamap_local::{Request, SharedTransport, Transport, TransportFuture};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

#[derive(Debug, Clone, Default)]
pub(crate) struct Watch(Arc<Mutex<State>>);

/// A table, and a key of it.
type TableKey = (String, Key);

#[derive(Debug, Default)]
struct State {
    on_their_way: BTreeSet<TableKey>,
    /// The position of the last put that was sent, by key.
    sent: BTreeMap<TableKey, u64>,
    /// The number of requests to several tables.
    joined: usize,
    requests: usize,
    wrong: Vec<String>,
}

impl Watch {
    pub(crate) fn layer(&self, inner: SharedTransport) -> impl Transport {
        Layer { inner, watch: self.clone() }
    }

    pub(crate) fn check(&self, seed: u64) {
        let state = self.0.lock().unwrap();
        assert!(state.wrong.is_empty(), "{:?}, DYNAMAP_SEED={seed}", state.wrong);
        assert!(state.on_their_way.is_empty() && state.requests > 0, "DYNAMAP_SEED={seed}");
    }

    /// The number of requests to several tables.
    pub(crate) fn joined(&self) -> usize {
        self.0.lock().unwrap().joined
    }

    fn begin(&self, body: &Value) -> OnItsWay {
        let mut state = self.0.lock().unwrap();
        let (mut keys, mut count) = (BTreeSet::new(), 0);
        let tables = body["RequestItems"].as_object().unwrap();
        state.joined += usize::from(tables.len() > 1);
        let writes = tables
            .iter()
            .flat_map(|(table, writes)| writes.as_array().unwrap().iter().map(move |write| (table, write)));
        for (table, write) in writes {
            let put = write.pointer("/PutRequest/Item");
            let item = put.or_else(|| write.pointer("/DeleteRequest/Key")).unwrap();
            let key = (table.clone(), key(item));
            count += 1;
            keys.insert(key.clone());
            if let Some(position) = put.map(|put| put["position"]["N"].as_str().unwrap().parse().unwrap())
                && let Some(before) = state.sent.insert(key.clone(), position)
                && before > position
            {
                state.wrong.push(format!("{key:?} at {position} was sent behind {before}"));
            }
        }
        if !(1..=25).contains(&count) || keys.len() != count || body.to_string().len() > 16 << 20 {
            state.wrong.push(format!("a request of {count} writes with {} keys", keys.len()));
        }
        let twice: Vec<&TableKey> = keys.intersection(&state.on_their_way).collect();
        if !twice.is_empty() {
            let twice = format!("{twice:?} are in two requests at once");
            state.wrong.push(twice);
        }
        state.on_their_way.extend(keys.iter().cloned());
        state.requests += 1;
        OnItsWay { watch: self.clone(), keys }
    }
}

fn key(item: &Value) -> Key {
    let at = item["at"]["N"].as_str().unwrap().parse::<f64>().unwrap() as u32;
    match item["pk"]["S"].as_str().unwrap().strip_prefix("DEVICE#") {
        Some(device) => Key::Reading(device.parse().unwrap(), at),
        None => Key::Note(at),
    }
}

/// A request until it is answered or given up.
struct OnItsWay {
    watch: Watch,
    keys: BTreeSet<TableKey>,
}

impl Drop for OnItsWay {
    fn drop(&mut self) {
        let mut state = self.watch.0.lock().unwrap();
        state.on_their_way.retain(|key| !self.keys.contains(key));
    }
}

#[derive(Debug)]
struct Layer {
    inner: SharedTransport,
    watch: Watch,
}

impl Transport for Layer {
    fn call(&self, request: Request) -> TransportFuture<'_> {
        Box::pin(async move {
            let is_write = request.operation == "BatchWriteItem";
            let body = is_write.then(|| serde_json::from_slice(&request.body).unwrap());
            let _on_its_way = body.map(|body| self.watch.begin(&body));
            self.inner.call(request).await
        })
    }
}
