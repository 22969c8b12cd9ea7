//! BatchGetItem.

mod absence;
mod fetched;
mod joined;
mod keys;
mod mixed;
mod outcome;
mod parts;
mod progress;
mod reader;
mod reading;
mod request;
mod requested_keys;
mod run;
mod table_batch_get;
mod unread;

pub use absence::Absence;
pub use fetched::{Fetched, FetchedOrUnread, Unread, UnreadItem};
pub use joined::{AndBatchGet, BatchGets, JoinedBatchGet};
pub use mixed::{KeyList, MixedBatchGet, MixedKeys, ProjectedKeys, project};
pub use progress::BatchGetProgress;
pub(super) use reading::MAX_KEYS;
pub use table_batch_get::TableBatchGet;

use crate::{
    call::{Explanation, Handle, metering::metered},
    entity::{Entity, Projection},
    op::{
        ReadShapeOne,
        read::{Projected, Queryable, Sending, Whole},
    },
    outcome::Result,
};
use aws_sdk_dynamodb::operation::batch_get_item::builders::BatchGetItemFluentBuilder;
use parts::GetParts;
use reading::{BatchGetSettings, options_methods, reading_methods};
use requested_keys::{RequestedKeys, Typed};
use run::BatchGetRun;
use std::{fmt, marker::PhantomData};
use unread::AllUnread;

/// Reads many entities by their primary keys.
///
/// [BatchGetItem](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html) requests of up
/// to 100 keys, several at once. DynamoDB returns up to 16 MB for each, and leaves keys out that are beyond that or
/// for which there is no throughput (`UnprocessedKeys`). Those are requested again, with others, with exponential
/// backoff up to 5 s and full jitter. When nothing was processed for a minute it gives up: [`send`](Self::send) is
/// [`Error::UnprocessedKeys`](crate::Error::UnprocessedKeys), and [`report`](Self::report) has the entities that were
/// read until then.
///
/// It costs as much as a GetItem of each key: half a read capacity unit (RCU) for each 4 KB of an item, rounded up, as
/// eventually consistent reads (the default), and one RCU as strongly consistent reads. A key that is given several
/// times is requested once. A [meter](Self::meter) counts the consumed capacity.
///
/// ```
/// # use dynamap::{Entity, Table, TableSchema};
/// # use dynamap_local::Local;
/// use dynamap::batch::Fetched;
///
/// # #[derive(TableSchema)]
/// # #[dynamap(partition_key = "pk", sort_key = "sk")]
/// # pub struct Shop;
/// #[derive(Debug, PartialEq, Entity)]
/// #[dynamap(table = Shop, pk = "CUSTOMER#{customer_id}", sk = "ORDER#{number}")]
/// pub struct Order {
///     pub customer_id: String,
///     pub number: u32,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let shop = Table::<Shop>::new(Local::memory()?.client(), "shop");
/// # shop.create_table_if_absent().send().await?;
/// let orders = shop.repository::<Order>();
/// orders.create(&Order { customer_id: "c-1".into(), number: 7 }).send().await?;
///
/// let fetched = orders.batch_get([Order::key("c-1", 8), Order::key("c-1", 7)]).send().await?;
/// assert!(fetched[0].is_absent());
/// let found: Vec<Order> = fetched.into_iter().filter_map(Fetched::found).collect();
/// assert_eq!(found, [Order { customer_id: "c-1".into(), number: 7 }]);
/// # Ok(())
/// # }
/// ```
///
/// `E` is the entity, and `T` the part of it that is read: the [`Whole`], or a projection after
/// [`project`](Self::project).
#[must_use = "a request does nothing until it is sent"]
pub struct BatchGet<E: Queryable, T = Whole> {
    reading: BatchGetSettings,
    keys: Vec<E::Key>,
    of: PhantomData<fn() -> T>,
}

reading_methods!(impl<E: Queryable, T> BatchGet<E, T>);
options_methods!(impl<E: Queryable, T> BatchGet<E, T>, reading);
metered!([E: Queryable, T] BatchGet<E, T>, reading.handle);

impl<E: Entity> BatchGet<E> {
    pub(crate) fn new(handle: Handle, keys: Vec<E::Key>) -> Self {
        Self::of(handle, keys, E::IS_CONSISTENT, false)
    }

