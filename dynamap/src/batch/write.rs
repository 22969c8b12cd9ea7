//! BatchWriteItem.

mod encoded;
mod entities;
pub(super) mod first;
mod many;
mod progress;
mod queue;
mod report_ledger;
mod request;
mod run;
mod several;
mod source;
mod tables;
mod unchecked;
mod unprocessed;
mod value;

pub use entities::{Borrowed, EntitySource, Owned};
pub use progress::BatchWriteProgress;
pub use source::{BatchEntity, BatchKey, BatchSource, BoxError, ByIterator, ByStream};
pub use value::BatchWrite;

use crate::{
    call::{BatchOptions, Explanation, Handle, metering::metered},
    entity::{Entity, EntityOf, IntoKey, Unversioned, WithoutUniqueFields},
    outcome::{BatchWriteReport, Error, IncompleteBatch, Result, UnwrittenItem},
    schema::TableSchema,
};
use aws_sdk_dynamodb::operation::batch_write_item::builders::BatchWriteItemFluentBuilder;
pub(super) use encoded::EncodedWrite;
use encoded::SHAPED_PUT;
pub(super) use queue::{PositionedWrite, WriteBatch, WriteOutcome};
use report_ledger::{Calls, ReportLedger};
pub(super) use run::{BatchWriteRun, NextWrite, WriteLedger};
use source::Sources;
use std::{fmt, marker::PhantomData, time::Duration};
pub(super) use tables::WriteTables;
use tokio::time::Instant;

/// Puts and deletes many items, of one entity or of all entities of a table.
///
/// [BatchWriteItem](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html) requests
/// of up to 25 items and 16 MB, several at once. Items that DynamoDB leaves unprocessed for want of throughput
/// (`UnprocessedItems`) are sent again together with new ones, with exponential backoff up to 5 s and full jitter, and
/// with fewer requests at once. It costs as much as the single puts and deletes: one write capacity unit (WCU) for
/// each 1 KB of the larger of the old and the new item, rounded up.
///
/// - **Nothing is lost.** Every write has an outcome: see [`BatchWriteReport`]. A write that cannot be stored, or that
///   DynamoDB refuses, does not stop the others. [`send`](Self::send) is an error with the report unless all writes were applied.
/// - **Last write wins.** Of writes with equal keys the last one is applied, and none is sent after a later one.
/// - **No conditions.** DynamoDB takes none in a batch: the stored item is replaced, also one of another entity, and an
///   entity with a version is written and deleted only where that is [spelled out](Self::put_ignoring_version). Stamps are set as by
///   [`put`](crate::Repository::put).
/// - **Attempts without a response** are sent again, which does no harm to the batch itself. But a request that DynamoDB
///   applies late may overwrite items that other writers, or a later batch, have written since.
/// - **Capacity.** With a [`budget`](Self::budget) one request of the batch waits for units at a time, and while no
///   other is in flight that does not use up the time of [`retry_timeout`](Self::retry_timeout). With a meter or a budget the report
///   has the [consumed capacity](BatchWriteReport::consumed).
/// - **Memory.** Items are encoded when they are taken from the iterator or stream, and only as many of them are taken as
///   the requests in flight need: up to 50 for each, and 32 MB.
///
/// ```
/// # use dynamap::{Entity, Table, TableSchema};
/// # use dynamap_local::Local;
/// # #[derive(TableSchema)]
/// # #[dynamap(partition_key = "pk", sort_key = "sk")]
/// # pub struct Shop;
/// # #[derive(Debug, PartialEq, Entity)]
/// # #[dynamap(table = Shop, pk = "CUSTOMER#{customer_id}", sk = "ORDER#{number}")]
/// # pub struct Order { pub customer_id: String, pub number: u32 }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let shop = Table::<Shop>::new(Local::memory()?.client(), "shop");
/// # shop.create_table_if_absent().send().await?;
/// let orders = shop.repository::<Order>();
/// let many = (1..=60).map(|number| Order { customer_id: "c-1".into(), number });
/// let report = orders.batch_write().put_all(many).delete(Order::key("c-1", 7)).send().await?;
/// assert_eq!(report.written() + report.replaced(), 61);
/// assert_eq!(orders.query(Order::partition("c-1")).try_collect().await?.len(), 59);
/// # Ok(())
/// # }
/// ```
///
/// `Of` is the entity, or [`Mixed`] for all entities of a table.
#[must_use = "a request does nothing until it is sent"]
pub struct BatchWriteItem<'a, Of> {
    tables: WriteTables,
    sources: Sources<'a>,
    options: BatchOptions,
    calls: Calls<'a>,
    of: PhantomData<fn() -> Of>,
}

