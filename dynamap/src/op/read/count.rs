use super::{Paged, Prepared, read_item::ReadItem, reader::Keys};
use crate::{
    entity::Entity,
    error::Result,
    expr::{Attribute, Condition},
    op::standing::holds,
    schema::{Source, TableSchema},
};

/// Counts the entities that a query or scan would return, made by [`Query::count`](crate::op::Query::count) and
/// [`Scan::count`](crate::op::Scan::count).
///
/// It asks page after page for the number only (`Select: COUNT`), with a filter on the entity type and the time to live: no
/// item travels. It costs the same read units as to read the items, those of other entities and those that are filtered out
/// included.
///
/// DynamoDB cannot tell items apart by the parts of their keys. So where the source does not hold the entity type of its
/// items, their keys are read and counted, at the same cost.
///
/// `B` is the [`Query`](crate::op::Query) or [`Scan`](crate::op::Scan).
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

/// What an item must be to count as an entity; `None` if DynamoDB cannot tell, because the source does not hold the entity
/// type, or an attribute that has to be asked for is one of `keys`, which a filter cannot ask for.
pub(in crate::op) fn counts<E: Entity, I: Source>(
    keys: impl Iterator<Item = &'static str>,
    include_expired: bool,
    now: i64,
) -> Option<Condition<E>> {
    let entity_type = E::Table::ENTITY_TYPE.filter(|name| holds::<I>(name))?;
    let ttl = E::Table::TTL.filter(|name| !include_expired && holds::<I>(name));
    if keys.into_iter().any(|key| key == entity_type || Some(key) == ttl) {
        return None;
    }
    let of_entity = Attribute::<E, String>::new(entity_type).eq(E::NAME);
    // What is no number is no time to live, and compares with none.
    Condition::both(Some(of_entity), ttl.map(|ttl| !Attribute::<E, i64>::new(ttl).le(now)))
}

impl<O: Paged, I: Source, R: ReadItem> Prepared<O, I, R> {
    /// How many items there are, up to the limit if there is one.
    pub(in crate::op) async fn count(mut self) -> Result<u64> {
        while self.remaining() != Some(0) {
            self.next_page(Keys::OfLast).await?;
            if self.start.is_none() {
                break;
            }
        }
        let counted = self.settings.limit.map_or(self.returned, |limit| limit.min(self.returned));
        Ok(counted as u64)
    }
}

/// The method `count` of `$Builder`, and those of what it gives. A filter cannot ask for `$keys`.
macro_rules! count_methods {
    ($Builder:ident, $Request:ty, $keys:expr) => {
        impl<E: Entity, I: Source> $Builder<E, I> {
            #[doc = concat!("Counts the entities that the ", words!($Builder, name), " would return, over all its pages. See [`Count`].")]
            pub fn count(self) -> Count<Self> {
                Count { of: self, by_keys: false }
            }
        }

        impl<E: Entity, I: Source> Count<$Builder<E, I>> {
            /// Reads the keys and counts those that are of the entity, also of items without an entity type, which are not
            /// counted otherwise: such as those that another program wrote.
            ///
            /// It costs the same read units, and the keys travel.
            pub fn by_keys(mut self) -> Self {
                self.by_keys = true;
                self
            }

            /// What an item must be to be counted by DynamoDB; `None` if keys are counted.
            fn counts(&self) -> Option<Condition<E>> {
                let (include_expired, now) =
                    (self.of.settings.include_expired, self.of.handle.now::<E::Table>());
                let counts = || counts::<E, I>($keys, include_expired, now);
                if self.by_keys { None } else { counts() }
            }

            /// The SDK's builder with the request for the first page.
            ///
            /// # Errors
            #[doc = concat!(words!($Builder, mistakes), "DynamoDB would refuse the filter, or the cursor belongs to another request.")]
            pub fn into_sdk(mut self) -> Result<$Request> {
                match self.counts() {
                    Some(counts) => {
                        self.of.settings.count = true;
                        Ok(self.of.prepare_with(Some(counts))?.first_request())
                    }
                    None => Ok(self.of.read_as::<KeysOnly>().prepare()?.first_request()),
                }
            }

            /// What would be sent for the first page, and what it costs. Nothing is sent.
            ///
            /// # Errors
            /// As [`into_sdk`](Self::into_sdk).
            pub fn explain(mut self) -> Result<Explanation> {
                let counts = self.counts();
                let filter = Condition::both(self.of.filter.clone(), counts.clone());
                let operators = filter.as_ref().map_or(0, Condition::operators);
                match counts {
                    Some(counts) => {
                        self.of.settings.count = true;
                        Ok(self.of.prepare_with(Some(counts))?.explain(operators))
                    }
                    None => Ok(self.of.read_as::<KeysOnly>().prepare()?.explain(operators)),
                }
            }

            /// Counts over all pages; with a limit, up to that.
            ///
            /// # Errors
            #[doc = concat!(words!($Builder, mistakes), "DynamoDB would refuse the filter, the cursor belongs to another request, or a request fails.")]
            pub fn send(mut self) -> Sending<u64> {
                match self.counts() {
                    Some(counts) => {
                        self.of.settings.count = true;
                        let prepared = self.of.prepare_with(Some(counts));
                        Box::pin(async move { prepared?.count().await })
                    }
                    None => {
                        let prepared = self.of.read_as::<KeysOnly>().prepare();
                        Box::pin(async move { prepared?.count().await })
                    }
                }
            }
        }

        metered!([E: Entity, I: Source] Count<$Builder<E, I>>, of.handle);
    };
}
pub(in crate::op) use count_methods;
