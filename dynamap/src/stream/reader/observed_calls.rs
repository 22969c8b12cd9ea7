//! The requests of DynamoDB Streams as operations that are observed.

use crate::{
    error::ServiceErrorKind,
    observe::{self, Begun, Ending, Observing, OperationOutcome},
};
use aws_sdk_dynamodbstreams::{
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
};
use tracing::Instrument;

/// The outcome of a request; `None` if there is none in time.
type Sent<O, E> = Option<Result<O, SdkError<E, HttpResponse>>>;

/// Sends a request for a stream as an operation; `items` gives the number of records that it returned.
pub(super) async fn observed<O, E: ProvideErrorMetadata>(
    operation: &'static str,
    stream_arn: &str,
    call: impl Future<Output = Sent<O, E>>,
    items: impl FnOnce(&O) -> usize,
) -> Sent<O, E> {
    let mut observing = begin(operation, stream_arn);
    let sent = call.instrument(observing.span()).await;
    if let Some(Ok(output)) = &sent {
        observing.count_items(items(output));
    }
    let ending = ending(&sent);
    if let Some(observation) = observing.observation()
        && ending.outcome == OperationOutcome::Throttled
    {
        observation.count_throttled();
        observing.span().in_scope(|| observe::throttled(operation, None, None));
    }
    observing.end(&ending);
    sent
}

fn begin(operation: &'static str, stream_arn: &str) -> Observing {
    if !observe::has_subscriber() {
        return Observing::none();
    }
    let (observing, observation) = Observing::operation(Begun {
        operation,
        tables: table_of(stream_arn).into_iter().map(Into::into).collect(),
        index: None,
        region: stream_arn.split(':').nth(3),
        reads: true,
        is_one_request: true,
        observers: Vec::new(),
        meter: None,
    });
    observation.count_request();
    observing
}

/// The table of a stream: `arn:aws:dynamodb:region:account:table/name/stream/time`.
fn table_of(stream_arn: &str) -> Option<&str> {
    let (_, rest) = stream_arn.split_once(":table/")?;
    rest.split('/').next()
}

fn ending<O, E: ProvideErrorMetadata>(sent: &Sent<O, E>) -> Ending {
    match sent {
        Some(Ok(_)) => Ending::OK,
        Some(Err(error)) => match error.code() {
            Some(code) => Ending::coded(code, outcome_of(code)),
            None => Ending::named(OperationOutcome::Error, "unreachable"),
        },
        None => Ending::named(OperationOutcome::Error, "timed_out"),
    }
}

/// DynamoDB: a stream refuses more than it gives to all its readers as a limit, or as throttling.
fn outcome_of(code: &str) -> OperationOutcome {
    match ServiceErrorKind::from_code(code) {
        Some(ServiceErrorKind::Throttled | ServiceErrorKind::LimitExceeded) => OperationOutcome::Throttled,
        _ => OperationOutcome::Error,
    }
}

#[cfg(test)]
mod tests {
    use super::table_of;

    #[test]
    fn the_table_of_a_stream_is_in_its_arn() {
        let arn = "arn:aws:dynamodb:eu-north-1:123456789012:table/shop/stream/2026-11-30T00:00:00.000";
        assert_eq!(table_of(arn), Some("shop"));
        assert_eq!(table_of("shop"), None);
    }
}