/// All entities of the table `S`.
#[derive(Debug)]
pub struct Mixed<S>(PhantomData<fn() -> S>);

/// A subject of a batch write: an entity, or [`Mixed`] entities. Sealed.
pub trait BatchWritable: sealed::Sealed {
    #[doc(hidden)]
    type Table: TableSchema;
}

impl<E: Entity> BatchWritable for E {
    type Table = E::Table;
}

impl<S: TableSchema> BatchWritable for Mixed<S> {
    type Table = S;
}

impl<'a, Of: BatchWritable> BatchWriteItem<'a, Of> {
    pub(crate) fn new(handle: Handle) -> Self {
        Self {
            tables: WriteTables::of::<Of::Table>(handle),
            sources: Sources::default(),
            options: BatchOptions::default(),
            calls: Calls::default(),
            of: PhantomData,
        }
    }

    /// Sets the most requests in flight, at least one. Default: 8.
    pub fn concurrency(mut self, requests: usize) -> Self {
        self.options.set_concurrency(requests);
        self
    }

    /// Sets the retry timeout: the batch gives up on keys or writes that are unprocessed or without a response when
    /// nothing of it was processed for so long. Default: one minute.
    ///
    /// As long as DynamoDB processes something, all writes are sent again. Once it has processed nothing for so long,
    /// each write is sent once until it does.
    pub fn retry_timeout(mut self, time: Duration) -> Self {
        self.options.retry_timeout = time;
        self
    }

    /// Calls this whenever something was taken or settled, on the task that runs the batch.
    pub fn on_progress(mut self, call: impl FnMut(&BatchWriteProgress) + Send + 'a) -> Self {
        self.calls.on_progress = Some(Box::new(call));
        self
    }

    /// Hands over each write that was not applied or whose outcome is unknown, instead of listing it in the report:
    /// for a stream of which more writes may fail than memory has room for.
    pub fn on_unwritten(mut self, call: impl FnMut(UnwrittenItem) + Send + 'a) -> Self {
        self.calls.on_unwritten = Some(Box::new(call));
        self
    }

    /// The SDK's builder with the first request: up to 25 writes of those that are there without waiting for a stream.
    ///
    /// # Errors
    /// One of them cannot be sent, or their source fails.
    pub fn into_sdk(self) -> Result<BatchWriteItemFluentBuilder> {
        let tables = self.tables.clone();
        first::into_sdk(&tables, self.first()?.as_ref())
    }

    /// The first request and its cost in capacity units: up to 25 writes of those that are there without waiting for a
    /// stream. Nothing is sent.
    ///
    /// # Errors
    /// The same as those of [`into_sdk`](Self::into_sdk).
    pub fn explain(self) -> Result<Explanation> {
        let tables = self.tables.clone();
        Ok(first::explain(&tables, self.first()?.as_ref()))
    }

