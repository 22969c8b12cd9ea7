//! DescribeTimeToLive and UpdateTimeToLive.

use super::built::built;
use crate::{
    call::{Handle, observe_about_table, send_about_table},
    direct::{DESCRIBE_TIME_TO_LIVE, NullReceiver, RetryAfterUnknown, UPDATE_TIME_TO_LIVE},
    error::{SchemaMismatch, ServiceError},
    outcome::Result,
};
use aws_sdk_dynamodb::types::{TimeToLiveDescription, TimeToLiveSpecification, TimeToLiveStatus};

/// The attribute of the time to live of a table, if it is enabled.
pub(super) async fn time_to_live(handle: &Handle) -> Result<Option<String>, ServiceError> {
    observe_about_table(handle, &DESCRIBE_TIME_TO_LIVE, |handle| async move {
        let exchange = handle.exchange(&DESCRIBE_TIME_TO_LIVE, NullReceiver);
        let request = handle.client.describe_time_to_live().table_name(&*handle.table);
        let described = send_about_table!(handle, request, exchange);
        described.map_err(|error| handle.error(&exchange, error))
    })
    .await
    .map(|described| enabled(described.time_to_live_description))
}

fn enabled(description: Option<TimeToLiveDescription>) -> Option<String> {
    let description = description?;
    let is_enabled = matches!(
        description.time_to_live_status,
        Some(TimeToLiveStatus::Enabled | TimeToLiveStatus::Enabling)
    );
    is_enabled.then(|| description.attribute_name.unwrap_or_default())
}

/// Enables the time to live in this attribute, unless it is; true if it was not.
pub(super) async fn enable_time_to_live(handle: &Handle, attribute: &'static str) -> Result<bool> {
    if let Some(found) = time_to_live(handle).await? {
        // DynamoDB: it is changed only by disabling it, which takes up to an hour.
        return match found.as_str() {
            found if found == attribute || found.is_empty() => Ok(false),
            found => Err(mismatch(handle, attribute, Some(found)).into()),
        };
    }
    let specification =
        built(TimeToLiveSpecification::builder().enabled(true).attribute_name(attribute).build());
    let updated = observe_about_table(handle, &UPDATE_TIME_TO_LIVE, |handle| async move {
        let attempts = (RetryAfterUnknown::AsSdk, None);
        let exchange = handle.write_exchange(&UPDATE_TIME_TO_LIVE, attempts, Vec::new(), NullReceiver);
        let request = handle.client.update_time_to_live().table_name(&*handle.table);
        let request = request.time_to_live_specification(specification);
        send_about_table!(handle, request, exchange).map_err(|error| handle.error(&exchange, error))
    });
    let Err(refused) = updated.await else { return Ok(true) };
    // DynamoDB refuses what an attempt without an answer, or another caller, has enabled.
    match time_to_live(handle).await {
        Ok(Some(found)) if found == attribute => Ok(true),
        _ => Err(refused.into()),
    }
}

/// The mismatch of a table with its time to live in another attribute, or off.
pub(super) fn mismatch(handle: &Handle, expected: &str, found: Option<&str>) -> SchemaMismatch {
    let named = |name: &str| format!("the attribute `{name}`");
    let found = found.map_or_else(|| "none".to_owned(), named);
    SchemaMismatch::new(&handle.table, "time to live", named(expected), found)
}
