//! UpdateTable without a vector index.

use super::{
    add_vector_index::undescribed,
    built::built,
    describe_table::{self, BACKOFF, TIMEOUT, find_index, is_being_deleted},
    update_table::update_table,
};
use crate::{
    call::{
        Capacity, Explanation, Handle,
        explain::{json_list, json_object, json_string},
    },
    direct::{DESCRIBE_TABLE, UPDATE_TABLE},
    error::ServiceError,
    observe::Observing,
    outcome::Result,
    schema::VectorIndex,
};
use aws_sdk_dynamodb::{
    operation::update_table::builders::UpdateTableFluentBuilder,
    types::{DeleteVectorIndexAction, VectorIndexUpdate},
};
use std::{fmt, marker::PhantomData, pin::pin, time::Duration};
use tokio::time::Instant;

/// Removes a vector index from a table, if it has the index. The items stay as they are.
///
/// One [DescribeTable](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html) request; if the
/// table has such an index, one
/// [UpdateTable](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html) request; then
/// DescribeTable until the index is gone. None of them costs capacity units.
///
/// It goes by the name of the index, so that one of another schema can be removed, and then be
/// [added](crate::Table::add_vector_index) as it is now. An index that is being filled can be removed as well, but not in the
/// first phase of that.
#[must_use = "a request does nothing until it is sent"]
pub struct RemoveVectorIndex<I> {
    handle: Handle,
    timeout: Duration,
    of: PhantomData<fn() -> I>,
}

impl<I: VectorIndex> RemoveVectorIndex<I> {
    pub(crate) fn new(handle: Handle) -> Self {
        Self { handle, timeout: TIMEOUT, of: PhantomData }
    }

    /// Waits at most this long for the index to be gone. Default: five minutes.
    pub fn retry_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The SDK's builder with the UpdateTable request.
    pub fn into_sdk(self) -> UpdateTableFluentBuilder {
        let delete = built(DeleteVectorIndexAction::builder().index_name(I::SCHEMA.name).build());
        let request = self.handle.client.update_table().table_name(&*self.handle.table);
        request.vector_index_updates(VectorIndexUpdate::builder().delete(delete).build())
    }

    /// The UpdateTable request that would be sent if the table has such an index. Nothing is sent.
    pub fn explain(self) -> Explanation {
        let request = self.into_sdk();
        let index = json_object([("IndexName", Some(json_string(I::SCHEMA.name)))]);
        let delete = json_object([("Delete", Some(index))]);
        Explanation::new(UPDATE_TABLE.name, request.get_table_name(), Capacity::None)
            .json("VectorIndexUpdates", Some(json_list([delete].into_iter())))
    }

    /// Removes the index and waits until it is gone; true if DynamoDB took the request from this call, false if the table had
    /// no such index, or it was being deleted already.
    ///
    /// After an attempt that got no response, an index that is absent then counts as one that the table did not have.
    ///
    /// # Errors
    /// [`ServiceErrorKind::TableInUse`](crate::error::ServiceErrorKind): the table is being created or changed, such as by the
    /// addition or removal of another index, or the addition of this one has only begun.
    /// [`ServiceErrorKind::TimedOut`](crate::error::ServiceErrorKind): the index is not gone in time. Otherwise a request
    /// fails.
    pub async fn send(self) -> Result<bool> {
        let observing = Observing::call("RemoveVectorIndex", &self.handle.table);
        observing.watch(pin!(self.run()), |_| 0).await
    }

    async fn run(self) -> Result<bool> {
        let (handle, timeout) = (self.handle.clone(), self.timeout);
        let removed = match presence::<I>(&handle).await? {
            Presence::Absent => return Ok(false),
            Presence::Deleted => false,
            Presence::There | Presence::NoTable => match update_table(&handle, self.into_sdk()).await {
                Ok(()) => true,
                // It may have been removed by an attempt without an answer, or by another caller.
                Err((refused, _)) => match presence::<I>(&handle).await {
                    Ok(Presence::Absent | Presence::Deleted) => false,
                    Ok(Presence::There | Presence::NoTable) => return Err(refused.into()),
                    Err(error) => return Err(undescribed(refused, error)),
                },
            },
        };
        wait_until_gone::<I>(&handle, timeout).await?;
        Ok(removed)
    }
}

impl<I: VectorIndex> fmt::Debug for RemoveVectorIndex<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemoveVectorIndex")
            .field("table", &self.handle.table)
            .field("index", &I::SCHEMA.name)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// The presence of an index in the description of its table.
enum Presence {
    NoTable,
    Absent,
    /// An index that is being deleted.
    Deleted,
    There,
}

async fn presence<I: VectorIndex>(handle: &Handle) -> Result<Presence> {
    let Some(table) = describe_table::describe(handle).await? else { return Ok(Presence::NoTable) };
    Ok(match find_index(&table, &I::SCHEMA) {
        None => Presence::Absent,
        Some(index) if is_being_deleted(index) => Presence::Deleted,
        Some(_) => Presence::There,
    })
}

async fn wait_until_gone<I: VectorIndex>(handle: &Handle, timeout: Duration) -> Result<()> {
    let (start, mut backoff) = (Instant::now(), BACKOFF);
    loop {
        // A table that is gone has no index.
        if let Presence::Absent | Presence::NoTable = presence::<I>(handle).await? {
            return Ok(());
        }
        let pause = backoff.limit();
        if start.elapsed() + pause > timeout {
            let state = format!("vector index `{}` is not gone in time", I::SCHEMA.name);
            return Err(ServiceError::state_not_in_time(DESCRIBE_TABLE.name, &handle.table, state).into());
        }
        handle.timer().sleep(pause).await;
        backoff.grow();
    }
}
