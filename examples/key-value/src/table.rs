//! The table of a store.

use std::time::Duration;

use aws_sdk_dynamodb::{Client, error::SdkError, operation::describe_table::DescribeTableError};
use dynamap::{
    Error,
    error::{ServiceError, ServiceErrorKind},
};

use crate::{
    error::{Result, StoreError},
    store::Store,
};

/// The pause between two looks at a table that is being deleted.
const PAUSE: Duration = Duration::from_millis(500);

/// The condition on which a table is created, and its billing mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Creation {
    /// The table must be there.
    Never,
    /// The table is created if it is absent, on demand: paid by the request.
    OnDemand,
    /// The table is created if it is absent, with a provisioned throughput: paid by the hour.
    Provisioned {
        /// Read units in each second.
        read: i64,
        /// Write units in each second.
        write: i64,
    },
}

/// Creates the table if that is asked for, and waits until it is active.
pub(crate) async fn connect(store: &Store, creation: Creation) -> Result<()> {
    let create = store.table.create_table_if_absent();
    let connected = match creation {
        Creation::Never => return active(store).await,
        Creation::OnDemand => create.send().await.map(drop),
        Creation::Provisioned { read, write } => create.provisioned(read, write).send().await.map(drop),
    };
    unless_needless(connected)
}

/// Checks that the table is there and active, without a wait.
async fn active(store: &Store) -> Result<()> {
    let active = store.table.wait_until_active().retry_timeout(Duration::ZERO).send().await;
    if matches!(&active, Err(Error::Service(error)) if error.kind() == ServiceErrorKind::TimedOut)
        && store.table.describe().send().await?.is_none()
    {
        return Err(StoreError::NoTable(store.table_name().to_owned()));
    }
    unless_needless(active)
}

fn unless_needless(outcome: dynamap::Result<()>) -> Result<()> {
    match outcome {
        Err(Error::Service(error)) if is_needless(&error) => Ok(()),
        outcome => Ok(outcome?),
    }
}

/// Returns true for what a store does without: the right to describe a table that is there, and the time to live, by which
/// DynamoDB deletes the items of keys that were removed.
fn is_needless(error: &ServiceError) -> bool {
    let is_refused = !error.kind().is_ambiguous();
    match error.operation() {
        "DescribeTable" => error.kind() == ServiceErrorKind::AccessDenied,
        "DescribeTimeToLive" | "UpdateTimeToLive" => is_refused,
        _ => false,
    }
}

/// Deletes the table, and waits until it is gone; false if there is none.
pub(crate) async fn delete(store: &Store) -> Result<bool> {
    let (client, name) = (store.table.client(), store.table_name());
    match client.delete_table().table_name(name).send().await {
        Ok(_) => {}
        // It is being deleted already, perhaps by an attempt whose answer was lost.
        Err(error) if error.as_service_error().is_some_and(|error| error.is_resource_in_use_exception()) => {}
        Err(error)
            if error.as_service_error().is_some_and(|error| error.is_resource_not_found_exception()) =>
        {
            return Ok(false);
        }
        Err(error) => return Err(StoreError::NotDeleted(Box::new(error.into()))),
    }
    while is_there(client, name).await.map_err(|error| StoreError::NotDeleted(Box::new(error.into())))? {
        tokio::time::sleep(PAUSE).await;
    }
    Ok(true)
}

async fn is_there(client: &Client, name: &str) -> Result<bool, SdkError<DescribeTableError>> {
    match client.describe_table().table_name(name).send().await {
        Ok(_) => Ok(true),
        Err(error)
            if error.as_service_error().is_some_and(|error| error.is_resource_not_found_exception()) =>
        {
            Ok(false)
        }
        Err(error) => Err(error),
    }
}
