use super::{
    fetched::{self, Fetched, FetchedOrUnread},
    parts::GetParts,
    reading::{BatchGetSettings, options_methods, reading_methods},
    request,
    requested_keys::{Erased, ErasedItem, RequestedKeys},
    run::{BatchGetRun, Outcomes},
    unread::AllUnread,
};
use crate::{
    call::{Explanation, Handle, metering::metered},
    entity::{Entity, IntoKey, KeysOf, Projection},
    error::KeyError,
    op::{
        ReadShapeOne,
        read::{Projected, Queryable, Sending, Whole},
    },
    outcome::Result,
    schema::TableSchema,
};
use aws_sdk_dynamodb::operation::batch_get_item::builders::BatchGetItemFluentBuilder;
use std::{fmt, marker::PhantomData};

/// Reads many entities of several types by their primary keys, in the same requests.
///
/// It sends the same requests as [`BatchGet`](super::BatchGet), at the same cost. The keys are a tuple of lists, one
/// for each entity, and so are the results.
///
/// ```
/// # use dynamap::{Entity, Table, TableSchema, batch::Fetched};
/// # use dynamap_local::Local;
/// # #[derive(TableSchema)]
/// # #[dynamap(partition_key = "pk", sort_key = "sk")]
/// # pub struct Shop;
/// # #[derive(Debug, PartialEq, Entity)]
/// # #[dynamap(table = Shop, pk = "CUSTOMER#{customer_id}", sk = "PROFILE")]
/// # pub struct Customer { pub customer_id: String }
/// # #[derive(Debug, PartialEq, Entity)]
/// # #[dynamap(table = Shop, pk = "CUSTOMER#{customer_id}", sk = "ORDER#{number}")]
/// # pub struct Order { pub customer_id: String, pub number: u32 }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let shop = Table::<Shop>::new(Local::memory()?.client(), "shop");
/// # shop.create_table_if_absent().send().await?;
/// # shop.put(&Customer { customer_id: "c-1".into() }).send().await?;
/// # shop.put(&Order { customer_id: "c-1".into(), number: 7 }).send().await?;
/// let keys = ([Customer::key("c-1")], [Order::key("c-1", 7), Order::key("c-1", 8)]);
/// let (customers, orders) = shop.batch_get_mixed(keys).send().await?;
/// assert_eq!(customers, [Fetched::Found(Customer { customer_id: "c-1".into() })]);
/// assert!(orders[1].is_absent());
/// # Ok(())
/// # }
/// ```
#[must_use = "a request does nothing until it is sent"]
pub struct MixedBatchGet<S, L: MixedKeys<S>> {
    pub(super) reading: BatchGetSettings,
    pub(super) keys: L::Keys,
    of: PhantomData<fn() -> S>,
}

/// A list of keys of one entity of the table `S`: anything that can be iterated over, or [`project`] of it. Sealed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no list of keys of the table `{S}`",
    note = "give keys that the entity's `key` function makes, such as `[Order::key(..)]`"
)]
pub trait KeyList<S>: sealed::SealedKeyList {
    /// The entity.
    type Entity: Entity<Table = S>;
    /// The way to read the entity.
    #[doc(hidden)]
    type ReadShape: ReadShapeOne<Self::Entity>;

    #[doc(hidden)]
    fn into_keys(self) -> Vec<<Self::Entity as Entity>::Key>;
}

impl<S: TableSchema, K: IntoKey<Of: Entity<Table = S>>, L: IntoIterator<Item = K>> KeyList<S> for L {
    type Entity = K::Of;
    type ReadShape = Whole;

    fn into_keys(self) -> Vec<<K::Of as Entity>::Key> {
        self.into_iter().map(K::into_key).collect()
    }
}

/// Keys of the entity of the projection `P`: see [`project`].
pub struct ProjectedKeys<P: Projection>(Vec<KeysOf<P>>);

impl<P: Projection> Clone for ProjectedKeys<P> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

/// Shows no key.
impl<P: Projection> fmt::Debug for ProjectedKeys<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProjectedKeys").field("keys", &self.0.len()).finish_non_exhaustive()
    }
}

