//! The rules of each operation.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::action::{check_action, check_item, check_key, check_read, check_search};
use super::findings::Findings;
use super::keys::item_identity;
use super::rule::Rule;
use super::schema::{Schema, Schemas};
use super::value::item_size;
use crate::engine::Engine;

/// DynamoDB: the most requests, keys and actions.
const MAX_BATCH_WRITE: usize = 25;
const MAX_BATCH_GET: usize = 100;
const MAX_TRANSACTION: usize = 100;

/// DynamoDB: the most bytes of a batch, and of a transaction.
const MAX_BATCH_BYTES: usize = 16 << 20;
const MAX_TRANSACTION_BYTES: usize = 4 << 20;

/// DynamoDB: the most characters of a token.
const MAX_TOKEN: usize = 36;

pub(super) fn check(engine: &Engine, operation: &str, body: &Value) -> Findings {
    let mut findings = Findings::new();
    let mut schemas = Schemas::new(engine);
    match operation {
        "PutItem" | "GetItem" | "UpdateItem" | "DeleteItem" => {
            check_action(body, schema(&mut schemas, body), &mut findings);
        }
        "Query" | "Scan" => check_read(operation, body, schema(&mut schemas, body), &mut findings),
        // Its vector, its index and the form of its condition are the engine's to check.
        "SearchVectors" => check_search(body, &mut findings),
        "BatchWriteItem" => check_batch_write(&mut schemas, body, &mut findings),
        "BatchGetItem" => check_batch_get(&mut schemas, body, &mut findings),
        "TransactWriteItems" | "TransactGetItems" => check_transaction(&mut schemas, body, &mut findings),
        _ => {}
    }
    // A key of several indexes is wrong for each of them.
    let mut seen = HashSet::new();
    findings.retain(|finding| seen.insert(finding.clone()));
    findings
}

fn schema<'a>(schemas: &'a mut Schemas<'_>, action: &Value) -> Option<&'a Schema> {
    schemas.get(action["TableName"].as_str()?)
}

fn tables(body: &Value) -> impl Iterator<Item = (&String, &Value)> {
    body["RequestItems"].as_object().into_iter().flat_map(Map::iter)
}

fn check_batch_write(schemas: &mut Schemas<'_>, body: &Value, findings: &mut Findings) {
    let mut duplicates = DuplicateCheck::default();
    let (mut count, mut bytes) = (0, 0);
    for (table, requests) in tables(body) {
        let schema = schemas.get(table);
        for request in requests.as_array().into_iter().flatten() {
            count += 1;
            let attributes = if let Some(item) = request["PutRequest"]["Item"].as_object() {
                check_item(item, schema, findings);
                item
            } else if let Some(key) = request["DeleteRequest"]["Key"].as_object() {
                check_key(key, schema, findings);
                key
            } else {
                continue;
            };
            bytes += item_size(attributes);
            duplicates.add(table, attributes, schema);
        }
    }
    check_count(count, MAX_BATCH_WRITE, "requestItems", findings);
    check_bytes(bytes, MAX_BATCH_BYTES, "Batch size", findings);
    duplicates.report("Provided list of item keys contains duplicates", findings);
}

fn check_batch_get(schemas: &mut Schemas<'_>, body: &Value, findings: &mut Findings) {
    let mut duplicates = DuplicateCheck::default();
    let mut count = 0;
    for (table, read) in tables(body) {
        let schema = schemas.get(table);
        check_read("BatchGetItem", read, schema, findings);
        for key in read["Keys"].as_array().into_iter().flatten().filter_map(Value::as_object) {
            count += 1;
            check_key(key, schema, findings);
            duplicates.add(table, key, schema);
        }
    }
    check_count(count, MAX_BATCH_GET, "requestItems", findings);
    duplicates.report("Provided list of item keys contains duplicates", findings);
}

fn check_transaction(schemas: &mut Schemas<'_>, body: &Value, findings: &mut Findings) {
    let mut duplicates = DuplicateCheck::default();
    let (mut count, mut bytes) = (0, 0);
    let entries = body["TransactItems"].as_array().into_iter().flatten().filter_map(Value::as_object);
    for action in entries.flat_map(Map::values) {
        count += 1;
        let schema = schema(schemas, action);
        check_action(action, schema, findings);
        let attributes = action["Item"].as_object().or(action["Key"].as_object());
        let (Some(attributes), Some(table)) = (attributes, action["TableName"].as_str()) else { continue };
        bytes += item_size(attributes);
        duplicates.add(table, attributes, schema);
    }
    check_count(count, MAX_TRANSACTION, "transactItems", findings);
    check_bytes(bytes, MAX_TRANSACTION_BYTES, "Transaction size", findings);
    duplicates.report("Transaction request cannot include multiple operations on one item", findings);
    let token = body["ClientRequestToken"].as_str();
    if token.is_some_and(|token| !(1..=MAX_TOKEN).contains(&token.chars().count())) {
        let message = "Value at 'clientRequestToken' failed to satisfy constraint: Member must have length";
        findings.push((Rule::ClientRequestToken, format!("{message} from 1 to {MAX_TOKEN}")));
    }
}

fn check_count(count: usize, most: usize, member: &str, findings: &mut Findings) {
    if !(1..=most).contains(&count) {
        let message = format!(
            "1 validation error detected: Value at '{member}' failed to satisfy constraint: Member must have length \
             from 1 to {most}"
        );
        findings.push((Rule::Count, message));
    }
}

fn check_bytes(bytes: usize, most: usize, what: &str, findings: &mut Findings) {
    if bytes > most {
        findings.push((Rule::TotalSize, format!("{what} exceeded the maximum allowed size")));
    }
}

/// Finds items that come more than once.
#[derive(Default)]
struct DuplicateCheck {
    seen: HashSet<Vec<String>>,
    has_duplicate: bool,
}

impl DuplicateCheck {
    fn add(&mut self, table: &str, attributes: &Map<String, Value>, schema: Option<&Schema>) {
        if let Some(schema) = schema {
            self.has_duplicate |= !self.seen.insert(item_identity(table, attributes, schema));
        }
    }

    fn report(&self, message: &str, findings: &mut Findings) {
        if self.has_duplicate {
            findings.push((Rule::DuplicateKey, message.to_owned()));
        }
    }
}
