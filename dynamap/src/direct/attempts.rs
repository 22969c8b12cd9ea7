//! What became of the attempts of a call.
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

/// What the attempts of a call tell of the capacity that it has used.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Trail {
    /// Whether an attempt may have been applied without an answer.
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

/// The attempts of a call that may have been applied without an answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Attempts {
    pub(super) ambiguous: bool,
    pub(super) throttled: Vec<Throttled>,
    /// Whether one has begun and not ended.
    pub(super) is_open: bool,
}

impl Attempts {
    /// Notes how an attempt ended: with an error or without. `is_watched` tells whether it was noted that it began.
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
            let reasons = error.as_operation_error().and_then(|error| ThrottlingReason::all_of(error));
            self.throttled.extend(reasons.map(|reasons| Throttled { reasons, at: Instant::now() }));
        }
    }
}

/// Whether DynamoDB may have applied the request of an attempt that failed like this, or may apply it yet.
fn may_be_applied(error: &OrchestratorError<Error>, response: Option<&HttpResponse>) -> bool {
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
