//! Batches over several tables.

use super::{
    BatchGet, MixedBatchGet, MixedKeys,
    parts::GetParts,
    progress::OnBatchGetProgress,
    reading::{BatchGetSettings, options_methods},
    request,
    requested_keys::ErasedItem,
    run::{BatchGetRun, Outcomes},
    table_batch_get::TableBatchGet,
    unread::AllUnread,
};
use crate::{
    budget::Budget,
    call::{BatchOptions, Explanation},
    capacity::Meter,
    op::{
        ReadShapeOne,
        read::{Queryable, Sending},
    },
    outcome::Result,
    schema::TableSchema,
};
use aws_sdk_dynamodb::operation::batch_get_item::builders::BatchGetItemFluentBuilder;
use std::fmt;

/// Reads entities of several tables by their primary keys, in the same requests: 100 keys and 16 MB of all tables together.
///
/// It is made by [`BatchGet::and`] and [`MixedBatchGet::and`]; the results are a tuple with those of each batch. Each batch keeps
/// its projection, its consistency and its expired entities as it was given, and each table its meters and its budget: a request
/// waits for the units of each of its tables.
///
/// - **Client.** The requests are sent by the client of the first table. A table in another Region is
///   [`Error::InvalidBatch`](crate::Error::InvalidBatch).
/// - **One table is refused.** A request that DynamoDB refuses for one of its tables, which is not there or not allowed, is
///   divided by table: [`report`](Self::report) has the entities of the others.
/// - **The same table twice.** Keys that are read alike are requested once, with the attributes of all their projections, or
///   whole if one of the batches reads whole entities. With another consistency, other meters or another budget they are in
///   requests of their own.
///
/// ```
/// # use dynamap::{Entity, Table, TableSchema, batch::Fetched};
/// # use dynamap_local::Local;
/// # #[derive(TableSchema)]
/// # #[dynamap(partition_key = "pk")]
/// # pub struct Shop;
/// # #[derive(TableSchema)]
/// # #[dynamap(partition_key = "id")]
/// # pub struct Audit;
/// # #[derive(Debug, Clone, PartialEq, Entity)]
/// # #[dynamap(table = Shop, pk = "ORDER#{number}")]
/// # pub struct Order { pub number: u32 }
/// # #[derive(Debug, Clone, PartialEq, Entity)]
/// # #[dynamap(table = Audit, pk = id)]
/// # pub struct Entry { pub id: String }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let client = Local::memory()?.client();
/// # let shop = Table::<Shop>::new(client.clone(), "shop");
/// # let audit = Table::<Audit>::new(client, "audit");
/// # shop.create_table_if_absent().send().await?;
/// # audit.create_table_if_absent().send().await?;
/// # shop.put(&Order { number: 7 }).send().await?;
/// let entries = audit.batch_get([Entry::key("e-1")]).consistent_read();
/// let (orders, entries) = shop.batch_get([7, 8].map(Order::key)).and(entries).send().await?;
/// assert_eq!(orders[0], Fetched::Found(Order { number: 7 }));
/// assert!(orders[1].is_absent() && entries[0].is_absent());
/// # Ok(())
/// # }
/// ```
///
/// `B` are the batches, as a tuple.
#[derive(Clone)]
#[must_use = "a request does nothing until it is sent"]
pub struct JoinedBatchGet<B> {
    batches: B,
    run: RunSettings,
}

/// The settings of the run, which are those of the first batch.
#[derive(Clone)]
struct RunSettings {
    options: BatchOptions,
    on_progress: OnBatchGetProgress,
}

impl<E: Queryable, T: ReadShapeOne<E>> BatchGet<E, T> {
    /// Adds a batch get of another table of the same account and Region, in the same requests. The concurrency, the retry
    /// timeout and the progress are those of this batch. See [`JoinedBatchGet`].
    pub fn and<B: TableBatchGet>(self, other: B) -> JoinedBatchGet<(Self, B)> {
        JoinedBatchGet::new(self, other)
    }
}

