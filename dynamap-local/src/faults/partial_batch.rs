//! Batches of which a part comes back unprocessed.

use serde_json::{Map, Value, json};

use super::fault::Processed;
use crate::transport::{Request, Response};

/// A batch request, split into the part that is processed and the part that is not.
pub(super) struct PartialBatch {
    /// The request with the processed part; none if that is empty.
    pub(super) processed: Option<Request>,
    /// The requests or keys that come back, in the form of `UnprocessedItems` or `UnprocessedKeys`.
    unprocessed: Map<String, Value>,
    member: &'static str,
}

impl PartialBatch {
    /// Splits a request. None if it is no batch.
    pub(super) fn new(request: &Request, processed: Processed) -> Option<Self> {
        let member = match request.operation.as_str() {
            "BatchWriteItem" => "UnprocessedItems",
            "BatchGetItem" => "UnprocessedKeys",
            _ => return None,
        };
        let mut body: Value = serde_json::from_slice(&request.body).ok()?;
        let tables = body.get_mut("RequestItems")?.as_object_mut()?;
        let mut names: Vec<String> = tables.keys().cloned().collect();
        names.sort_unstable();
        let mut unprocessed = Map::new();
        let mut position = 0;
        for name in names {
            let Some(table) = tables.get_mut(&name) else { continue };
            let Some(entries) = entries(table) else { continue };
            let (mut kept, mut back) = (Vec::new(), Vec::new());
            for entry in std::mem::take(entries) {
                if processed.contains(position) {
                    kept.push(entry)
                } else {
                    back.push(entry)
                }
                position += 1;
            }
            if !back.is_empty() {
                unprocessed.insert(name.clone(), with_entries(table, back));
            }
            if kept.is_empty() {
                tables.remove(&name);
            } else {
                *table = with_entries(table, kept);
            }
        }
        let nothing = tables.is_empty();
        let mut request = request.clone();
        request.body = body.to_string().into_bytes();
        Some(Self { processed: (!nothing).then_some(request), unprocessed, member })
    }

    pub(super) fn is_whole(&self) -> bool {
        self.unprocessed.is_empty()
    }

    /// The response to the processed part, with the unprocessed part added to what the engine left.
    pub(super) fn answer(self, response: Response) -> Response {
        let Ok(Value::Object(mut body)) = serde_json::from_slice::<Value>(&response.body) else {
            return response;
        };
        if response.status != 200 {
            return response;
        }
        let back = body.entry(self.member).or_insert_with(|| json!({}));
        if let Value::Object(back) = back {
            for (name, mut table) in self.unprocessed {
                match back.get_mut(&name).and_then(entries) {
                    Some(there) => there.append(entries(&mut table).unwrap_or(&mut Vec::new())),
                    None => drop(back.insert(name, table)),
                }
            }
        }
        let mut answer = Response::new(200, Value::Object(body).to_string());
        if let Some(id) = response.headers.get("x-amzn-requestid") {
            answer.headers.insert("x-amzn-requestid", id.to_owned());
        }
        answer
    }

    /// The response to a batch of which nothing is processed.
    pub(super) fn nothing(self) -> Response {
        self.answer(Response::new(200, r#"{"Responses":{}}"#))
    }
}

/// The requests or keys of one table.
fn entries(table: &mut Value) -> Option<&mut Vec<Value>> {
    match table {
        Value::Array(requests) => Some(requests),
        table => table.get_mut("Keys")?.as_array_mut(),
    }
}

/// DynamoDB: unprocessed keys carry the projection and the consistency of the request.
fn with_entries(table: &Value, new: Vec<Value>) -> Value {
    let mut table = table.clone();
    if let Some(entries) = entries(&mut table) {
        *entries = new;
    }
    table
}
