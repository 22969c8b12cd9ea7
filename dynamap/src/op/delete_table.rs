//! DeleteTable.

use super::describe_table::{self, BACKOFF, TIMEOUT};
use crate::{
    call::{Capacity, Explanation, Handle, observe_about_table, send_about_table},
    direct::{DELETE_TABLE, DESCRIBE_TABLE, NullReceiver, RetryAfterUnknown},
    error::{ServiceError, ServiceErrorKind},
    observe::Observing,
    outcome::{NotDeleted, Result},
    schema::TableSchema,
};
use aws_sdk_dynamodb::{
    operation::delete_table::builders::DeleteTableFluentBuilder,
    types::{TableDescription, TableStatus},
};
use std::{fmt, marker::PhantomData, pin::pin, time::Duration};
use tokio::time::Instant;

/// Deletes a table with all its items, and waits until it is gone.
///
/// One [DescribeTable](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html) request, one
/// [DeleteTable](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteTable.html) request, then
/// DescribeTable until there is no such table. None of them costs capacity units.
///
/// Nothing is deleted unless the caller names the table, and the table has the keys and indexes of the schema and no deletion
/// protection ([`Error::NotDeleted`](crate::Error::NotDeleted), [`Error::SchemaMismatch`](crate::Error::SchemaMismatch)).
///
/// ```
/// use dynamap::{Error, Table, TableSchema};
/// # use dynamap_local::Local;
///
/// #[derive(TableSchema)]
/// #[dynamap(partition_key = "pk")]
/// pub struct Shop;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let shop = Table::<Shop>::new(Local::memory()?.client(), "shop-test");
/// shop.create_table_if_absent().send().await?;
/// assert!(matches!(shop.delete_table("shop").send().await, Err(Error::NotDeleted(_))));
/// assert!(shop.delete_table("shop-test").send().await?);
/// assert!(!shop.delete_table("shop-test").send().await?);      // it is gone
/// # Ok(())
/// # }
/// ```
#[must_use = "a request does nothing until it is sent"]
pub struct DeleteTable<S> {
    handle: Handle,
    name: String,
    timeout: Duration,
    of: PhantomData<fn() -> S>,
}

impl<S: TableSchema> DeleteTable<S> {
    pub(crate) fn new(handle: Handle, name: String) -> Self {
        Self { handle, name, timeout: TIMEOUT, of: PhantomData }
    }

    /// Waits at most this long for the table to be gone. Default: five minutes.
    pub fn retry_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The SDK's builder with the DeleteTable request.
    ///
    /// # Errors
    /// [`Error::NotDeleted`](crate::Error::NotDeleted): the name that was given is not that of the table.
    pub fn into_sdk(self) -> Result<DeleteTableFluentBuilder> {
        self.check_name()?;
        Ok(self.request())
    }

    /// The DeleteTable request that would be sent if the table can be deleted. Nothing is sent.
    ///
    /// # Errors
    /// As [`into_sdk`](Self::into_sdk).
    pub fn explain(self) -> Result<Explanation> {
        Ok(Explanation::new(DELETE_TABLE.name, self.into_sdk()?.get_table_name(), Capacity::None))
    }

    /// Deletes the table and waits until it is gone; true if DynamoDB took the request from this call, false if there is no
    /// such table, or it was being deleted already.
    ///
    /// After an attempt that got no response, a table that is gone then counts as one that was not there.
    ///
    /// # Errors
    /// [`Error::NotDeleted`](crate::Error::NotDeleted): the name that was given is not that of the table, and no request was
    /// sent; or the table is protected. [`Error::SchemaMismatch`](crate::Error::SchemaMismatch): the table has other keys or
    /// indexes. [`ServiceErrorKind::TableInUse`]: it is being created or changed. [`ServiceErrorKind::TimedOut`]: it is not
    /// gone in time. Otherwise a request fails.
    pub async fn send(self) -> Result<bool> {
        self.check_name()?;
        let observing = Observing::call("DeleteTable", &self.handle.table);
        observing.watch(pin!(self.run()), |_| 0).await
    }

    async fn run(self) -> Result<bool> {
        let handle = &self.handle;
        let Some(table) = describe_table::describe(handle).await? else { return Ok(false) };
        let deleted = if is_being_deleted(&table) {
            false
        } else {
            describe_table::check::<S>(handle, &table)?;
            if table.deletion_protection_enabled() == Some(true) {
                return Err(NotDeleted::protected(&handle.table).into());
            }
            self.delete().await?
        };
        self.wait_until_gone().await?;
        Ok(deleted)
    }

    fn check_name(&self) -> Result<(), NotDeleted> {
        match self.name == *self.handle.table {
            true => Ok(()),
            false => Err(NotDeleted::other_name(&self.handle.table, &self.name)),
        }
    }

    fn request(&self) -> DeleteTableFluentBuilder {
        self.handle.client.delete_table().table_name(&*self.handle.table)
    }

    async fn delete(&self) -> Result<bool> {
        let handle = &self.handle;
        let request = self.request();
        let deleted = observe_about_table(handle, &DELETE_TABLE, |handle| async move {
            let attempts = (RetryAfterUnknown::Always, None);
            let exchange = handle.write_exchange(&DELETE_TABLE, attempts, Vec::new(), NullReceiver);
            send_about_table!(handle, request, exchange).map_err(|error| handle.error(&exchange, error))
        });
        let Err(refused) = deleted.await else { return Ok(true) };
        if refused.kind() == ServiceErrorKind::TableNotFound {
            return Ok(false);
        }
        // It may be deleted by an attempt without an answer, or by another caller.
        match describe_table::describe(handle).await {
            Ok(None) => Ok(false),
            Ok(Some(table)) if is_being_deleted(&table) => Ok(false),
            _ => Err(refused.into()),
        }
    }

    async fn wait_until_gone(&self) -> Result<()> {
        let (start, mut backoff) = (Instant::now(), BACKOFF);
        while let Some(table) = describe_table::describe(&self.handle).await? {
            let pause = backoff.limit();
            if start.elapsed() + pause > self.timeout {
                let status = table.table_status().map_or("UNKNOWN", TableStatus::as_str);
                let state = format!("the table is not gone in time: it is {status}");
                let (operation, table) = (DESCRIBE_TABLE.name, &self.handle.table);
                return Err(ServiceError::state_not_in_time(operation, table, state).into());
            }
            self.handle.timer().sleep(pause).await;
            backoff.grow();
        }
        Ok(())
    }
}

fn is_being_deleted(table: &TableDescription) -> bool {
    table.table_status() == Some(&TableStatus::Deleting)
}

impl<S> fmt::Debug for DeleteTable<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeleteTable")
            .field("table", &self.handle.table)
            .field("name", &self.name)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
