//! Outcomes of the attempts of a call.
//!
//! The SDK repeats a request whose answer is lost, also where it was applied. Its interceptors see each attempt, so the
//! outcome of a call is told by all of them, and not by the last alone.

use crate::error::ThrottlingReason;
use aws_smithy_runtime_api::{
    client::result::ConnectorError,
    client::{
        interceptors::context::Error,
        orchestrator::{HttpResponse, OrchestratorError},
    },
};
use std::{error::Error as _, io};
use tokio::time::Instant;

/// The facts that the attempts of a call tell: whether one may have been applied, and which were throttled.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct AttemptSummary {
    /// True if an attempt may have been applied without a response.
    pub(crate) ambiguous: bool,
    /// The attempts that were throttled.
    pub(crate) throttled: Vec<Throttled>,
}

/// An attempt that was throttled: why, and when that was known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Throttled {
    pub(crate) reasons: Vec<ThrottlingReason>,
    pub(crate) at: Instant,
}

/// The attempts of a call that may have been applied without a response.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct AttemptLog {
    pub(super) ambiguous: bool,
    pub(super) throttled: Vec<Throttled>,
    /// True if an attempt has begun and not ended.
    pub(super) is_open: bool,
    /// True if the last attempt that failed was sent; `None` if none has failed.
    pub(super) last_sent: Option<bool>,
}

impl AttemptLog {
    /// Notes the end of an attempt, with an error or without. `is_watched` is true if its beginning was noted.
    pub(super) fn ended(
        &mut self,
        is_watched: bool,
        error: Option<&OrchestratorError<Error>>,
        response: Option<&HttpResponse>,
    ) {
        // What fails before it begins, such as for want of credentials, is not sent.
        let was_sent = std::mem::take(&mut self.is_open) || !is_watched;
        if let Some(error) = error {
            self.ambiguous |= was_sent && may_be_applied(error, response);
            self.last_sent = Some(was_sent && !never_left(error, response));
            let reasons = error.as_operation_error().and_then(|error| ThrottlingReason::all_of(error));
            self.throttled.extend(reasons.map(|reasons| Throttled { reasons, at: Instant::now() }));
        }
    }
}

/// Returns true if DynamoDB may have applied the request of an attempt that failed like this, or may still apply it.
pub(super) fn may_be_applied(error: &OrchestratorError<Error>, response: Option<&HttpResponse>) -> bool {
    if error.is_timeout_error() {
        return true;
    }
    if let Some(error) = error.as_connector_error() {
        return !error.is_user() && !was_refused(error);
    }
    // DynamoDB: what it refuses with 4xx it did not apply. An answer that is no such refusal could not be read, or is not from
    // DynamoDB: then its status tells nothing.
    let is_refusal = error.is_operation_error();
    response.is_some_and(|response| !is_refusal || !(400..500).contains(&response.status().as_u16()))
}

/// True if the attempt failed before its request was given to a connection: there is no endpoint, no credentials or no HTTP
/// client, or an interceptor refused it.
fn never_left(error: &OrchestratorError<Error>, response: Option<&HttpResponse>) -> bool {
    match error.as_connector_error() {
        Some(error) => error.is_user(),
        None => {
            response.is_none()
                && !error.is_timeout_error()
                && !error.is_response_error()
                && !error.is_operation_error()
        }
    }
}

