//! DescribeTimeToLive and UpdateTimeToLive.

use crate::{
    call::{Handle, send_about_table},
    direct::{DESCRIBE_TIME_TO_LIVE, NullReceiver, RetryAfterUnknown, UPDATE_TIME_TO_LIVE},
    outcome::Result,
};
use aws_sdk_dynamodb::types::{TimeToLiveDescription, TimeToLiveSpecification};
use std::pin::pin;

/// The time to live of a table.
pub(super) async fn describe_time_to_live(handle: &Handle) -> Result<Option<TimeToLiveDescription>> {
    let mut handle = handle.clone();
    let observing = handle.observe(&DESCRIBE_TIME_TO_LIVE, None);
    observing.watch(pin!(describe(&handle)), |_| 0).await
}

async fn describe(handle: &Handle) -> Result<Option<TimeToLiveDescription>> {
    let exchange = handle.exchange(&DESCRIBE_TIME_TO_LIVE, NullReceiver);
    let request = handle.client.describe_time_to_live().table_name(&*handle.table);
    let described = send_about_table!(handle, request, exchange);
    let described = described.map_err(|error| handle.error(&exchange, error))?;
    Ok(described.time_to_live_description)
}

/// Changes the time to live of a table.
pub(super) async fn update_time_to_live(
    handle: &Handle,
    specification: TimeToLiveSpecification,
) -> Result<()> {
    let mut handle = handle.clone();
    let observing = handle.observe(&UPDATE_TIME_TO_LIVE, None);
    observing.watch(pin!(update(&handle, specification)), |()| 0).await
}

async fn update(handle: &Handle, specification: TimeToLiveSpecification) -> Result<()> {
    let attempts = (RetryAfterUnknown::AsSdk, None);
    let exchange = handle.write_exchange(&UPDATE_TIME_TO_LIVE, attempts, Vec::new(), NullReceiver);
    let request = handle.client.update_time_to_live().table_name(&*handle.table);
    let updated = send_about_table!(handle, request.time_to_live_specification(specification), exchange);
    updated.map_err(|error| handle.error(&exchange, error))?;
    Ok(())
}
