//! Refusals that pass: DynamoDB did not apply the request, and the same request may succeed a moment later.
//!
//! | refusal | single read or write | batch | transaction |
//! |---|---|---|---|
//! | no throughput left | the SDK's retries | its own, for as long as `retry_timeout` | its own, for as long as `retry_timeout` |
//! | another transaction has the item | the SDK's retries | as above | as above |
//! | another Region writes the item | the SDK's retries | as above | as above |
//!
//! The SDK retries all of them but conflicts with a transaction, which [`ConflictClassifier`] adds. What is left when its
//! retries are over is an error that says that nothing was applied.

use crate::error::ServiceErrorKind;
use aws_sdk_dynamodb::operation::{
    delete_item::DeleteItemError, put_item::PutItemError, update_item::UpdateItemError,
};
use aws_smithy_runtime_api::client::{
    interceptors::context::{Error, InterceptorContext},
    orchestrator::OrchestratorError,
    retries::classifiers::{ClassifyRetry, RetryAction},
};

/// Lets the SDK retry a write that was refused because a transaction had the item.
#[derive(Debug)]
pub(super) struct ConflictClassifier;

impl ClassifyRetry for ConflictClassifier {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let error = context.output_or_error().and_then(Result::err);
        let Some(error) = error.and_then(OrchestratorError::as_operation_error) else {
            return RetryAction::NoActionIndicated;
        };
        match is_transaction_conflict(error) {
            true => RetryAction::client_error(),
            false => RetryAction::NoActionIndicated,
        }
    }

    fn name(&self) -> &'static str {
        "dynamap::transaction_conflict"
    }
}

/// True if the error of a single write says that a transaction had the item.
pub(super) fn is_transaction_conflict(error: &Error) -> bool {
    error.downcast_ref().is_some_and(PutItemError::is_transaction_conflict_exception)
        || error.downcast_ref().is_some_and(UpdateItemError::is_transaction_conflict_exception)
        || error.downcast_ref().is_some_and(DeleteItemError::is_transaction_conflict_exception)
}

/// True if the refusal passes.
pub(crate) fn passes(kind: ServiceErrorKind) -> bool {
    matches!(
        kind,
        ServiceErrorKind::Throttled
            | ServiceErrorKind::TransactionConflict
            | ServiceErrorKind::ReplicatedWriteConflict
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn throttling_and_conflicts_pass_and_nothing_else() {
        assert!(passes(ServiceErrorKind::Throttled) && passes(ServiceErrorKind::TransactionConflict));
        assert!(passes(ServiceErrorKind::ReplicatedWriteConflict));
        for kind in
            [ServiceErrorKind::Validation, ServiceErrorKind::LimitExceeded, ServiceErrorKind::Internal]
        {
            assert!(!passes(kind), "{kind:?}");
        }
    }
}
