//! UpdateTable.

use crate::{
    call::{Handle, send_about_table},
    direct::{NullReceiver, RetryAfterUnknown, UPDATE_TABLE},
    error::ServiceError,
};
use aws_sdk_dynamodb::operation::update_table::builders::UpdateTableFluentBuilder;
use std::pin::pin;

/// Sends a change of a table, which is repeated after an attempt without an answer: DynamoDB refuses one that was applied. The
/// error comes with true if the table may have been changed.
pub(super) async fn update_table(
    handle: &Handle,
    request: UpdateTableFluentBuilder,
) -> Result<(), (ServiceError, bool)> {
    let mut handle = handle.clone();
    let observing = handle.observe(&UPDATE_TABLE, None);
    observing.watch(pin!(send(&handle, request)), |()| 0).await
}

async fn send(handle: &Handle, request: UpdateTableFluentBuilder) -> Result<(), (ServiceError, bool)> {
    let attempts = (RetryAfterUnknown::Always, None);
    let exchange = handle.write_exchange(&UPDATE_TABLE, attempts, Vec::new(), NullReceiver);
    send_about_table!(handle, request, exchange).map(drop).map_err(|error| handle.failed(&exchange, error))
}