    /// The first request.
    fn first(mut self) -> Result<Option<WriteBatch>> {
        let mut queue = first::queue(self.tables.as_slice().len());
        for position in 0.. {
            let taken = if queue.has_room() { self.sources.next_at_once() } else { None };
            let Some((table, taken)) = taken else { break };
            if let Some(refusal) = &self.tables.as_slice()[table].refusal {
                return Err(refusal.clone().into());
            }
            let encoded = taken.map_err(|unencoded| *unencoded.error)?;
            queue.push(PositionedWrite { table, position, encoded });
        }
        if self.sources.failure.is_some() {
            let listed = ReportLedger::new(&self.tables, self.sources, Calls::default());
            return Err(Error::IncompleteBatch(IncompleteBatch::new(listed.into_report(None))));
        }
        Ok(queue.next(true, Instant::now()))
    }

    /// Runs the requests.
    ///
    /// Dropped before its end, it sends nothing more; writes in flight may be applied.
    ///
    /// # Errors
    /// [`Error::IncompleteBatch`]: some writes were not applied. It has the report with these, and all others were
    /// applied.
    pub async fn send(self) -> Result<BatchWriteReport> {
        let report = self.report().await;
        match report.is_complete() {
            true => Ok(report),
            false => Err(Error::IncompleteBatch(IncompleteBatch::new(report))),
        }
    }

    /// Runs the requests, and returns the outcome of every write.
    #[must_use = "it says what was not written"]
    pub async fn report(self) -> BatchWriteReport {
        let listed = ReportLedger::new(&self.tables, self.sources, self.calls);
        let (listed, consumed) = BatchWriteRun::new(self.tables, listed, self.options).run().await;
        listed.into_report(consumed)
    }

    fn push_put<E: Entity<Table = Of::Table>>(mut self, entity: &E) -> Self {
        self.sources.push(|scratch| EncodedWrite::put(self.tables.first(), entity, scratch));
        self
    }

    fn push_delete(mut self, key: impl IntoKey<Of: Entity<Table = Of::Table>>) -> Self {
        self.sources.push(|scratch| EncodedWrite::delete(&key.into_key(), scratch));
        self
    }
}

impl<'a, E: Entity> BatchWriteItem<'a, E> {
    /// Puts an entity.
    pub fn put(self, entity: &E) -> Self
    where
        E: Unversioned + WithoutUniqueFields,
    {
        const { assert!(E::SHAPE.is_none(), "{}", SHAPED_PUT) };
        self.push_put(entity)
    }

    /// Puts an entity, also if it has a version.
    ///
    /// DynamoDB checks nothing in a batch: an item that another writer has written meanwhile is replaced. The item
    /// gets a version that no entity in memory has, so that every other writer sees that it was replaced. The version
    /// in `entity` does not change: read the item before it is saved. It does not compile for a version that is a
    /// number without lineage.
    pub fn put_ignoring_version(self, entity: &E) -> Self
    where
        E: WithoutUniqueFields,
    {
        const { assert!(E::SHAPE.is_none(), "{}", SHAPED_PUT) };
        self.push_put(entity)
    }