impl<S: TableSchema, L: MixedKeys<S>> MixedBatchGet<S, L> {
    /// Adds a batch get of another table of the same account and Region, in the same requests. The concurrency, the retry
    /// timeout and the progress are those of this batch. See [`JoinedBatchGet`].
    pub fn and<B: TableBatchGet>(self, other: B) -> JoinedBatchGet<(Self, B)> {
        JoinedBatchGet::new(self, other)
    }
}

/// A tuple of two to eight batch gets. Sealed.
pub trait BatchGets: sealed::SealedBatchGets {
    /// The item that was found at each key, batch by batch.
    type Fetched: Send + 'static;
    /// The result at each key, batch by batch: found, absent, or not read.
    type Results: Send + 'static;
    #[doc(hidden)]
    type Keys: Send + 'static;

    #[doc(hidden)]
    fn each_settings(&mut self, act: &mut dyn FnMut(&mut BatchGetSettings));

    /// The parts of the batches, and the position of the part of each.
    #[doc(hidden)]
    fn parts(&self) -> Result<(GetParts<ErasedItem>, Vec<usize>)>;

    #[doc(hidden)]
    fn into_keys(self) -> Self::Keys;

    #[doc(hidden)]
    fn results(keys: Self::Keys, of: &[usize], outcomes: &mut [Outcomes<ErasedItem>]) -> Self::Results;

    #[doc(hidden)]
    fn separate(results: Self::Results, of: &[usize], unread: &mut AllUnread) -> Result<Self::Fetched>;
}

/// A tuple of batch gets that takes one more of another table, `B`. Sealed.
#[diagnostic::on_unimplemented(
    message = "a batch get of more than eight tables",
    note = "`and` joins up to eight batch gets"
)]
pub trait AndBatchGet<B>: BatchGets {
    /// The tuple with `B`.
    type Joined: BatchGets;

    #[doc(hidden)]
    fn and(self, other: B) -> Self::Joined;
}

impl<A: TableBatchGet, B: TableBatchGet> JoinedBatchGet<(A, B)> {
    fn new(mut first: A, other: B) -> Self {
        let BatchGetSettings { options, on_progress, .. } = first.settings();
        let run = RunSettings { options: *options, on_progress: on_progress.clone() };
        Self { batches: (first, other), run }
    }
}

options_methods!(impl<B: BatchGets> JoinedBatchGet<B>, run);

impl<B: BatchGets> JoinedBatchGet<B> {
    /// Adds a batch get of one more table, as [`BatchGet::and`] does.
    pub fn and<N: TableBatchGet>(self, other: N) -> JoinedBatchGet<B::Joined>
    where
        B: AndBatchGet<N>,
    {
        JoinedBatchGet { batches: self.batches.and(other), run: self.run }
    }

    /// Adds up the capacity units that this call consumes of all its tables in `meter` as well.
    pub fn meter(mut self, meter: &Meter) -> Self {
        self.batches.each_settings(&mut |settings| settings.handle.add_meter(meter));
        self
    }

    /// Limits the rate of the requests by `budget`, instead of the budgets of the tables.
    pub fn budget(mut self, budget: &Budget) -> Self {
        self.batches.each_settings(&mut |settings| settings.handle.set_budget(budget));
        self
    }

    /// The SDK's builder with the first request: up to 100 keys, each once.
    ///
    /// # Errors
    /// A key cannot be made, a projection is too long for DynamoDB (4 KB), or a table is in another Region.
    pub fn into_sdk(self) -> Result<BatchGetItemFluentBuilder> {
        Ok(request::first(self.batches.parts()?.0))
    }

    /// The first request and its cost in capacity units; nothing is sent.
    ///
    /// # Errors
    /// The same as those of [`into_sdk`](Self::into_sdk).
    pub fn explain(self) -> Result<Explanation> {
        Ok(request::explain(&self.batches.parts()?.0))
    }

    /// Runs the requests and returns the entity at each key, batch by batch in the order of the keys.
    ///
    /// # Errors
    /// The same as those of [`BatchGet::send`], or a table is in another Region.
    pub fn send(self) -> Sending<B::Fetched> {
        let (run, separate) = (self.run(), B::separate as fn(_, &[usize], &mut _) -> _);
        Box::pin(async move {
            let (of, mut unread, results) = run.await?;
            let fetched = separate(results, &of, &mut unread)?;
            unread.into_result().map(|()| fetched)
        })
    }

