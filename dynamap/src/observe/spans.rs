//! Spans, and the attributes that they get at their end.

use super::{
    Ending, OperationRecord,
    names::{
        ATTEMPTS, CALL_TARGET, CLOUD_REGION, CONSUMED_CAPACITY, COUNT, DB_COLLECTION_NAME,
        DB_OPERATION_BATCH_SIZE, DB_OPERATION_NAME, DB_RESPONSE_RETURNED_ROWS, DB_RESPONSE_STATUS_CODE,
        DB_SYSTEM_NAME, DYNAMODB, ERROR_TYPE, INDEX_NAME, ITEMS, OPERATION_TARGET, OTEL_KIND, OTEL_NAME,
        OTEL_STATUS_CODE, OUTCOME, PAGES, READ_UNITS, REQUEST_TARGET, REQUESTS, SCANNED_COUNT, TABLE_NAMES,
        THROTTLED, WRITE_UNITS,
    },
};
use crate::capacity::{Consumed, Units, VectorBytes};
use std::{fmt::Write, sync::Arc};
use tracing::{Span, field::Empty};

/// A span of an operation. Its kind is `client` if it stands for one request, and `internal` if its requests have spans.
pub(super) fn operation(
    operation: &'static str,
    tables: &[Arc<str>],
    index: Option<&'static str>,
    region: Option<&str>,
    is_one_request: bool,
) -> Span {
    tracing::info_span!(
        target: OPERATION_TARGET,
        "operation",
        { OTEL_NAME } = name(operation, tables),
        { OTEL_KIND } = if is_one_request { "client" } else { "internal" },
        { OTEL_STATUS_CODE } = Empty,
        { DB_SYSTEM_NAME } = DYNAMODB,
        { DB_OPERATION_NAME } = operation,
        { DB_COLLECTION_NAME } = only(tables),
        { TABLE_NAMES } = table_names(tables),
        { INDEX_NAME } = index,
        { CLOUD_REGION } = region,
        { DB_OPERATION_BATCH_SIZE } = Empty,
        { DB_RESPONSE_RETURNED_ROWS } = Empty,
        { DB_RESPONSE_STATUS_CODE } = Empty,
        { ERROR_TYPE } = Empty,
        { CONSUMED_CAPACITY } = Empty,
        { COUNT } = Empty,
        { SCANNED_COUNT } = Empty,
        { OUTCOME } = Empty,
        { REQUESTS } = Empty,
        { ATTEMPTS } = Empty,
        { THROTTLED } = Empty,
        { PAGES } = Empty,
        { ITEMS } = Empty,
        { READ_UNITS } = Empty,
        { WRITE_UNITS } = Empty
    )
}

/// A span of one request of an operation that may send several.
pub(super) fn request(operation: &'static str, tables: &[Arc<str>], index: Option<&'static str>) -> Span {
    tracing::debug_span!(
        target: REQUEST_TARGET,
        "request",
        { OTEL_NAME } = name(operation, tables),
        { OTEL_KIND } = "client",
        { DB_SYSTEM_NAME } = DYNAMODB,
        { DB_OPERATION_NAME } = operation,
        { DB_COLLECTION_NAME } = only(tables),
        { TABLE_NAMES } = table_names(tables),
        { INDEX_NAME } = index,
        { OTEL_STATUS_CODE } = Empty,
        { ERROR_TYPE } = Empty,
        { ATTEMPTS } = Empty
    )
}

/// A span of a call that is made of several operations, which have spans of their own.
pub(super) fn call(name: &'static str, table: &Arc<str>) -> Span {
    tracing::info_span!(
        target: CALL_TARGET,
        "call",
        { OTEL_NAME } = format_args!("{name} {table}"),
        { OTEL_KIND } = "internal",
        { OTEL_STATUS_CODE } = Empty,
        { DB_SYSTEM_NAME } = DYNAMODB,
        { DB_COLLECTION_NAME } = &**table,
        { ERROR_TYPE } = Empty,
        { OUTCOME } = Empty
    )
}

