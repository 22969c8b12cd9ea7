//! Streams of tables: UpdateTable, and DescribeTable for their ARNs.

use super::{
    describe_table,
    stream_specification::{json_of, stream_specification},
    update_table::update_table,
};
use crate::{
    call::{Capacity, Explanation, Handle},
    direct::{DESCRIBE_TABLE, UPDATE_TABLE},
    error::SchemaMismatch,
    observe::Observing,
    outcome::{Error, Result},
    schema::TableSchema,
};
use aws_sdk_dynamodb::{
    operation::{
        describe_table::builders::DescribeTableFluentBuilder,
        update_table::builders::UpdateTableFluentBuilder,
    },
    types::{StreamViewType, TableDescription},
};
use std::{fmt, marker::PhantomData, pin::pin, time::Duration};

/// Enables the stream of a table, unless it is enabled already.
///
/// One [DescribeTable](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html)
/// request; if the table has no stream, one
/// [UpdateTable](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html) request; then
/// DescribeTable until the table is active. None of them costs capacity units.
#[must_use = "a request does nothing until it is sent"]
pub struct EnableStream<S> {
    handle: Handle,
    view: StreamViewType,
    timeout: Duration,
    of: PhantomData<fn() -> S>,
}

impl<S: TableSchema> EnableStream<S> {
    pub(crate) fn new(handle: Handle, view: StreamViewType) -> Self {
        Self { handle, view, timeout: describe_table::TIMEOUT, of: PhantomData }
    }

    /// Waits at most this long for the table to be active. Default: five minutes.
    pub fn retry_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The SDK's builder with the UpdateTable request.
    pub fn into_sdk(self) -> UpdateTableFluentBuilder {
        let request = self.handle.client.update_table().table_name(&*self.handle.table);
        request.stream_specification(stream_specification(self.view))
    }

    /// The UpdateTable request that would be sent if the table has no stream. Nothing is sent.
    pub fn explain(self) -> Explanation {
        let request = self.into_sdk();
        let stream = request.get_stream_specification().as_ref().map(json_of);
        Explanation::new(UPDATE_TABLE.name, request.get_table_name(), Capacity::None)
            .json("StreamSpecification", stream)
    }

    /// Enables the stream, waits until the table is active, and returns the ARN of the stream.
    ///
    /// # Errors
    /// [`Error::SchemaMismatch`](crate::Error::SchemaMismatch): the stream is enabled with another view type, or the table
    /// has other keys or indexes. [`ServiceErrorKind::TimedOut`](crate::error::ServiceErrorKind): the table is not active
    /// in time. Otherwise a request fails.
    pub async fn send(self) -> Result<String> {
        let observing = Observing::call("EnableStream", &self.handle.table);
        observing.watch(pin!(self.run()), |_| 0).await
    }

    async fn run(self) -> Result<String> {
        enable::<S>(&self.handle, self.view, self.timeout).await
    }
}

impl<S> fmt::Debug for EnableStream<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EnableStream")
            .field("table", &self.handle.table)
            .field("view", &self.view)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// Finds the ARN of the stream of a table.
///
/// One [DescribeTable](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html) request,
/// which costs no capacity units.
#[must_use = "a request does nothing until it is sent"]
pub struct StreamArn<S> {
    handle: Handle,
    of: PhantomData<fn() -> S>,
}

impl<S: TableSchema> StreamArn<S> {
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

    /// Returns the ARN of the latest stream (`LatestStreamArn`), which can be read for 24 hours after it was disabled.
    /// `None` if the table has had no stream, or there is no such table.
    ///
    /// # Errors
    /// The request fails.
    pub async fn send(self) -> Result<Option<String>> {
        Ok(describe_table::describe(&self.handle).await?.and_then(|table| table.latest_stream_arn))
    }
}

impl<S> fmt::Debug for StreamArn<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StreamArn").field("table", &self.handle.table).finish_non_exhaustive()
    }
}

/// Enables the stream of a table unless it is enabled, and returns its ARN.
pub(super) async fn enable<S: TableSchema>(
    handle: &Handle,
    view: StreamViewType,
    timeout: Duration,
) -> Result<String> {
    if let Some(arn) = enabled(handle, describe_table::describe(handle).await?.as_ref(), &view)? {
        return Ok(arn);
    }
    let request = EnableStream::<S>::new(handle.clone(), view.clone()).into_sdk();
    // It may have been enabled by an attempt without an answer, or by another caller.
    let refused = update_table(handle, request).await.err().map(|(error, _)| error);
    let look = async {
        describe_table::wait_until_active::<S>(handle, timeout).await?;
        Ok(enabled(handle, describe_table::describe(handle).await?.as_ref(), &view)?)
    };
    match (look.await, refused) {
        (Ok(Some(arn)), _) => Ok(arn),
        // That it may be enabled is said by the error of the request that enables it, not by that of a look at the table.
        (Ok(None) | Err(Error::Service(_)), Some(error)) => Err(error.into()),
        (Ok(None), None) => Err(mismatch(handle, &view, "none".into()).into()),
        (Err(error), _) => Err(error),
    }
}

/// The ARN of the stream, if it is enabled.
fn enabled(
    handle: &Handle,
    table: Option<&TableDescription>,
    view: &StreamViewType,
) -> Result<Option<String>, SchemaMismatch> {
    let stream = table.and_then(|table| table.stream_specification.as_ref());
    let Some(stream) = stream.filter(|stream| stream.stream_enabled) else { return Ok(None) };
    match &stream.stream_view_type {
        // DynamoDB: the view type is changed only by disabling the stream, which ends it.
        Some(found) if found != view => Err(mismatch(handle, view, format!("the view type {found}"))),
        _ => Ok(table.and_then(|table| table.latest_stream_arn.clone())),
    }
}

fn mismatch(handle: &Handle, view: &StreamViewType, found: String) -> SchemaMismatch {
    SchemaMismatch::new(&handle.table, "stream", format!("the view type {view}"), found)
}
