//! Metrics by the crate `metrics`.

use super::{
    Observer, OperationRecord,
    names::{
        DB_COLLECTION_NAME, DB_OPERATION_NAME, DB_SYSTEM_NAME, DYNAMODB, ERROR_TYPE, INDEX_NAME, OUTCOME,
        metric,
    },
};
use ::metrics::{Label, Unit, counter, describe_counter, describe_histogram, histogram};
use std::sync::Arc;

/// Records operations by the crate [`metrics`](::metrics), with OpenTelemetry's names.
///
/// Each metric has the labels `db.system.name`, `db.operation.name`, `dynamap.outcome`, and where there is one
/// `db.collection.name` and `aws.dynamodb.index_name`; the duration also has `error.type`. See the
/// [guide](crate::guide::observability).
///
/// ```no_run
/// # use dynamap::{Table, TableSchema};
/// use dynamap::observe::MetricsObserver;
/// use std::sync::Arc;
/// # #[derive(TableSchema)]
/// # #[dynamap(partition_key = "pk")]
/// # pub struct Shop;
///
/// # fn table(client: aws_sdk_dynamodb::Client) {
/// let shop = Table::<Shop>::new(client, "shop").with_observer(Arc::new(MetricsObserver::new()));
/// # }
/// ```
#[derive(Debug, Clone, Copy, Default)]
#[non_exhaustive]
pub struct MetricsObserver;

impl MetricsObserver {
    /// An observer that records by the recorder of the process, to which it describes its metrics.
    pub fn new() -> Self {
        describe_histogram!(metric::DURATION, Unit::Seconds, "Duration of database client operations");
        describe_histogram!(metric::RETURNED_ROWS, Unit::Count, "Number of items that an operation returned");
        describe_counter!(
            metric::RETRIES,
            Unit::Count,
            "Number of attempts beyond the first one of a request"
        );
        describe_counter!(
            metric::THROTTLED,
            Unit::Count,
            "Number of throttled attempts and incomplete responses"
        );
        describe_counter!(metric::READ_UNITS, Unit::Count, "Read capacity units, in thousandths");
        describe_counter!(metric::WRITE_UNITS, Unit::Count, "Write capacity units, in thousandths");
        Self
    }
}

impl Observer for MetricsObserver {
    fn operation_ended(&self, record: &OperationRecord<'_>) {
        let labels = labels(record);
        let mut with_error = labels.clone();
        with_error.extend(record.error.map(|error| Label::new(ERROR_TYPE, error.to_owned())));
        histogram!(metric::DURATION, with_error).record(record.duration.as_secs_f64());
        if record.is_read {
            histogram!(metric::RETURNED_ROWS, labels.clone()).record(record.items as f64);
        }
        let units = record.consumed.total();
        let counts = [
            (metric::RETRIES, record.retries()),
            (metric::THROTTLED, record.throttled),
            (metric::READ_UNITS, thousandths(units.read)),
            (metric::WRITE_UNITS, thousandths(units.write)),
        ];
        for (name, count) in counts {
            if count > 0 {
                counter!(name, labels.clone()).increment(count);
            }
        }
    }
}

/// A counter has whole numbers, and DynamoDB has halves of units.
fn thousandths(units: f64) -> u64 {
    (units * 1000.0).round() as u64
}

fn labels(record: &OperationRecord<'_>) -> Vec<Label> {
    let mut labels = vec![
        Label::from_static_parts(DB_SYSTEM_NAME, DYNAMODB),
        Label::from_static_parts(DB_OPERATION_NAME, record.operation),
        Label::from_static_parts(OUTCOME, record.outcome.as_str()),
    ];
    if let [table] = record.tables {
        labels.push(Label::new(DB_COLLECTION_NAME, Arc::clone(table)));
    }
    labels.extend(record.index.map(|index| Label::from_static_parts(INDEX_NAME, index)));
    labels
}
