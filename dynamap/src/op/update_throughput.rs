//! Changes of the throughput of a table that is there: UpdateTable.

mod change;

use super::{describe_table, throughput::Throughput, update_table::update_table};
use crate::{
    call::{Explanation, Handle},
    direct::UPDATE_TABLE,
    error::{ServiceError, ServiceErrorKind},
    observe::Observing,
    outcome::{InvalidThroughput, InvalidThroughputKind, Result},
    schema::{Index, TableSchema},
};
use aws_sdk_dynamodb::operation::update_table::builders::UpdateTableFluentBuilder;
pub(super) use change::ThroughputChange;
use std::{fmt, marker::PhantomData, pin::pin, time::Duration};

/// Changes the billing mode of a table, or its provisioned throughput, while it is in use.
///
/// One [DescribeTable](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html)
/// request; if the table has another throughput, one
/// [UpdateTable](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html) request with what
/// differs; then DescribeTable until the table and its indexes are active. None of them costs capacity units.
///
/// The table can be read and written meanwhile. DynamoDB lets a table change from provisioned throughput to on demand four
/// times within 24 hours, and limits how often the units of a day are decreased
/// ([`ServiceErrorKind::LimitExceeded`]).
///
/// ```
/// use dynamap::{Index, Table, TableSchema, op::Throughput};
/// # use dynamap_local::Local;
///
/// #[derive(TableSchema)]
/// #[dynamap(partition_key = "pk", indexes(ByStatus))]
/// pub struct Shop;
///
/// #[derive(Index)]
/// #[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk")]
/// pub struct ByStatus;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let shop = Table::<Shop>::new(Local::memory()?.client(), "shop");
/// shop.create_table_if_absent().send().await?;
///
/// // The index gets 5 read and 5 write units as well, unless it is given others.
/// let provisioned = Throughput::Provisioned { read: 5, write: 5 };
/// assert!(shop.update_throughput(provisioned).index_throughput::<ByStatus>(10, 5).send().await?);
/// let table = shop.describe().send().await?.ok_or("no table")?;
/// assert_eq!(Throughput::of(&table), Some(provisioned));
///
/// assert!(shop.update_throughput(Throughput::OnDemand).send().await?);
/// assert!(!shop.update_throughput(Throughput::OnDemand).send().await?);      // it is so already
/// # Ok(())
/// # }
/// ```
#[must_use = "a request does nothing until it is sent"]
pub struct UpdateThroughput<S> {
    handle: Handle,
    throughput: Throughput,
    indexes: Vec<(&'static str, Throughput)>,
    timeout: Duration,
    of: PhantomData<fn() -> S>,
}

impl<S: TableSchema> UpdateThroughput<S> {
    pub(crate) fn new(handle: Handle, throughput: Throughput) -> Self {
        Self { handle, throughput, indexes: Vec::new(), timeout: describe_table::TIMEOUT, of: PhantomData }
    }

    /// Gives a global secondary index this provisioned throughput, in read and write capacity units per second.
    /// Default: that of the table. A local secondary index uses that of the table, and does not compile here.
    ///
    /// ```compile_fail
    /// # use dynamap::{Index, Table, TableSchema, op::Throughput};
    /// # use dynamap_local::Local;
    /// # #[derive(TableSchema)]
    /// # #[dynamap(partition_key = "pk", sort_key = "sk", indexes(ByTotal))]
    /// # pub struct Shop;
    /// #[derive(Index)]
    /// #[dynamap(table = Shop, name = "lsi1", local, sort_key = number("total"))]
    /// pub struct ByTotal;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let shop = Table::<Shop>::new(Local::memory()?.client(), "shop");
    /// let provisioned = Throughput::Provisioned { read: 5, write: 5 };
    /// let _ = shop.update_throughput(provisioned).index_throughput::<ByTotal>(5, 5);
    /// # Ok(())
    /// # }
    /// ```
    pub fn index_throughput<I: Index<Table = S>>(mut self, read: i64, write: i64) -> Self {
        const { assert!(!I::SCHEMA.local, "a local secondary index uses the throughput of its table") };
        self.indexes.retain(|(index, _)| *index != I::SCHEMA.name);
        self.indexes.push((I::SCHEMA.name, Throughput::Provisioned { read, write }));
        self
    }

