use super::{
    Fetched, FetchedOrUnread,
    asked::Asked,
    fetched,
    reader::AnyEntity,
    run::{MAX_KEYS, Reading, Results, Run},
    unread::AllUnread,
};
use crate::{
    entity::{Entity, Item, Key},
    error::{KeyError, Result},
    op::{Explanation, Handle, metering::metered, read::Sending},
    schema::TableSchema,
};
use aws_sdk_dynamodb::operation::batch_get_item::builders::BatchGetItemFluentBuilder;
use std::{fmt, future::poll_fn, marker::PhantomData, time::Duration};

/// Reads many entities of several types by their primary keys, in the same requests.
///
/// It asks as [`BatchGet`](super::BatchGet) does and costs the same. The keys are a tuple of lists, one for each entity,
/// and so are the results.
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
    reading: Reading,
    keys: L::Keys,
    of: PhantomData<fn() -> S>,
}

/// A tuple of two to eight lists of keys, each of one entity of the table `S`. Sealed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no tuple of lists of keys of the table `{S}`",
    note = "give a list for each entity: `(customer_keys, order_keys)`; for one entity there is `batch_get`"
)]
pub trait MixedKeys<S>: sealed::Sealed {
    /// What was found at each key, list by list.
    type Fetched: Send + 'static;
    /// What was found at each key or why nobody knows, list by list.
    type Results: Send + 'static;
    /// The lists, collected.
    #[doc(hidden)]
    type Keys: Clone + Send + 'static;

    #[doc(hidden)]
    fn collect(self) -> Self::Keys;

    /// Each key once, as requests want it.
    #[doc(hidden)]
    fn distinct(keys: &Self::Keys) -> Result<Vec<Item>, KeyError>;

    /// Runs the requests: how many different keys there are, and what is at each.
    #[doc(hidden)]
    fn run(keys: Self::Keys, reading: Reading) -> Sending<(usize, Self::Results)>;

    /// What was found at each key, if that is known of all.
    #[doc(hidden)]
    fn all(results: Self::Results, table: &str, asked: usize) -> Result<Self::Fetched>;
}

super::reading_methods!(impl<S, L: MixedKeys<S>> MixedBatchGet<S, L>);
metered!([S, L: MixedKeys<S>] MixedBatchGet<S, L>, reading.handle);

impl<S: TableSchema, L: MixedKeys<S>> MixedBatchGet<S, L> {
    pub(crate) fn new(handle: Handle, keys: L) -> Self {
        Self { reading: Reading::new(handle, false, false), keys: keys.collect(), of: PhantomData }
    }

    /// The SDK's builder with the first request: up to 100 keys, each once.
    ///
    /// # Errors
    /// A key cannot be made.
    pub fn into_sdk(self) -> Result<BatchGetItemFluentBuilder> {
        Ok(self.reading.request(self.first_keys()?))
    }

    /// What the first request would send, and what it costs. Nothing is sent.
    ///
    /// # Errors
    /// A key cannot be made.
    pub fn explain(self) -> Result<Explanation> {
        let Reading { handle, consistent_read, .. } = &self.reading;
        Ok(Explanation::of_batch_get(&handle.table, &self.first_keys()?, *consistent_read))
    }

    fn first_keys(&self) -> Result<Vec<Item>, KeyError> {
        let mut keys = L::distinct(&self.keys)?;
        keys.truncate(MAX_KEYS);
        Ok(keys)
    }

    /// Runs the requests: what was found at each key, list by list in the order of the keys.
    ///
    /// # Errors
    /// As those of [`BatchGet::send`](super::BatchGet::send).
    pub fn send(self) -> Sending<L::Fetched> {
        let (reading, keys) = (self.reading, self.keys);
        Box::pin(async move {
            let table = reading.handle.table.clone();
            let (asked, results) = L::run(keys, reading).await?;
            L::all(results, &table, asked)
        })
    }

