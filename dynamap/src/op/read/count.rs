use super::{
    counted::MemberStandings,
    item_reader::ItemReader,
    paged::Paged,
    prepared::Prepared,
    reader::KeysNeeded,
    reads::{KeysOnly, Members, Parts, Queryable, ReadShape, Whole},
};
use crate::{
    call::item_status::holds,
    collection::{EntityName, ItemCollection, Unknown},
    entity::Entity,
    expr::{Attribute, Condition},
    outcome::Result,
    schema::{Source, TableSchema},
};

/// Counts the entities that a query or scan would return, made by [`Query::count`](crate::op::Query::count),
/// [`Scan::count`](crate::op::Scan::count) and [`ParallelScan::count`](crate::op::ParallelScan::count).
///
/// It requests the number of items of each page only (`Select: COUNT`), with a filter on the entity type and the time
/// to live: no item is returned. It costs the same read capacity units as reading the items, those of other entities
/// and those that are filtered out included.
///
/// DynamoDB cannot tell items apart by the parts of their keys. So where the source does not hold the entity type of its
/// items, their keys are read and counted, at the same cost.
///
/// So are those of an [`ItemCollection`](crate::ItemCollection) for which an item of no member is an error: there may be one,
/// and it is the error of the count. With `unknown = skip` DynamoDB counts the items of the members, and where unknown
/// items are kept, all.
///
/// `B` is the [`Query`](crate::op::Query), [`Scan`](crate::op::Scan) or [`ParallelScan`](crate::op::ParallelScan).
///
/// ```
/// # use dynamap::{Entity, Table, TableSchema};
/// # use dynamap_local::Local;
/// # #[derive(TableSchema)]
/// # #[dynamap(partition_key = "pk", sort_key = "sk")]
/// # pub struct Shop;
/// # #[derive(Debug, PartialEq, Entity)]
/// # #[dynamap(table = Shop, pk = "CUSTOMER#{customer}", sk = "ORDER#{number}")]
/// # pub struct Order { pub customer: u32, pub number: u32, pub total: u64 }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let shop = Table::<Shop>::new(Local::memory()?.client(), "shop");
/// # shop.create_table_if_absent().send().await?;
/// # for number in 1..=3 { shop.put(&Order { customer: 1, number, total: 10 }).send().await?; }
/// assert_eq!(shop.query(Order::partition(1)).count().send().await?, 3);
/// assert_eq!(shop.query(Order::partition(1).number(2..)).filter(Order::TOTAL.gt(10)).count().send().await?, 0);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use = "a request does nothing until it is sent"]
pub struct Count<B> {
    pub(in crate::op) of: B,
    pub(in crate::op) by_keys: bool,
}

/// A way to read items that can be counted without reading them: whole entities, and the items of item collections.
#[diagnostic::on_unimplemented(
    message = "what is read as `{Self}` of `{E}` is not counted",
    note = "count the entities or the item collection: leave out what comes before `count`"
)]
pub trait Countable<E>: ReadShape<E> {
    /// The way to read items where DynamoDB cannot count them.
    #[doc(hidden)]
    type Keys: ReadShape<E>;

    /// The condition that an item must meet to count; `None` if DynamoDB cannot tell.
    #[doc(hidden)]
    fn counts<I: Source>(asked: Counting<'_>) -> Option<Counts<E>>;
}

/// The condition beside the filter by which DynamoDB counts.
#[doc(hidden)]
pub struct Counts<E>(pub(in crate::op) Option<Condition<E>>);

/// The source and the settings of a count.
#[doc(hidden)]
pub struct Counting<'k> {
    /// The keys, which a filter cannot name.
    pub(in crate::op) keys: &'k [&'static str],
    pub(in crate::op) include_expired: bool,
    pub(in crate::op) now: i64,
}

impl Counting<'_> {
    /// The condition that an item has not expired; `None` if a filter cannot name the attribute.
    fn alive<E, S: TableSchema, I: Source>(&self) -> Option<Option<Condition<E>>> {
        let ttl = S::TTL.filter(|name| !self.include_expired && holds::<I>(name));
        // What is no number is no time to live, and compares with none.
        let alive = |name| !Attribute::<E, i64>::new(name).le(self.now);
        ttl.is_none_or(|name| !self.keys.contains(&name)).then(|| ttl.map(alive))
    }

    /// The attribute with the entity type; `None` if a filter cannot name it, or the source does not hold it.
    fn entity_type<E, S: TableSchema, I: Source>(&self) -> Option<Attribute<E, String>> {
        let name = S::ENTITY_TYPE.filter(|name| holds::<I>(name) && !self.keys.contains(name))?;
        Some(Attribute::new(name))
    }
}

impl<E: Entity> Countable<E> for Whole {
    type Keys = KeysOnly;