    /// Waits at most this long for the table to be active. Default: five minutes.
    pub fn retry_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The SDK's builder with the UpdateTable request for a table of the other billing mode.
    ///
    /// # Errors
    /// [`Error::InvalidThroughput`](crate::Error::InvalidThroughput): DynamoDB would refuse the throughput.
    pub fn into_sdk(self) -> Result<UpdateTableFluentBuilder> {
        self.check()?;
        Ok(ThroughputChange::to_other_mode(self.throughput, self.indexes_of_schema()).request(&self.handle))
    }

    /// The UpdateTable request that would be sent to a table of the other billing mode. Nothing is sent.
    ///
    /// # Errors
    /// As [`into_sdk`](Self::into_sdk).
    pub fn explain(self) -> Result<Explanation> {
        Ok(change::explanation(&self.into_sdk()?))
    }

    /// Changes the throughput, and waits until the table is active; false if it was as wanted before.
    ///
    /// # Errors
    /// [`Error::InvalidThroughput`](crate::Error::InvalidThroughput): DynamoDB would refuse the throughput; no request
    /// was sent. [`Error::SchemaMismatch`](crate::Error::SchemaMismatch): the table has other keys or indexes.
    /// [`ServiceErrorKind::TableNotFound`]: there is no such table. [`ServiceErrorKind::TimedOut`]: it is not active in
    /// time. Otherwise a request fails.
    pub async fn send(self) -> Result<bool> {
        let observing = Observing::call("UpdateThroughput", &self.handle.table);
        observing.watch(pin!(self.run()), |_| 0).await
    }

    async fn run(self) -> Result<bool> {
        self.check()?;
        let (handle, timeout) = (&self.handle, self.timeout);
        let change = self.change(timeout).await?;
        if change.is_none() {
            return Ok(false);
        }
        let Err((error, is_ambiguous)) = update_table(handle, change.request(handle)).await else {
            // DynamoDB: a description may be a moment old, so that it is active with what it had before.
            let unfinished = |table: &_| match Throughput::of(table) {
                Some(found) if found != self.throughput => Some("it has its earlier throughput"),
                _ => None,
            };
            describe_table::wait_until::<S>(handle, timeout, unfinished).await?;
            return Ok(true);
        };
        // An attempt without an answer, or another caller, may have made the same change.
        if !is_ambiguous && error.kind() != ServiceErrorKind::TableInUse {
            return Err(error.into());
        }
        match self.change(timeout).await {
            Ok(change) if change.is_none() => Ok(is_ambiguous),
            // A refusal of the last attempt tells nothing of those before.
            Err(undescribed) if is_ambiguous && !error.kind().is_ambiguous() => Err(undescribed),
            _ => Err(error.into()),
        }
    }

    fn check(&self) -> Result<(), InvalidThroughput> {
        self.throughput.check(None)?;
        for (index, throughput) in &self.indexes {
            throughput.check(Some(index))?;
            if self.throughput == Throughput::OnDemand {
                let kind = InvalidThroughputKind::IndexOfOnDemandTable;
                return Err(InvalidThroughput::new(Some(index), kind));
            }
        }
        Ok(())
    }

    /// The change that the table needs, once it is active.
    async fn change(&self, timeout: Duration) -> Result<ThroughputChange> {
        match describe_table::active::<S>(&self.handle, timeout).await? {
            Some(table) => Ok(ThroughputChange::of(&table, self.throughput, |index| self.of_index(index))),
            None => Err(ServiceError::absent_table(UPDATE_TABLE.name, &self.handle.table).into()),
        }
    }

    /// The throughput that an index shall have.
    fn of_index(&self, index: &str) -> Throughput {
        let given = self.indexes.iter().find(|(name, _)| *name == index);
        given.map_or(self.throughput, |(_, throughput)| *throughput)
    }

    fn indexes_of_schema(&self) -> Vec<(String, Throughput)> {
        let global = S::INDEXES.iter().filter(|index| !index.local);
        global.map(|index| (index.name.to_owned(), self.of_index(index.name))).collect()
    }
}

impl<S> fmt::Debug for UpdateThroughput<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UpdateThroughput")
            .field("table", &self.handle.table)
            .field("throughput", &self.throughput)
            .field("indexes", &self.indexes)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