/// Gives the span of a request what is known at its end.
pub(super) fn record_request(span: &Span, attempts: u64, error: Option<&str>) {
    span.record(ATTEMPTS, attempts);
    if let Some(error) = error {
        span.record(OTEL_STATUS_CODE, "ERROR");
        span.record(ERROR_TYPE, error);
    }
}

/// Gives a span the attributes of a failure.
pub(super) fn record_ending(span: &Span, ending: &Ending) {
    span.record(OUTCOME, ending.outcome.as_str());
    if let Some(error) = &ending.error {
        span.record(OTEL_STATUS_CODE, "ERROR");
        span.record(ERROR_TYPE, &**error);
    }
    if let Some(code) = &ending.code {
        span.record(DB_RESPONSE_STATUS_CODE, &**code);
    }
}

/// Gives the span of an operation what is known at its end; `requested` is the number of items that a batch asked for, `counted` are the numbers that DynamoDB told of its pages.
pub(super) fn record_operation(
    span: &Span,
    record: &OperationRecord<'_>,
    requested: u64,
    counted: Option<(u64, u64)>,
    consumed: Option<&Consumed>,
) {
    span.record(REQUESTS, record.requests);
    // The requests of streams have no interceptor that counts them.
    if record.attempts >= record.requests {
        span.record(ATTEMPTS, record.attempts);
    }
    span.record(THROTTLED, record.throttled);
    span.record(ITEMS, record.items);
    if record.is_read {
        span.record(DB_RESPONSE_RETURNED_ROWS, record.items);
    }
    let batch = if record.is_read { requested } else { record.items };
    if batch > 1 {
        span.record(DB_OPERATION_BATCH_SIZE, batch);
    }
    if let Some((count, scanned)) = counted {
        span.record(PAGES, record.pages);
        span.record(COUNT, count);
        span.record(SCANNED_COUNT, scanned);
    }
    if let Some(consumed) = consumed {
        let Units { read, write } = consumed.total();
        span.record(READ_UNITS, read);
        span.record(WRITE_UNITS, write);
        span.record(CONSUMED_CAPACITY, &*capacity_json(record.tables, consumed));
    }
}

/// `{operation} {table}`, or the operation alone for several tables: a name has few values.
fn name(operation: &str, tables: &[Arc<str>]) -> String {
    match tables {
        [table] => format!("{operation} {table}"),
        _ => operation.to_owned(),
    }
}

fn only(tables: &[Arc<str>]) -> Option<&str> {
    match tables {
        [table] => Some(table),
        _ => None,
    }
}

/// A list as JSON text: the attributes of `tracing` have no lists. No name of a table needs an escape.
pub(super) fn table_names(tables: &[Arc<str>]) -> String {
    format!("{tables:?}")
}

/// The consumed capacity, as DynamoDB writes it in JSON.
fn capacity_json(tables: &[Arc<str>], consumed: &Consumed) -> String {
    let Units { read, write } = consumed.total();
    let mut json = String::from("[{");
    if let [table] = tables {
        let _ = write!(json, "\"TableName\":\"{table}\",");
    }
    let _ = write!(json, "\"CapacityUnits\":{},\"Table\":{}", read + write, units_json(&consumed.table));
    let indexes = [
        ("GlobalSecondaryIndexes", &consumed.global_indexes),
        ("LocalSecondaryIndexes", &consumed.local_indexes),
    ];
    for (member, indexes) in indexes {
        if !indexes.is_empty() {
            let indexes = indexes.iter().map(|(name, units)| format!("\"{name}\":{}", units_json(units)));
            let _ = write!(json, ",\"{member}\":{{{}}}", Vec::from_iter(indexes).join(","));
        }
    }
    if !consumed.vector_indexes.is_empty() {
        let bytes = consumed.vector_indexes.iter().map(|(name, VectorBytes { write, search })| {
            format!(
                "\"{name}\":{{\"VectorWriteRequestBytes\":{write},\"VectorSearchRequestBytes\":{search}}}"
            )
        });
        let _ = write!(json, ",\"VectorIndexes\":{{{}}}", Vec::from_iter(bytes).join(","));
    }
    json.push_str("}]");
    json
}

fn units_json(units: &Units) -> String {
    format!("{{\"CapacityUnits\":{}}}", units.read + units.write)
}