    fn counts<I: Source>(asked: Counting<'_>) -> Option<Counts<E>> {
        let of_entity = asked.entity_type::<E, E::Table, I>()?.eq(E::NAME);
        let alive = asked.alive::<E, E::Table, I>()?;
        Some(Counts(Condition::both(Some(of_entity), alive)))
    }
}

fn counts_of_members<C: ItemCollection, I: Source>(asked: &Counting<'_>) -> Option<Counts<C>> {
    let alive = asked.alive::<C, C::Table, I>()?;
    match C::UNKNOWN {
        // Only a look at each item tells that one is of no member.
        Unknown::Refused => None,
        Unknown::Kept(_) => Some(Counts(alive)),
        Unknown::Skipped => {
            let entity_type = asked.entity_type::<C, C::Table, I>()?;
            let names = (0..C::MEMBERS).filter_map(|member| C::visit(member, EntityName));
            let of_member = Condition::any(names.map(|name| entity_type.eq(name)));
            Some(Counts(Condition::both(Some(of_member), alive)))
        }
    }
}

impl<C: ItemCollection + Queryable> Countable<C> for Members {
    type Keys = MemberStandings;

    fn counts<I: Source>(asked: Counting<'_>) -> Option<Counts<C>> {
        counts_of_members::<C, I>(&asked)
    }
}

impl<C: ItemCollection + Queryable> Countable<C> for Parts {
    type Keys = MemberStandings;

    fn counts<I: Source>(asked: Counting<'_>) -> Option<Counts<C>> {
        counts_of_members::<C, I>(&asked)
    }
}

impl<O: Paged, I: Source, R: ItemReader> Prepared<O, I, R> {
    /// The number of items, up to the limit if there is one.
    pub(super) async fn read_count(mut self) -> Result<u64> {
        while self.remaining() != Some(0) {
            self.next_page(KeysNeeded::OfLast).await?;
            if self.start.is_none() {
                break;
            }
        }
        let counted = self.settings.limit.map_or(self.returned, |limit| limit.min(self.returned));
        Ok(counted as u64)
    }
}

/// The methods of the count of a `$Builder`. `$mistakes` is what its errors begin with.
macro_rules! count_methods {
    ($Builder:ident, $Request:ty, $mistakes:literal) => {
        impl<E: Queryable, I: Source, T: Countable<E>> Count<$Builder<E, I, T>> {
            /// Reads the keys and counts those that are of the entity, also of items without an entity type, which are not
            /// counted otherwise: such as those that another program wrote.
            ///
            /// It costs the same read capacity units, and the keys are returned.
            pub fn by_keys(mut self) -> Self {
                self.by_keys = true;
                self
            }

            fn counts(&self) -> Option<Counts<E>> {
                if self.by_keys { None } else { self.of.counts() }
            }

            /// The SDK's builder with the request for the first page.
            ///
            /// # Errors
            #[doc = concat!($mistakes, "DynamoDB would refuse the filter, or the cursor belongs to another request.")]
            pub fn into_sdk(self) -> Result<$Request> {
                match self.counts() {
                    Some(Counts(counts)) => Ok(self.of.numbers().prepare_with(counts)?.first_request()),
                    None => Ok(self.of.read_as::<T::Keys>().prepare()?.first_request()),
                }
            }

            /// The request for the first page and its cost in capacity units; nothing is sent.
            ///
            /// # Errors
            /// The same as those of [`into_sdk`](Self::into_sdk).
            pub fn explain(self) -> Result<Explanation> {
                let counts = self.counts();
                let more = counts.as_ref().and_then(|Counts(counts)| counts.clone());
                let filter = Condition::both(self.of.filter.clone(), more);
                let operators = filter.as_ref().map_or(0, Condition::operators);
                match counts {
                    Some(Counts(counts)) => Ok(self.of.numbers().prepare_with(counts)?.explain(operators)),
                    None => Ok(self.of.read_as::<T::Keys>().prepare()?.explain(operators)),
                }
            }

            /// Counts over all pages; with a limit, up to that.
            ///
            /// # Errors
            #[doc = concat!($mistakes, "DynamoDB would refuse the filter, the cursor belongs to another request, an item is of no member of an item collection that refuses it, or a request fails.")]
            pub fn send(self) -> Sending<u64> {
                match self.counts() {
                    Some(Counts(counts)) => {
                        let prepared = self.of.numbers().prepare_with(counts);
                        Box::pin(async move { prepared?.count().await })
                    }
                    None => {
                        let prepared = self.of.read_as::<T::Keys>().prepare();
                        Box::pin(async move { prepared?.count().await })
                    }
                }
            }
        }

        metered!([E, I, T] Count<$Builder<E, I, T>>, of.handle);
    };
}
pub(in crate::op) use count_methods;
