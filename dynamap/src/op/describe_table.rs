//! DescribeTable.

mod described_index;
pub(super) mod mend;
mod schema_check;

use crate::{
    call::{Backoff, Capacity, Explanation, Handle, send_about_table},
    direct::{DESCRIBE_TABLE, NullReceiver},
    error::ServiceError,
    observe::Observing,
    outcome::Result,
    schema::TableSchema,
};
use aws_sdk_dynamodb::{
    operation::describe_table::{DescribeTableError, builders::DescribeTableFluentBuilder},
    types::{IndexStatus, TableDescription, TableStatus},
};
pub(super) use described_index::{find_index, is_being_deleted};
pub(super) use schema_check::{check, check_vector_index, differences};
use std::{fmt, marker::PhantomData, pin::pin, time::Duration};
use tokio::time::Instant;

/// The default time to wait for a table.
pub(super) const TIMEOUT: Duration = Duration::from_secs(300);

/// The pauses between two requests. They have no jitter: they delay no other caller.
pub(super) const BACKOFF: Backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(3));

/// Waits until a table and its indexes are active.
///
/// [DescribeTable](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html) requests,
/// with pauses that grow up to three seconds (exponential backoff). They cost no capacity units.
#[must_use = "a request does nothing until it is sent"]
pub struct WaitUntilActive<S> {
    handle: Handle,
    timeout: Duration,
    of: PhantomData<fn() -> S>,
}

impl<S> fmt::Debug for WaitUntilActive<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitUntilActive")
            .field("table", &self.handle.table)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

impl<S: TableSchema> WaitUntilActive<S> {
    pub(crate) fn new(handle: Handle) -> Self {
        Self { handle, timeout: TIMEOUT, of: PhantomData }
    }

    /// Waits at most this long. Default: five minutes.
    pub fn retry_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The SDK's builder with the request, which is repeated.
    pub fn into_sdk(self) -> DescribeTableFluentBuilder {
        self.handle.client.describe_table().table_name(&*self.handle.table)
    }

    /// The request that would be sent again and again. Nothing is sent.
    pub fn explain(self) -> Explanation {
        Explanation::new(DESCRIBE_TABLE.name, self.into_sdk().get_table_name(), Capacity::None)
    }

    /// Sends DescribeTable until the table and its indexes are active and as their schema says.
    ///
    /// # Errors
    /// [`Error::SchemaMismatch`](crate::Error::SchemaMismatch): the table has other keys or indexes.
    /// [`ServiceErrorKind::TimedOut`](crate::error::ServiceErrorKind): it is not active in time. Otherwise a request
    /// fails.
    pub async fn send(self) -> Result<()> {
        let observing = Observing::call("WaitUntilActive", &self.handle.table);
        observing.watch(pin!(self.run()), |_| 0).await
    }

    async fn run(self) -> Result<()> {
        wait_until_active::<S>(&self.handle, self.timeout).await
    }
}

/// Describes a table: its status, keys, indexes, throughput, stream and size.
///
/// One [DescribeTable](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html) request,
/// which costs no capacity units. DynamoDB updates the number of items and their size every six hours.
#[must_use = "a request does nothing until it is sent"]
pub struct DescribeTable<S> {
    handle: Handle,
    of: PhantomData<fn() -> S>,
}

impl<S> fmt::Debug for DescribeTable<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DescribeTable").field("table", &self.handle.table).finish_non_exhaustive()
    }
}

impl<S: TableSchema> DescribeTable<S> {
    pub(crate) fn new(handle: Handle) -> Self {
        Self { handle, of: PhantomData }
    }

    /// The SDK's builder with the request.
    pub fn into_sdk(self) -> DescribeTableFluentBuilder {
        self.handle.client.describe_table().table_name(&*self.handle.table)
    }

    /// The request that would be sent. Nothing is sent.
    pub fn explain(self) -> Explanation {
        Explanation::new(DESCRIBE_TABLE.name, self.into_sdk().get_table_name(), Capacity::None)
    }

    /// Returns the SDK's description of the table, or `None` if there is no such table.
    ///
    /// # Errors
    /// The request fails.
    pub async fn send(self) -> Result<Option<TableDescription>> {
        describe(&self.handle).await
    }
}