/// Keys whose entities are read as the projection `P`, for a list of [`batch_get_mixed`](crate::Table::batch_get_mixed).
///
/// DynamoDB takes one projection for all keys of a request: each entity is asked for the attributes of all projections of
/// the batch, and for all attributes if one of its lists is read whole.
///
/// ```
/// # use dynamap::{Entity, Projection, Table, TableSchema};
/// # use dynamap_local::Local;
/// use dynamap::batch::{Fetched, project};
///
/// # #[derive(TableSchema)]
/// # #[dynamap(partition_key = "pk", sort_key = "sk")]
/// # pub struct Shop;
/// # #[derive(Debug, PartialEq, Entity)]
/// # #[dynamap(table = Shop, pk = "CUSTOMER#{customer_id}", sk = "PROFILE")]
/// # pub struct Customer { pub customer_id: String, pub name: String, pub address: String }
/// # #[derive(Debug, PartialEq, Entity)]
/// # #[dynamap(table = Shop, pk = "CUSTOMER#{customer_id}", sk = "ORDER#{number}")]
/// # pub struct Order { pub customer_id: String, pub number: u32, pub total: u64, pub note: String }
/// #[derive(Debug, PartialEq, Projection)]
/// #[dynamap(entity = Customer)]
/// pub struct Name {
///     pub name: String,
/// }
///
/// #[derive(Debug, PartialEq, Projection)]
/// #[dynamap(entity = Order)]
/// pub struct Total {
///     pub total: u64,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let shop = Table::<Shop>::new(Local::memory()?.client(), "shop");
/// # shop.create_table_if_absent().send().await?;
/// # let order = Order { customer_id: "c-1".into(), number: 7, total: 250, note: "".into() };
/// # shop.put(&order).send().await?;
/// let keys = (project::<Name>([Customer::key("c-1")]), project::<Total>([Order::key("c-1", 7)]));
/// let (names, totals) = shop.batch_get_mixed(keys).send().await?;
/// assert!(names[0].is_absent());
/// assert_eq!(totals, [Fetched::Found(Total { total: 250 })]);
/// # Ok(())
/// # }
/// ```
pub fn project<P: Projection>(keys: impl IntoIterator<Item = KeysOf<P>>) -> ProjectedKeys<P> {
    ProjectedKeys(keys.into_iter().collect())
}

impl<S: TableSchema, P: Projection<Entity: Entity<Table = S>>> KeyList<S> for ProjectedKeys<P> {
    type Entity = P::Entity;
    type ReadShape = Projected<P>;

    fn into_keys(self) -> Vec<KeysOf<P>> {
        self.0
    }
}

/// A tuple of two to eight lists of keys, each of one entity of the table `S`. Sealed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no tuple of lists of keys of the table `{S}`",
    note = "give a list for each entity: `(customer_keys, order_keys)`; for one entity there is `batch_get`"
)]
pub trait MixedKeys<S>: sealed::Sealed {
    /// The item that was found at each key, list by list.
    type Fetched: Send + 'static;
    /// The result at each key, list by list: found, absent, or not read.
    type Results: Send + 'static;
    /// The lists, collected.
    #[doc(hidden)]
    type Keys: Clone + Send + 'static;

    /// True if one of the entities is read consistently by default: a request is strongly consistent for all keys of a
    /// table.
    #[doc(hidden)]
    const CONSISTENT_READ: bool;

    #[doc(hidden)]
    fn collect(self) -> Self::Keys;

    #[doc(hidden)]
    fn add_to(keys: &Self::Keys, asked: &mut RequestedKeys<ErasedItem>) -> Result<(), KeyError>;

    /// Tells the outcomes of a batch list by list, which are the next ones.
    #[doc(hidden)]
    fn results(keys: Self::Keys, outcomes: &mut Outcomes<ErasedItem>) -> Self::Results;

    /// Takes the keys that were not read out of the results of a part, and gives the rest.
    #[doc(hidden)]
    fn separate(results: Self::Results, part: usize, unread: &mut AllUnread) -> Result<Self::Fetched>;
}

reading_methods!(impl<S, L: MixedKeys<S>> MixedBatchGet<S, L>);
options_methods!(impl<S, L: MixedKeys<S>> MixedBatchGet<S, L>, reading);
metered!([S, L: MixedKeys<S>] MixedBatchGet<S, L>, reading.handle);

impl<S: TableSchema, L: MixedKeys<S>> MixedBatchGet<S, L> {
    pub(crate) fn new(handle: Handle, keys: L) -> Self {
        Self {
            reading: BatchGetSettings::new(handle, L::CONSISTENT_READ, false),
            keys: keys.collect(),
            of: PhantomData,
        }
    }

    /// The SDK's builder with the first request: up to 100 keys, each once.
    ///
    /// # Errors
    /// A key cannot be made, or the projection is too long for DynamoDB (4 KB).
    pub fn into_sdk(self) -> Result<BatchGetItemFluentBuilder> {
        Ok(request::first(parts::<S, L>(&self.reading, &self.keys)?))
    }

    /// The first request and its cost in capacity units; nothing is sent.
    ///
    /// # Errors
    /// The same as those of [`into_sdk`](Self::into_sdk).
    pub fn explain(self) -> Result<Explanation> {
        Ok(request::explain(&parts::<S, L>(&self.reading, &self.keys)?))
    }