    /// Runs the requests and returns the result at each key, batch by batch in the order of the keys: found, absent, or not
    /// read with the reason.
    ///
    /// # Errors
    /// The same as those of [`into_sdk`](Self::into_sdk); no request was sent.
    pub fn report(self) -> Sending<B::Results> {
        let run = self.run();
        Box::pin(async move { Ok(run.await?.2) })
    }

    /// The position of the part of each batch, the error for keys that are not read, and the results.
    fn run(self) -> Sending<(Vec<usize>, AllUnread, B::Results)> {
        let Self { batches, run: RunSettings { options, on_progress } } = self;
        // Nothing of the batches themselves goes with the future, so that their lists may be borrowed.
        let (parts, results) = (batches.parts(), B::results as fn(_, &[usize], &mut [_]) -> _);
        let keys = batches.into_keys();
        Box::pin(async move {
            let (parts, of) = parts?;
            let unread = AllUnread::of(&parts);
            let places: Vec<usize> = parts.all().iter().map(|part| part.asked.places()).collect();
            let run = BatchGetRun::new(parts, options, on_progress);
            let mut outcomes = run.run().await.into_iter();
            let of_part = |places: usize| Vec::from_iter(outcomes.by_ref().take(places)).into_iter();
            let mut outcomes: Vec<Outcomes<_>> = places.into_iter().map(of_part).collect();
            let results = results(keys, &of, &mut outcomes);
            Ok((of, unread, results))
        })
    }
}

impl<B> fmt::Debug for JoinedBatchGet<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JoinedBatchGet").field("options", &self.run.options).finish_non_exhaustive()
    }
}

macro_rules! tuples {
    ($(($($batch:ident $at:tt),*))*) => { $(
        impl<$($batch: TableBatchGet),*> BatchGets for ($($batch,)*) {
            type Fetched = ($($batch::Fetched,)*);
            type Results = ($($batch::Results,)*);
            type Keys = ($($batch::Keys,)*);

            fn each_settings(&mut self, act: &mut dyn FnMut(&mut BatchGetSettings)) {
                $(act(self.$at.settings());)*
            }

            fn parts(&self) -> Result<(GetParts<ErasedItem>, Vec<usize>)> {
                let mut parts = GetParts::new();
                let of = vec![$(self.$at.add_to(&mut parts)?),*];
                Ok((parts.ready()?, of))
            }

            fn into_keys(self) -> Self::Keys {
                ($(self.$at.into_keys(),)*)
            }

            fn results(
                keys: Self::Keys,
                of: &[usize],
                outcomes: &mut [Outcomes<ErasedItem>],
            ) -> Self::Results {
                ($($batch::results(keys.$at, &mut outcomes[of[$at]]),)*)
            }

            fn separate(
                results: Self::Results,
                of: &[usize],
                unread: &mut AllUnread,
            ) -> Result<Self::Fetched> {
                Ok(($($batch::separate(results.$at, of[$at], unread)?,)*))
            }
        }

        impl<$($batch: TableBatchGet),*> sealed::SealedBatchGets for ($($batch,)*) {}
    )* };
}

macro_rules! and {
    ($(($($batch:ident $at:tt),*) and $next:ident;)*) => { $(
        impl<$($batch: TableBatchGet,)* $next: TableBatchGet> AndBatchGet<$next> for ($($batch,)*) {
            type Joined = ($($batch,)* $next,);

            fn and(self, other: $next) -> Self::Joined {
                ($(self.$at,)* other,)
            }
        }
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

and! {
    (A 0, B 1) and C;
    (A 0, B 1, C 2) and D;
    (A 0, B 1, C 2, D 3) and F;
    (A 0, B 1, C 2, D 3, F 4) and G;
    (A 0, B 1, C 2, D 3, F 4, G 5) and H;
    (A 0, B 1, C 2, D 3, F 4, G 5, H 6) and I;
}

mod sealed {
    pub trait SealedBatchGets {}
}
