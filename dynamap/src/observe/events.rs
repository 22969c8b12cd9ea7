//! Events, in the span of their operation or request.

use super::{
    names::{
        ATTEMPT, DB_COLLECTION_NAME, DB_OPERATION_NAME, ERROR_TYPE, EVENT_TARGET, INDEX_NAME, TABLE_NAMES,
        THROTTLING_CAUSE, UNPROCESSED, message,
    },
    spans::table_names,
};
use crate::error::{ThrottlingCause, ThrottlingReason};
use std::sync::Arc;
use tracing::Level;

/// A request, or a part of it, is sent again; `attempt` is the number of the attempt, if the SDK makes it.
pub(crate) fn retry(operation: &'static str, attempt: Option<u64>) {
    tracing::event!(target: EVENT_TARGET, Level::DEBUG, {
        { DB_OPERATION_NAME } = operation,
        { ATTEMPT } = attempt,
        message = message::RETRY,
    });
}

/// There was no throughput for a request, or for so many of its items.
pub(crate) fn throttled(
    operation: &'static str,
    reason: Option<&ThrottlingReason>,
    unprocessed: Option<u64>,
) {
    tracing::event!(target: EVENT_TARGET, Level::WARN, {
        { DB_OPERATION_NAME } = operation,
        { DB_COLLECTION_NAME } = reason.and_then(ThrottlingReason::table),
        { INDEX_NAME } = reason.and_then(ThrottlingReason::index),
        { THROTTLING_CAUSE } = reason.map(|reason| cause(reason.cause())),
        { UNPROCESSED } = unprocessed,
        message = message::THROTTLED,
    });
}

/// Another writer was faster: a condition failed, or a transaction had the item.
pub(crate) fn conflict(operation: &'static str, error: &str) {
    tracing::event!(target: EVENT_TARGET, Level::DEBUG, {
        { DB_OPERATION_NAME } = operation,
        { ERROR_TYPE } = error,
        message = message::CONFLICT,
    });
}

/// An attempt of a write got no response, and may have been applied.
pub(super) fn lost_response(operation: &'static str) {
    tracing::event!(target: EVENT_TARGET, Level::WARN, {
        { DB_OPERATION_NAME } = operation,
        message = message::LOST_RESPONSE,
    });
}

/// An operation ended, and it is not known if it was applied.
pub(super) fn unknown_outcome(operation: &'static str, tables: &[Arc<str>]) {
    tracing::event!(target: EVENT_TARGET, Level::WARN, {
        { DB_OPERATION_NAME } = operation,
        { TABLE_NAMES } = table_names(tables),
        message = message::UNKNOWN_OUTCOME,
    });
}

fn cause(cause: ThrottlingCause) -> &'static str {
    match cause {
        ThrottlingCause::KeyRange => "key_range",
        ThrottlingCause::ProvisionedThroughput => "provisioned_throughput",
        ThrottlingCause::MaxOnDemandThroughput => "max_on_demand_throughput",
        ThrottlingCause::AccountLimit => "account_limit",
        ThrottlingCause::Other => "other",
    }
}
