//! The observation of a call: its attempts, and the span of its request.

use super::{
    super::{attempts::may_be_applied, level::Level, refusals::is_transaction_conflict},
    Exchange, Receiver,
};
use crate::{
    error::{ServiceErrorKind, ThrottlingReason},
    observe::{FailedAttempt, ObservedRequest, kind_name},
};
use aws_sdk_dynamodb::error::ErrorMetadata;
use aws_smithy_runtime_api::client::{
    interceptors::context::{Error, FinalizerInterceptorContextRef},
    orchestrator::{HttpResponse, OrchestratorError},
};
use std::{borrow::Cow, error::Error as StdError};
use tracing::Span;

impl<R: ?Sized> Exchange<R> {
    /// Observes the call, which has not begun.
    pub(crate) fn observe_by(&self, request: ObservedRequest) {
        let _ = self.observed.set(Box::new(request));
    }

    /// The span of the request; none if it has none of its own.
    pub(in crate::direct) fn span(&self) -> Span {
        self.observed.get().map_or_else(Span::none, |observed| observed.span())
    }
}

/// Throttling by an error that the SDK does not know of the operation, which gives no reasons.
fn unmodelled(error: &Error) -> Option<Vec<ThrottlingReason>> {
    let mut next: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(error) = next {
        if let Some(metadata) = error.downcast_ref::<ErrorMetadata>() {
            let kind = metadata.code().and_then(ServiceErrorKind::from_code);
            return (kind == Some(ServiceErrorKind::Throttled)).then(Vec::new);
        }
        next = error.source();
    }
    None
}

impl Exchange<dyn Receiver> {
    fn observed_at(&self, level: Level) -> Option<&ObservedRequest> {
        let observed = self.observed.get()?;
        self.state_at(level).map(|_| &**observed)
    }

    /// Tells the observation that an attempt is about to be sent.
    pub(in crate::direct) fn observe_attempt(&self, level: Level) {
        if let Some(observed) = self.observed_at(level) {
            observed.attempt_begins();
        }
    }

    /// Tells the observation how an attempt ended.
    pub(in crate::direct) fn observe_end(&self, level: Level, context: &FinalizerInterceptorContextRef<'_>) {
        let Some(observed) = self.observed_at(level) else { return };
        let Some(error) = context.output_or_error().and_then(Result::err) else {
            return observed.attempt_succeeded();
        };
        let refusal = error.as_operation_error();
        observed.attempt_failed(FailedAttempt {
            error: self.error_type(error, context.response()),
            throttled: refusal
                .and_then(|error| ThrottlingReason::all_of(error).or_else(|| unmodelled(error))),
            is_conflict: refusal.is_some_and(is_transaction_conflict),
            is_lost: !self.operation.reads && may_be_applied(error, context.response()),
        });
    }

    /// DynamoDB's error code, or the kind of error.
    fn error_type(
        &self,
        error: &OrchestratorError<Error>,
        response: Option<&HttpResponse>,
    ) -> Cow<'static, str> {
        let refusal = error.as_operation_error();
        if let Some(code) = refusal.and_then(self.operation.code) {
            return Cow::Owned(code.to_owned());
        }
        let kind = match error.as_connector_error() {
            _ if error.is_timeout_error() => ServiceErrorKind::TimedOut,
            Some(error) if error.is_timeout() => ServiceErrorKind::TimedOut,
            Some(_) => ServiceErrorKind::Unreachable,
            None => match response {
                Some(response) if response.status().is_server_error() => ServiceErrorKind::Internal,
                Some(_) => ServiceErrorKind::UnreadableResponse,
                None => ServiceErrorKind::NotSent,
            },
        };
        Cow::Borrowed(kind_name(kind))
    }
}