pub(super) async fn wait_until_active<S: TableSchema>(handle: &Handle, timeout: Duration) -> Result<()> {
    wait_until::<S>(handle, timeout, |_| None).await.map(drop)
}

/// Waits until the table and its indexes are active, and nothing about it is `unfinished`.
pub(super) async fn wait_until<S: TableSchema>(
    handle: &Handle,
    timeout: Duration,
    unfinished: impl Fn(&TableDescription) -> Option<&'static str>,
) -> Result<TableDescription> {
    poll(handle, timeout, |table| {
        check::<S>(handle, table)?;
        Ok(unfinished(table).map(str::to_owned))
    })
    .await
}

/// Waits until the table and its indexes are active, and nothing about it is `unfinished`, whatever its schema is.
pub(super) async fn poll(
    handle: &Handle,
    timeout: Duration,
    unfinished: impl Fn(&TableDescription) -> Result<Option<String>>,
) -> Result<TableDescription> {
    let (start, mut backoff) = (Instant::now(), BACKOFF);
    loop {
        let mut state = "there is no such table".to_owned();
        // DynamoDB: a table that was just created may still be unknown to DescribeTable.
        if let Some(table) = describe(handle).await? {
            let unfinished = unfinished(&table)?;
            match inactive(&table).or(unfinished) {
                None => return Ok(table),
                Some(unfinished) => state = unfinished,
            }
        }
        let pause = backoff.limit();
        if start.elapsed() + pause > timeout {
            return Err(ServiceError::not_in_time(DESCRIBE_TABLE.name, &handle.table, &state).into());
        }
        handle.timer().sleep(pause).await;
        backoff.grow();
    }
}

/// The table once it is active, or `None` if there is none.
pub(super) async fn active<S: TableSchema>(
    handle: &Handle,
    timeout: Duration,
) -> Result<Option<TableDescription>> {
    match describe(handle).await? {
        Some(table) if inactive(&table).is_some() => {
            wait_until::<S>(handle, timeout, |_| None).await.map(Some)
        }
        Some(table) => Ok(check::<S>(handle, &table).map(|()| Some(table))?),
        None => Ok(None),
    }
}

/// The table once it and its indexes are active, whatever its schema is; `None` if there is none.
pub(super) async fn settled(handle: &Handle, timeout: Duration) -> Result<Option<TableDescription>> {
    match describe(handle).await? {
        Some(table) if inactive(&table).is_some() => poll(handle, timeout, |_| Ok(None)).await.map(Some),
        found => Ok(found),
    }
}

/// The table, or `None` if there is none.
pub(super) async fn describe(handle: &Handle) -> Result<Option<TableDescription>> {
    let mut handle = handle.clone();
    let observing = handle.observe(&DESCRIBE_TABLE, None);
    observing.watch(pin!(describe_once(&handle)), |_| 0).await
}

async fn describe_once(handle: &Handle) -> Result<Option<TableDescription>> {
    let exchange = handle.exchange(&DESCRIBE_TABLE, NullReceiver);
    let request = handle.client.describe_table().table_name(&*handle.table);
    match send_about_table!(handle, request, exchange) {
        Ok(output) => Ok(output.table),
        Err(error)
            if error.as_service_error().is_some_and(DescribeTableError::is_resource_not_found_exception) =>
        {
            Ok(None)
        }
        Err(error) => Err(handle.error(&exchange, error).into()),
    }
}

/// The part of the table that is not active, and its status.
fn inactive(table: &TableDescription) -> Option<String> {
    if table.table_status() != Some(&TableStatus::Active) {
        return Some(format!("it is {}", table.table_status().map_or("UNKNOWN", TableStatus::as_str)));
    }
    let global = table.global_secondary_indexes().iter();
    let global = global.map(|index| (index.index_name(), index.index_status()));
    let vector = table.vector_indexes().iter();
    let vector = vector.map(|index| (index.index_name(), index.index_status()));
    let (name, status) = global.chain(vector).find(|(_, status)| *status != Some(&IndexStatus::Active))?;
    let status = status.map_or("UNKNOWN", IndexStatus::as_str);
    Some(format!("index `{}` is {status}", name.unwrap_or_default()))
}