    /// Puts the entities of a `Vec`, an iterator or a stream of any length; they or references to them.
    pub fn put_all<T: BatchEntity<E> + 'a, M>(self, entities: impl BatchSource<'a, T, M>) -> Self
    where
        E: Unversioned + WithoutUniqueFields,
    {
        self.put_all_ignoring_version(entities)
    }

    /// Adds puts of all entities, as [`put_all`](Self::put_all) does, also if they have a version: see
    /// [`put_ignoring_version`](Self::put_ignoring_version).
    pub fn put_all_ignoring_version<T: BatchEntity<E> + 'a, M>(
        mut self,
        entities: impl BatchSource<'a, T, M>,
    ) -> Self
    where
        E: WithoutUniqueFields,
    {
        const { assert!(E::SHAPE.is_none(), "{}", SHAPED_PUT) };
        let handle = self.tables.first().clone();
        self.sources.push_all(entities, move |entity: T, scratch| {
            EncodedWrite::put(&handle, entity.borrow(), scratch)
        });
        self
    }

    /// Deletes the item with a key, if there is one.
    pub fn delete(self, key: impl IntoKey<Of = E>) -> Self
    where
        E: Unversioned + WithoutUniqueFields,
    {
        self.push_delete(key)
    }

    /// Deletes the item with a key, also if its entity has a version: changes by other writers since it was read are
    /// lost.
    pub fn delete_ignoring_version(self, key: impl IntoKey<Of = E>) -> Self
    where
        E: WithoutUniqueFields,
    {
        self.push_delete(key)
    }

    /// Deletes the items with the keys of a `Vec`, an iterator or a stream of any length.
    pub fn delete_all<K: BatchKey<E> + 'a, M>(self, keys: impl BatchSource<'a, K, M>) -> Self
    where
        E: Unversioned + WithoutUniqueFields,
    {
        self.delete_all_ignoring_version(keys)
    }

    /// Adds deletes of all keys, as [`delete_all`](Self::delete_all) does, also if the entities have a version: see
    /// [`delete_ignoring_version`](Self::delete_ignoring_version).
    pub fn delete_all_ignoring_version<K: BatchKey<E> + 'a, M>(
        mut self,
        keys: impl BatchSource<'a, K, M>,
    ) -> Self
    where
        E: WithoutUniqueFields,
    {
        self.sources.push_all(keys, |key: K, scratch| EncodedWrite::delete(&key.into_key(), scratch));
        self
    }
}

impl<'a, S: TableSchema> BatchWriteItem<'a, Mixed<S>> {
    /// Puts an entity.
    pub fn put<E: EntityOf<S> + Unversioned + WithoutUniqueFields>(self, entity: &E) -> Self {
        const { assert!(E::SHAPE.is_none(), "{}", SHAPED_PUT) };
        self.push_put(entity)
    }

    /// Puts an entity, also if it has a version.
    ///
    /// DynamoDB checks nothing in a batch: an item that another writer has written meanwhile is replaced. The item
    /// gets a version that no entity in memory has, so that every other writer sees that it was replaced. The version
    /// in `entity` does not change: read the item before it is saved. It does not compile for a version that is a
    /// number without lineage.
    pub fn put_ignoring_version<E: EntityOf<S> + WithoutUniqueFields>(self, entity: &E) -> Self {
        const { assert!(E::SHAPE.is_none(), "{}", SHAPED_PUT) };
        self.push_put(entity)
    }

    /// Deletes the item with a key, if there is one.
    pub fn delete<K: IntoKey<Of: EntityOf<S> + Unversioned + WithoutUniqueFields>>(self, key: K) -> Self {
        self.push_delete(key)
    }

    /// Deletes the item with a key, also if its entity has a version: changes by other writers since it was read are
    /// lost.
    pub fn delete_ignoring_version<K: IntoKey<Of: EntityOf<S> + WithoutUniqueFields>>(self, key: K) -> Self {
        self.push_delete(key)
    }

    /// Puts and deletes the items of a `Vec`, an iterator or a stream of any length.
    pub fn write_all<M>(mut self, writes: impl BatchSource<'a, BatchWrite<S>, M>) -> Self {
        let handle = self.tables.first().clone();
        self.sources.push_all(writes, move |write: BatchWrite<S>, scratch| write.encode(&handle, scratch));
        self
    }
}

metered!(['a, Of] BatchWriteItem<'a, Of>, tables);

impl<Of> fmt::Debug for BatchWriteItem<'_, Of> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BatchWriteItem")
            .field("tables", &Vec::from_iter(self.tables.iter().map(|table| &table.handle.table)))
            .field("concurrency", &self.options.concurrency)
            .field("retry_timeout", &self.options.retry_timeout)
            .finish_non_exhaustive()
    }
}

mod sealed {
    use super::{Entity, Mixed};

    pub trait Sealed {}
    impl<E: Entity> Sealed for E {}
    impl<S> Sealed for Mixed<S> {}
}