/// True if there was no connection that could have carried the request.
fn was_refused(error: &ConnectorError) -> bool {
    let mut source = error.source();
    while let Some(error) = source {
        if let Some(error) = error.downcast_ref::<io::Error>()
            && error.kind() == io::ErrorKind::ConnectionRefused
        {
            return true;
        }
        source = error.source();
    }
    false
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use aws_sdk_dynamodb::{
        operation::put_item::PutItemError,
        types::error::{ConditionalCheckFailedException, ProvisionedThroughputExceededException},
    };
    use aws_smithy_runtime_api::client::interceptors::error::InterceptorError;
    use aws_smithy_types::body::SdkBody;
    use std::fmt;

    /// An error around that of the connection, as HTTP clients have it.
    #[derive(Debug)]
    struct Around(io::Error);

    impl fmt::Display for Around {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("around")
        }
    }

    impl std::error::Error for Around {
        fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
            Some(&self.0)
        }
    }

    fn io_error(kind: io::ErrorKind) -> OrchestratorError<Error> {
        OrchestratorError::connector(ConnectorError::io(Around(kind.into()).into()))
    }

    fn refusal(error: PutItemError) -> OrchestratorError<Error> {
        OrchestratorError::operation(Error::erase(error))
    }

    fn condition() -> OrchestratorError<Error> {
        let failed = ConditionalCheckFailedException::builder().build();
        refusal(PutItemError::ConditionalCheckFailedException(failed))
    }

    fn timeout() -> OrchestratorError<Error> {
        OrchestratorError::timeout("too slow".into())
    }

    fn response(status: u16) -> HttpResponse {
        HttpResponse::new(status.try_into().unwrap(), SdkBody::empty())
    }

    /// Returns true if an attempt that was sent and ended like this may have been applied.
    fn ambiguous(error: &OrchestratorError<Error>, status: Option<u16>) -> bool {
        let mut attempts = AttemptLog { is_open: true, ..AttemptLog::default() };
        attempts.ended(true, Some(error), status.map(response).as_ref());
        assert!(!attempts.is_open && attempts.throttled.is_empty());
        attempts.ambiguous
    }

    /// Returns true if an attempt that had begun or not, and ended like this, was sent.
    fn sent(is_open: bool, is_watched: bool, error: &OrchestratorError<Error>, status: Option<u16>) -> bool {
        let mut attempts = AttemptLog { is_open, ..AttemptLog::default() };
        attempts.ended(is_watched, Some(error), status.map(response).as_ref());
        attempts.last_sent.unwrap()
    }

    #[test]
    fn what_no_answer_came_back_for_may_be_applied() {
        assert!(ambiguous(&timeout(), None));
        assert!(ambiguous(&io_error(io::ErrorKind::ConnectionReset), None));
        assert!(ambiguous(&OrchestratorError::connector(ConnectorError::timeout("slow".into())), None));
        // There was no connection, or no request.
        assert!(!ambiguous(&io_error(io::ErrorKind::ConnectionRefused), None));
        assert!(!ambiguous(&OrchestratorError::connector(ConnectorError::user("no URI".into())), None));
        assert!(!ambiguous(&OrchestratorError::other("no credentials"), None));
    }

    #[test]
    fn a_refusal_with_its_status_was_not_applied() {
        for (status, is_ambiguous) in
            [(200, true), (302, true), (399, true), (400, false), (413, false), (499, false), (500, true)]
        {
            assert_eq!(ambiguous(&condition(), Some(status)), is_ambiguous, "{status}");
        }
        // What is no error of DynamoDB's tells nothing by its status.
        let unread = OrchestratorError::response("a page of a proxy".into());
        assert!(ambiguous(&unread, Some(400)) && ambiguous(&unread, Some(200)));
    }

    #[test]
    fn what_fails_before_a_connection_is_not_sent() {
        let interceptor =
            || OrchestratorError::interceptor(InterceptorError::read_before_transmit("no", "x"));
        let user = OrchestratorError::connector(ConnectorError::user("no scheme".into()));
        for watched in [false, true] {
            assert!(!sent(watched, watched, &OrchestratorError::other("no credentials"), None));
            assert!(!sent(watched, watched, &interceptor(), None));
            assert!(!sent(watched, watched, &user, None));
            // A connection had it, or may have.
            assert!(sent(watched, watched, &io_error(io::ErrorKind::ConnectionRefused), None));
            assert!(sent(watched, watched, &interceptor(), Some(200)));
            assert!(sent(watched, watched, &OrchestratorError::other("unread"), Some(200)));
            assert!(sent(watched, watched, &OrchestratorError::response("cut off".into()), None));
            assert!(sent(watched, watched, &condition(), None));
            assert!(sent(watched, watched, &timeout(), None));
        }
        // The time was over before it was signed.
        assert!(!sent(false, true, &timeout(), None));
    }

    #[test]
    fn an_attempt_counts_if_it_was_sent_or_nobody_saw_whether_it_was() {
        for (is_open, is_watched, is_ambiguous) in
            [(false, true, false), (true, true, true), (false, false, true), (true, false, true)]
        {
            let mut attempts = AttemptLog { is_open, ..AttemptLog::default() };
            attempts.ended(is_watched, Some(&timeout()), None);
            assert_eq!(attempts.ambiguous, is_ambiguous, "{is_open} {is_watched}");
            // A later attempt that was answered takes nothing back.
            attempts.is_open = true;
            attempts.ended(is_watched, None, Some(&response(200)));
            assert_eq!(attempts.ambiguous, is_ambiguous, "{is_open} {is_watched}");
        }
    }

    #[test]
    fn attempts_that_were_throttled_are_noted_each() {
        let throttled = ProvisionedThroughputExceededException::builder().build();
        let throttled = refusal(PutItemError::ProvisionedThroughputExceededException(throttled));
        let mut attempts = AttemptLog::default();
        for error in [&throttled, &condition(), &throttled] {
            attempts.is_open = true;
            attempts.ended(true, Some(error), Some(&response(400)));
        }
        assert_eq!((attempts.throttled.len(), attempts.ambiguous), (2, false));
    }
}
