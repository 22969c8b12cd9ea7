#![allow(clippy::unwrap_used)]

use super::{ServiceError, ServiceErrorKind as Kind};
use aws_sdk_dynamodb::{
    config::http::HttpResponse,
    error::{ErrorMetadata, SdkError},
    operation::put_item::PutItemError,
};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;

fn response(status: u16) -> HttpResponse {
    HttpResponse::new(status.try_into().unwrap(), SdkBody::empty())
}

fn of(error: SdkError<PutItemError, HttpResponse>) -> ServiceError {
    ServiceError::new("PutItem", "shop", error, false)
}

fn answered(status: u16, code: Option<&str>) -> ServiceError {
    let mut error = ErrorMetadata::builder();
    if let Some(code) = code {
        error = error.code(code);
    }
    of(SdkError::service_error(PutItemError::generic(error.build()), response(status)))
}

#[test]
fn the_code_tells_the_kind_whatever_the_status() {
    for (kind, codes) in [
        (
            Kind::Throttled,
            &[
                "ProvisionedThroughputExceededException",
                "ThrottlingException",
                "Throttling",
                "RequestLimitExceeded",
                "RequestThrottledException",
            ][..],
        ),
        (
            Kind::TableNotFound,
            &["ResourceNotFoundException", "TableNotFoundException", "IndexNotFoundException"],
        ),
        (Kind::TableInUse, &["ResourceInUseException", "TableInUseException"]),
        (
            Kind::ExpiredCredentials,
            &["ExpiredTokenException", "ExpiredToken", "RequestExpired", "TokenRefreshRequired"],
        ),
        (
            Kind::AccessDenied,
            &[
                "AccessDeniedException",
                "UnrecognizedClientException",
                "InvalidSignatureException",
                "IncompleteSignature",
                "MissingAuthenticationTokenException",
                "NotAuthorized",
                "OptInRequired",
            ],
        ),
        (Kind::Validation, &["ValidationException", "SerializationException"]),
        (Kind::TransactionConflict, &["TransactionConflictException"]),
        (Kind::ReplicatedWriteConflict, &["ReplicatedWriteConflictException"]),
        (Kind::LimitExceeded, &["LimitExceededException", "ItemCollectionSizeLimitExceededException"]),
        (
            Kind::Internal,
            &["InternalServerError", "InternalFailure", "ServiceUnavailable", "ServiceUnavailableException"],
        ),
    ] {
        for code in codes {
            for status in [400, 500] {
                let error = answered(status, Some(code));
                assert_eq!((error.kind(), error.code()), (kind, Some(*code)), "{status}");
            }
        }
    }
    assert_eq!(answered(400, Some("SomethingNewException")).kind(), Kind::Other);
}

#[test]
fn without_a_code_the_way_it_failed_tells_the_kind() {
    let io = || ConnectorError::io("connection reset".into());
    let timeout = || ConnectorError::timeout("no answer".into());
    for (error, kind) in [
        (SdkError::timeout_error("too slow"), Kind::TimedOut),
        (SdkError::dispatch_failure(timeout()), Kind::TimedOut),
        (SdkError::dispatch_failure(io()), Kind::Unreachable),
        (SdkError::response_error("cut", response(200)), Kind::UnreadableResponse),
        (SdkError::response_error("cut", response(500)), Kind::Internal),
        (SdkError::construction_failure("no HTTP client"), Kind::NotSent),
        (SdkError::dispatch_failure(ConnectorError::user("no scheme".into())), Kind::NotSent),
        (SdkError::dispatch_failure(ConnectorError::other("garbage".into(), None)), Kind::Unreachable),
    ] {
        assert_eq!(of(error).kind(), kind);
    }
    for (status, kind) in [(200, Kind::UnreadableResponse), (500, Kind::Internal), (503, Kind::Internal)] {
        assert_eq!(answered(status, None).kind(), kind, "{status}");
    }
}