    /// Reads a projection instead of the whole entities (`ProjectionExpression`): its attributes, the keys, and the
    /// attributes that tell if an item counts.
    ///
    /// The read capacity units are those of the whole items.
    ///
    /// ```no_run
    /// # use dynamap::{Entity, Projection, Table, TableSchema, batch::Fetched};
    /// # #[derive(TableSchema)]
    /// # #[dynamap(partition_key = "pk")]
    /// # pub struct Shop;
    /// # #[derive(Entity)]
    /// # #[dynamap(table = Shop, pk = "ORDER#{number}")]
    /// # pub struct Order { pub number: u32, pub total: u64, pub note: String }
    /// #[derive(Projection)]
    /// #[dynamap(entity = Order)]
    /// pub struct Total {
    ///     pub total: u64,
    /// }
    ///
    /// # async fn of(shop: Table<Shop>) -> dynamap::Result<()> {
    /// let totals = shop.batch_get((1..=200).map(Order::key)).project::<Total>().send().await?;
    /// let sum: u64 = totals.into_iter().filter_map(Fetched::found).map(|order| order.total).sum();
    /// # Ok(())
    /// # }
    /// ```
    pub fn project<P: Projection<Entity = E>>(self) -> BatchGet<E, Projected<P>> {
        let Self { reading, keys, .. } = self;
        BatchGet { reading, keys, of: PhantomData }
    }
}

impl<E: Queryable, T: ReadShapeOne<E>> BatchGet<E, T> {
    pub(crate) fn of(
        handle: Handle,
        keys: Vec<E::Key>,
        consistent_read: bool,
        include_expired: bool,
    ) -> Self {
        Self {
            reading: BatchGetSettings::new(handle, consistent_read, include_expired),
            keys,
            of: PhantomData,
        }
    }

    /// The SDK's builder with the first request: up to 100 keys, each once.
    ///
    /// # Errors
    /// A key cannot be made, or the projection is too long for DynamoDB (4 KB).
    pub fn into_sdk(self) -> Result<BatchGetItemFluentBuilder> {
        Ok(request::first(self.parts()?))
    }

    /// The first request and its cost in capacity units; nothing is sent.
    ///
    /// # Errors
    /// The same as those of [`into_sdk`](Self::into_sdk).
    pub fn explain(self) -> Result<Explanation> {
        Ok(request::explain(&self.parts()?))
    }

    fn parts(&self) -> Result<GetParts<T::Output>> {
        let mut asked = RequestedKeys::new();
        asked.add::<E, T, Typed>(&self.keys)?;
        GetParts::one::<T::Table>(&self.reading, asked)
    }

    /// Runs the requests and returns the entity at each key, in the order of the keys.
    ///
    /// # Errors
    /// A key cannot be made, the projection is too long, an item is not of the form of `E`, keys stay unprocessed, or
    /// a request fails: then the entities that were read are lost, and [`report`](Self::report) keeps them.
    pub fn send(self) -> Sending<Vec<Fetched<E, T::Output>>> {
        Box::pin(async move {
            let (mut unread, results) = self.run().await?;
            let fetched = unread.separate(0, results)?;
            unread.into_result().map(|()| fetched)
        })
    }

    /// Runs the requests and returns the result at each key, in the order of the keys: found, absent, or not read with
    /// the reason.
    ///
    /// A key that was not read is never absent.
    ///
    /// # Errors
    /// A key cannot be made, or the projection is too long; no request was sent.
    pub fn report(self) -> Sending<Vec<FetchedOrUnread<E, T::Output>>> {
        Box::pin(async move { Ok(self.run().await?.1.collect()) })
    }

    /// The error for keys that are not read, and the result at each key.
    async fn run(self) -> Result<(AllUnread, impl Iterator<Item = FetchedOrUnread<E, T::Output>>)> {
        let parts = self.parts()?;
        let unread = AllUnread::of(&parts);
        let BatchGetSettings { options, on_progress, .. } = self.reading;
        let run = BatchGetRun::new(parts, options, on_progress);
        let outcomes = run.run().await;
        Ok((unread, fetched::results(self.keys, outcomes, |read| read)))
    }
}

impl<E: Queryable, T> Clone for BatchGet<E, T> {
    fn clone(&self) -> Self {
        Self { reading: self.reading.clone(), keys: self.keys.clone(), of: PhantomData }
    }
}

impl<E: Queryable, T> fmt::Debug for BatchGet<E, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BatchGet")
            .field("entity", &E::SUBJECT)
            .field("keys", &self.keys.len())
            .field("consistent_read", &self.reading.consistent_read)
            .field("include_expired", &self.reading.include_expired)
            .finish_non_exhaustive()
    }
}
