//! DescribeContinuousBackups and UpdateContinuousBackups.

use super::{built::built, describe_table::BACKOFF, table_settings::PointInTimeRecovery};
use crate::{
    call::{Handle, observe_about_table, send_about_table},
    direct::{DESCRIBE_CONTINUOUS_BACKUPS, NullReceiver, RetryAfterUnknown, UPDATE_CONTINUOUS_BACKUPS},
    error::ServiceError,
};
use aws_sdk_dynamodb::types::{PointInTimeRecoverySpecification, PointInTimeRecoveryStatus};
use std::time::Duration;
use tokio::time::Instant;

/// The number of days that DynamoDB keeps backups unless it is told otherwise.
const DEFAULT_DAYS: i32 = 35;

/// The point-in-time recovery of a table.
pub(super) async fn point_in_time_recovery(handle: &Handle) -> Result<PointInTimeRecovery, ServiceError> {
    let described = observe_about_table(handle, &DESCRIBE_CONTINUOUS_BACKUPS, |handle| async move {
        let exchange = handle.exchange(&DESCRIBE_CONTINUOUS_BACKUPS, NullReceiver);
        let request = handle.client.describe_continuous_backups().table_name(&*handle.table);
        let described = send_about_table!(handle, request, exchange);
        described.map_err(|error| handle.error(&exchange, error))
    })
    .await?;
    let recovery = described.continuous_backups_description;
    let recovery = recovery.and_then(|description| description.point_in_time_recovery_description);
    Ok(match recovery {
        Some(found) if found.point_in_time_recovery_status == Some(PointInTimeRecoveryStatus::Enabled) => {
            PointInTimeRecovery::Days(found.recovery_period_in_days.unwrap_or(DEFAULT_DAYS))
        }
        _ => PointInTimeRecovery::Off,
    })
}

/// Sets the point-in-time recovery, unless it is so; true if it was not.
pub(super) async fn set_point_in_time_recovery(
    handle: &Handle,
    recovery: PointInTimeRecovery,
    timeout: Duration,
) -> Result<bool, ServiceError> {
    if point_in_time_recovery(handle).await? == recovery {
        return Ok(false);
    }
    let (start, mut backoff) = (Instant::now(), BACKOFF);
    loop {
        let Err(error) = update(handle, recovery).await else { return Ok(true) };
        let pause = backoff.limit();
        // DynamoDB: a new table takes no point-in-time recovery until its continuous backups are set up.
        let is_early = error.code() == Some("ContinuousBackupsUnavailableException");
        if !is_early || start.elapsed() + pause > timeout {
            return Err(error);
        }
        handle.timer().sleep(pause).await;
        backoff.grow();
    }
}

async fn update(handle: &Handle, recovery: PointInTimeRecovery) -> Result<(), ServiceError> {
    let specification = PointInTimeRecoverySpecification::builder();
    let specification = match recovery {
        PointInTimeRecovery::Off => specification.point_in_time_recovery_enabled(false),
        PointInTimeRecovery::Days(days) => {
            specification.point_in_time_recovery_enabled(true).recovery_period_in_days(days)
        }
    };
    let specification = built(specification.build());
    observe_about_table(handle, &UPDATE_CONTINUOUS_BACKUPS, |handle| async move {
        // The same request again does no harm.
        let attempts = (RetryAfterUnknown::Always, None);
        let exchange = handle.write_exchange(&UPDATE_CONTINUOUS_BACKUPS, attempts, Vec::new(), NullReceiver);
        let request = handle.client.update_continuous_backups().table_name(&*handle.table);
        let request = request.point_in_time_recovery_specification(specification);
        let updated = send_about_table!(handle, request, exchange);
        updated.map(drop).map_err(|error| handle.error(&exchange, error))
    })
    .await
}