#[test]
fn what_was_seen_not_to_be_sent_tells_the_reason_of_the_sdk() {
    let unsent = |error: SdkError<PutItemError, _>| ServiceError::new("PutItem", "shop", error, true);
    let other = || SdkError::dispatch_failure(ConnectorError::other("no region".into(), None));
    let error = unsent(other());
    assert_eq!((error.kind(), error.kind().is_ambiguous()), (Kind::NotSent, false));
    assert_eq!(error.to_string(), "PutItem on table `shop`: not sent: no region");
    assert_eq!(unsent(SdkError::timeout_error("too slow")).kind(), Kind::NotSent);
    // An answer says more than what was seen of the attempt.
    assert_eq!(unsent(SdkError::response_error("cut", response(200))).kind(), Kind::UnreadableResponse);
    let error = unsent(SdkError::construction_failure("of Request { body: SdkBody { \"secret\" } }"));
    assert_eq!(error.to_string(), "PutItem on table `shop`: not sent");
}

#[test]
fn what_has_no_answer_is_ambiguous() {
    let ambiguous = [Kind::TimedOut, Kind::Unreachable, Kind::Internal, Kind::UnreadableResponse];
    assert!(ambiguous.into_iter().all(Kind::is_ambiguous));
    for kind in [
        Kind::Throttled,
        Kind::TableNotFound,
        Kind::TableInUse,
        Kind::ExpiredCredentials,
        Kind::AccessDenied,
        Kind::Validation,
        Kind::TransactionConflict,
        Kind::LimitExceeded,
        Kind::NotSent,
    ] {
        assert!(!kind.is_ambiguous(), "{kind:?}");
    }
}

#[test]
fn the_refusal_of_an_only_action_tells_the_kind() {
    for (code, kind) in [
        ("TransactionConflict", Kind::TransactionConflict),
        ("ProvisionedThroughputExceeded", Kind::Throttled),
        ("ThrottlingError", Kind::Throttled),
        ("ValidationError", Kind::Validation),
        ("ItemCollectionSizeLimitExceeded", Kind::LimitExceeded),
        ("SomethingNew", Kind::Other),
    ] {
        let error = answered(400, Some("TransactionCanceledException")).of_refusal("PutItem", code);
        assert_eq!((error.kind(), error.code(), error.operation()), (kind, Some(code), "PutItem"));
        let error = answered(400, Some("TransactionCanceledException")).of_refusal("DeleteItem", code);
        assert_eq!(error.operation(), "DeleteItem");
    }
}

fn with_message(code: &str, message: &str) -> ServiceError {
    let error = ErrorMetadata::builder().code(code).message(message).build();
    of(SdkError::service_error(PutItemError::generic(error), response(400)))
}

#[test]
fn sentences_without_values_are_shown_and_no_others() {
    for plain in [
        "The table does not have the specified index: gsi9",
        "Item size has exceeded the maximum allowed size",
        "The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.",
        "One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N",
        "Requested resource not found: Table: shop not found",
    ] {
        let error = with_message("ValidationException", plain);
        assert!(error.to_string().ends_with(&format!(": {plain}")), "{error}");
        assert_eq!(error.message_unredacted(), Some(plain));
    }
    for quoting in [
        "secret",
        "Item size has exceeded the maximum allowed size secret",
        "One or more parameter values were invalid: Type mismatch for key pk expected: S actual: {N: secret}",
        "The table does not have the specified index: \"secret\"",
        "Requested resource not found: Table: [secret]",
        "The parameter cannot be converted to a numeric value: secret",
        "1 validation error detected: Value 'secret' at 'key' failed to satisfy constraint",
    ] {
        let error = with_message("ValidationException", quoting);
        assert!(!format!("{error} {error:?}").contains("secret"), "{error}");
        assert_eq!(error.message_unredacted(), Some(quoting));
    }
    let long = format!("The table does not have the specified index: {}", "secret".repeat(100));
    assert!(!with_message("ValidationException", &long).to_string().contains("secret"));
}

#[test]
fn what_dynamap_found_is_shown() {
    for (error, shown) in [
        (
            ServiceError::not_in_time("DescribeTable", "shop", "it is CREATING"),
            "DescribeTable on table `shop`: the table is not active in time: it is CREATING",
        ),
        (ServiceError::incomplete("Query", "shop"), "Query on table `shop`: the answer is not complete"),
        (
            ServiceError::no_answer("TransactGetItems", "shop"),
            "TransactGetItems on table `shop`: no answer until the deadline",
        ),
    ] {
        assert_eq!(error.to_string(), shown);
    }
}