    /// Runs the requests: what was found at each key or why nobody knows, list by list in the order of the keys.
    ///
    /// # Errors
    /// A key cannot be made; no request was sent.
    pub fn report(self) -> Sending<L::Results> {
        let (reading, keys) = (self.reading, self.keys);
        Box::pin(async move { Ok(L::run(keys, reading).await?.1) })
    }
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
fn results<K: Key>(
    keys: Vec<K>,
    outcomes: &mut impl Iterator<Item = <Results<AnyEntity> as IntoIterator>::Item>,
) -> Vec<FetchedOrUnread<K::Entity>> {
    // As many as there are keys, and no more are taken.
    let own = outcomes.take(keys.len());
    fetched::results(keys, own, |AnyEntity(entity)| match entity.downcast::<K::Entity>() {
        Ok(entity) => *entity,
        Err(_) => unreachable!("`Asked::kind_at` gave the place to the entity of its key"),
    })
}

async fn run<S: TableSchema>(
    reading: Reading,
    asked: Result<Asked<AnyEntity>, KeyError>,
) -> Result<(usize, Results<AnyEntity>)> {
    let asked = asked?;
    let distinct = asked.distinct();
    let mut run = Run::<S, AnyEntity>::new(reading, asked);
    Ok((distinct, poll_fn(|cx| run.poll(cx)).await))
}

macro_rules! tuples {
    ($(($($list:ident $key:ident $at:tt),*))*) => { $(
        impl<S: TableSchema, $($list, $key),*> MixedKeys<S> for ($($list,)*)
        where
            $($list: IntoIterator<Item = $key>, $key: Key<Entity: Entity<Table = S>>,)*
        {
            type Fetched = ($(Vec<Fetched<$key::Entity>>,)*);
            type Results = ($(Vec<FetchedOrUnread<$key::Entity>>,)*);
            type Keys = ($(Vec<$key>,)*);

            fn collect(self) -> Self::Keys {
                ($(self.$at.into_iter().collect(),)*)
            }

            fn distinct(keys: &Self::Keys) -> Result<Vec<Item>, KeyError> {
                let mut asked = Asked::<AnyEntity>::new();
                $(asked.add::<$key::Entity>(&keys.$at)?;)*
                Ok(asked.take_distinct())
            }

            fn run(keys: Self::Keys, reading: Reading) -> Sending<(usize, Self::Results)> {
                let asked = || {
                    let mut asked = Asked::new();
                    $(asked.add::<$key::Entity>(&keys.$at)?;)*
                    Ok(asked)
                };
                let asked = asked();
                Box::pin(async move {
                    let (distinct, outcomes) = run::<S>(reading, asked).await?;
                    let mut outcomes = outcomes.into_iter();
                    Ok((distinct, ($(results(keys.$at, &mut outcomes),)*)))
                })
            }

            fn all(lists: Self::Results, table: &str, asked: usize) -> Result<Self::Fetched> {
                let mut unread = AllUnread::new(table, asked);
                let fetched = ($(unread.separate(lists.$at)?,)*);
                unread.into_result().map(|()| fetched)
            }
        }

        impl<$($list),*> sealed::Sealed for ($($list,)*) {}
    )* };
}

tuples! {
    (A Ka 0, B Kb 1)
    (A Ka 0, B Kb 1, C Kc 2)
    (A Ka 0, B Kb 1, C Kc 2, D Kd 3)
    (A Ka 0, B Kb 1, C Kc 2, D Kd 3, E Ke 4)
    (A Ka 0, B Kb 1, C Kc 2, D Kd 3, E Ke 4, F Kf 5)
    (A Ka 0, B Kb 1, C Kc 2, D Kd 3, E Ke 4, F Kf 5, G Kg 6)
    (A Ka 0, B Kb 1, C Kc 2, D Kd 3, E Ke 4, F Kf 5, G Kg 6, H Kh 7)
}

mod sealed {
    pub trait Sealed {}
}
