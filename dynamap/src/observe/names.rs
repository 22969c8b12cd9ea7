//! The names of attributes, spans, events and metrics.
//!
//! They are OpenTelemetry's where it has one, by its semantic conventions for databases and for DynamoDB; the others
//! begin with `dynamap.`. A test compares them with the tables of the guide.

/// The target of the spans of operations.
pub(super) const OPERATION_TARGET: &str = "dynamap::operation";
/// The target of the spans of requests.
pub(super) const REQUEST_TARGET: &str = "dynamap::request";
/// The target of the spans of calls that are made of several operations.
pub(super) const CALL_TARGET: &str = "dynamap::call";
/// The target of events.
pub(super) const EVENT_TARGET: &str = "dynamap::event";

/// The value of [`DB_SYSTEM_NAME`].
pub(super) const DYNAMODB: &str = "aws.dynamodb";

pub(super) const OTEL_NAME: &str = "otel.name";
pub(super) const OTEL_KIND: &str = "otel.kind";
pub(super) const OTEL_STATUS_CODE: &str = "otel.status_code";

pub(super) const DB_SYSTEM_NAME: &str = "db.system.name";
pub(super) const DB_OPERATION_NAME: &str = "db.operation.name";
pub(super) const DB_OPERATION_BATCH_SIZE: &str = "db.operation.batch.size";
pub(super) const DB_COLLECTION_NAME: &str = "db.collection.name";
pub(super) const DB_RESPONSE_STATUS_CODE: &str = "db.response.status_code";
pub(super) const DB_RESPONSE_RETURNED_ROWS: &str = "db.response.returned_rows";
pub(super) const ERROR_TYPE: &str = "error.type";
pub(super) const CLOUD_REGION: &str = "cloud.region";
pub(super) const TABLE_NAMES: &str = "aws.dynamodb.table_names";
pub(super) const INDEX_NAME: &str = "aws.dynamodb.index_name";
pub(super) const CONSUMED_CAPACITY: &str = "aws.dynamodb.consumed_capacity";
pub(super) const COUNT: &str = "aws.dynamodb.count";
pub(super) const SCANNED_COUNT: &str = "aws.dynamodb.scanned_count";

pub(super) const OUTCOME: &str = "dynamap.outcome";
pub(super) const REQUESTS: &str = "dynamap.requests";
pub(super) const ATTEMPTS: &str = "dynamap.attempts";
pub(super) const THROTTLED: &str = "dynamap.throttled";
pub(super) const PAGES: &str = "dynamap.pages";
pub(super) const ITEMS: &str = "dynamap.items";
pub(super) const READ_UNITS: &str = "dynamap.read_units";
pub(super) const WRITE_UNITS: &str = "dynamap.write_units";
pub(super) const ATTEMPT: &str = "dynamap.attempt";
pub(super) const UNPROCESSED: &str = "dynamap.unprocessed";
pub(super) const THROTTLING_CAUSE: &str = "dynamap.throttling_cause";

/// The messages of events.
pub(super) mod message {
    pub(in crate::observe) const RETRY: &str = "retry";
    pub(in crate::observe) const THROTTLED: &str = "throttled";
    pub(in crate::observe) const CONFLICT: &str = "conflict";
    pub(in crate::observe) const LOST_RESPONSE: &str = "lost response";
    pub(in crate::observe) const UNKNOWN_OUTCOME: &str = "unknown outcome";
}

/// The names of metrics.
#[cfg(feature = "metrics")]
pub(super) mod metric {
    pub(in crate::observe) const DURATION: &str = "db.client.operation.duration";
    pub(in crate::observe) const RETURNED_ROWS: &str = "db.client.response.returned_rows";
    pub(in crate::observe) const RETRIES: &str = "dynamap.client.retries";
    pub(in crate::observe) const THROTTLED: &str = "dynamap.client.throttled";
    pub(in crate::observe) const READ_UNITS: &str = "dynamap.client.read_units";
    pub(in crate::observe) const WRITE_UNITS: &str = "dynamap.client.write_units";
}