    /// Runs the requests and returns the entity at each key, list by list in the order of the keys.
    ///
    /// # Errors
    /// The same as those of [`BatchGet::send`](super::BatchGet::send).
    pub fn send(self) -> Sending<L::Fetched> {
        let (results, separate) = (self.results(), L::separate as fn(_, usize, &mut _) -> _);
        Box::pin(async move {
            let (mut unread, results) = results.await?;
            let fetched = separate(results, 0, &mut unread)?;
            unread.into_result().map(|()| fetched)
        })
    }

    /// Runs the requests and returns the result at each key, list by list in the order of the keys: found, absent, or
    /// not read with the reason.
    ///
    /// # Errors
    /// A key cannot be made, or the projection is too long; no request was sent.
    pub fn report(self) -> Sending<L::Results> {
        let results = self.results();
        Box::pin(async move { Ok(results.await?.1) })
    }

    /// The error for keys that are not read, and the result at each key.
    fn results(self) -> Sending<(AllUnread, L::Results)> {
        let Self { reading, keys, .. } = self;
        // Nothing of the lists themselves goes with the future, so that they may be borrowed.
        let (parts, results) = (parts::<S, L>(&reading, &keys), L::results as fn(_, &mut _) -> _);
        Box::pin(async move {
            let parts = parts?;
            let unread = AllUnread::of(&parts);
            let run = BatchGetRun::new(parts, reading.options, reading.on_progress);
            let outcomes = run.run().await;
            Ok((unread, results(keys, &mut outcomes.into_iter())))
        })
    }
}

fn parts<S: TableSchema, L: MixedKeys<S>>(
    reading: &BatchGetSettings,
    keys: &L::Keys,
) -> Result<GetParts<ErasedItem>> {
    let mut asked = RequestedKeys::new();
    L::add_to(keys, &mut asked)?;
    GetParts::one::<S>(reading, asked)
}

impl<S, L: MixedKeys<S>> fmt::Debug for MixedBatchGet<S, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MixedBatchGet")
            .field("consistent_read", &self.reading.consistent_read)
            .field("include_expired", &self.reading.include_expired)
            .finish_non_exhaustive()
    }
}

/// The results for the next keys.
pub(super) fn results<E: Queryable, T: 'static>(
    keys: Vec<E::Key>,
    outcomes: &mut Outcomes<ErasedItem>,
) -> Vec<FetchedOrUnread<E, T>> {
    // As many as there are keys, and no more are taken.
    let own = outcomes.take(keys.len());
    fetched::results(keys, own, |ErasedItem(kept)| match kept.downcast::<T>() {
        Ok(read) => *read,
        Err(_) => unreachable!("`RequestedKeys::kind_at` gave the place to the entity of its key"),
    })
    .collect()
}

/// The way to read the entity of the list `$list`.
macro_rules! read {
    ($list:ident) => {
        <$list::ReadShape as ReadShapeOne<$list::Entity>>::Output
    };
}

macro_rules! tuples {
    ($(($($list:ident $at:tt),*))*) => { $(
        impl<S: TableSchema, $($list: KeyList<S>),*> MixedKeys<S> for ($($list,)*) {
            type Fetched = ($(Vec<Fetched<$list::Entity, read!($list)>>,)*);
            type Results = ($(Vec<FetchedOrUnread<$list::Entity, read!($list)>>,)*);
            type Keys = ($(Vec<<$list::Entity as Entity>::Key>,)*);

            const CONSISTENT_READ: bool = $(<$list::Entity as Entity>::CONSISTENT_READ)||*;

            fn collect(self) -> Self::Keys {
                ($(self.$at.into_keys(),)*)
            }

            fn add_to(keys: &Self::Keys, asked: &mut RequestedKeys<ErasedItem>) -> Result<(), KeyError> {
                $(asked.add::<$list::Entity, $list::ReadShape, Erased>(&keys.$at)?;)*
                Ok(())
            }

            fn results(keys: Self::Keys, outcomes: &mut Outcomes<ErasedItem>) -> Self::Results {
                ($(results(keys.$at, outcomes),)*)
            }

            fn separate(lists: Self::Results, part: usize, unread: &mut AllUnread) -> Result<Self::Fetched> {
                Ok(($(unread.separate(part, lists.$at)?,)*))
            }
        }

        impl<$($list),*> sealed::Sealed for ($($list,)*) {}
    )* };
}

tuples! {
    (A 0, B 1)
    (A 0, B 1, C 2)
    (A 0, B 1, C 2, D 3)
    (A 0, B 1, C 2, D 3, F 4)
    (A 0, B 1, C 2, D 3, F 4, G 5)
    (A 0, B 1, C 2, D 3, F 4, G 5, H 6)
    (A 0, B 1, C 2, D 3, F 4, G 5, H 6, I 7)
}

impl<L: IntoIterator> sealed::SealedKeyList for L {}
impl<P: Projection> sealed::SealedKeyList for ProjectedKeys<P> {}

mod sealed {
    pub trait Sealed {}
    pub trait SealedKeyList {}
}
