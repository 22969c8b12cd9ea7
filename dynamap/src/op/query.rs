//! Query.

mod methods;
#[cfg(feature = "cursor")]
mod sealed;

use super::read::{
    Count, Countable, Counts, PageMembers, PageOutput, Paged, Prepared, Queryable, ReadSettings, ReadShape,
    Sending, Whole, count_methods, set_members, source_keys,
};
use crate::{
    call::{Explanation, Handle, metering::metered, send},
    cursor::Fingerprint,
    direct::{Exchange, Operation, QUERY, QUERY_COUNT, Receiver},
    expr::{Condition, Placeholders, key_condition_expression},
    key::KeyCondition,
    outcome::Result,
    schema::{Primary, Source},
};
use aws_sdk_dynamodb::{Client, operation::query::builders::QueryFluentBuilder};
use std::{fmt, marker::PhantomData, sync::Arc};

/// Reads the entities that a key condition selects, in the order of the sort key.
///
/// Each page is one [Query](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html) request,
/// which reads up to 1 MB. It costs half a read capacity unit (RCU) for each 4 KB of the items of a page together,
/// rounded up, as an eventually consistent read (the default), and one RCU as a strongly consistent read.
///
/// `E` is the entity, `I` the table or index, and `T` the part of each item that is read: [`Whole`] entities, or
/// [`Projected`](super::read::Projected) ones after [`project`](Self::project), or their keys after [`keys`](Self::keys). With
/// [`hydrate`](Self::hydrate) it reads keys, and then the whole entities at those keys.
///
/// `E` can be an [`ItemCollection`](crate::ItemCollection) as well, whose items or parts are read.
///
/// Items of other entities in the partition are passed over, and so are items whose time to live is over.
///
/// ```
/// # use dynamap::{Entity, Table, TableSchema};
/// # use dynamap_local::Local;
/// # #[derive(TableSchema)]
/// # #[dynamap(partition_key = "pk", sort_key = "sk")]
/// # pub struct Shop;
/// # #[derive(Debug, Clone, PartialEq, Entity)]
/// # #[dynamap(table = Shop, pk = "CUSTOMER#{customer}", sk = "ORDER#{number}")]
/// # pub struct Order { pub customer: u32, pub number: u32, pub total: u64 }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let shop = Table::<Shop>::new(Local::memory()?.client(), "shop");
/// # shop.create_table_if_absent().send().await?;
/// # for number in 1..=12 { shop.put(&Order { customer: 1, number, total: 10 * u64::from(number) }).send().await?; }
/// let page = shop
///     .query(Order::partition(1).number(3..))     // one interval of the sort key
///     .filter(Order::TOTAL.ge(50))                // checked after the read, which it does not make cheaper
///     .descending()
///     .limit(5)
///     .send()
///     .await?;
/// assert_eq!(page.items[0].number, 12);
///
/// // The pagination token continues after the page; `items()` is a stream of all pages.
/// let mut rest = shop.query(Order::partition(1).number(3..)).filter(Order::TOTAL.ge(50)).descending()
///     .start_after(page.cursor).items();
/// while let Some(order) = rest.next().await {
///     assert!(order?.number < 8);
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "a request does nothing until it is sent"]
pub struct Query<E, I = Primary, T = Whole> {
    handle: Handle,
    condition: KeyCondition<E, I>,
    descending: bool,
    filter: Option<Condition<E>>,
    settings: ReadSettings,
    of: PhantomData<fn() -> T>,
}

impl<E: Queryable, I: Source, T> Query<E, I, T> {
    pub(crate) fn new(handle: Handle, condition: KeyCondition<E, I>) -> Self {
        // DynamoDB: a global index cannot be read consistently.
        let consistent_read = E::IS_CONSISTENT && I::INDEX.is_none_or(|index| index.local);
        let settings = ReadSettings { consistent_read, ..ReadSettings::default() };
        Self { handle, condition, descending: false, filter: None, settings, of: PhantomData }
    }
}

impl<E, I, T> Query<E, I, T> {
    fn read_as<U>(self) -> Query<E, I, U> {
        let Self { handle, condition, descending, filter, settings, .. } = self;
        Query { handle, condition, descending, filter, settings, of: PhantomData }
    }
}

impl<E, I: Source, T: ReadShape<E>> Query<E, I, T> {
    /// Reads from the end of the sort key to its beginning.
    #[doc(alias("ScanIndexForward", "newest_first", "reverse"))]
    pub fn descending(mut self) -> Self {
        self.descending = true;
        self
    }

    /// Checks everything that can be wrong before the first request.
    fn prepare(self) -> Result<Prepared<Direction, I, T::Read>> {
        self.prepare_with(None)
    }

    /// The same, where `more` is asked for beside the filter.
    fn prepare_with(self, more: Option<Condition<E>>) -> Result<Prepared<Direction, I, T::Read>> {
        let Self { handle, condition, descending, filter, settings, .. } = self;
        let condition = condition.into_parts()?;
        if let Some(filter) = &filter {
            filter.check_is_none_of(source_keys::<T::Table, I>())?;
        }
        let index = I::INDEX.map(|index| index.name);
        let fingerprint = Fingerprint::of_query(&handle.table, index, &condition, descending);
        let mut placeholders = Placeholders::default();
        let condition = key_condition_expression(condition, &mut placeholders);
        let expressions = (Some(condition), placeholders);
        let direction = Direction { descending };
        let filter = (filter.as_ref(), more);
        Prepared::new::<E, T>(handle, direction, expressions, filter, settings, fingerprint)
    }
}

metered!([E, I, T] Query<E, I, T>, handle);
count_methods!(Query, QueryFluentBuilder, "A key of the condition cannot be made, ");

/// The members of a request that only a query has.
struct Direction {
    descending: bool,
}

impl Paged for Direction {
    type Request = QueryFluentBuilder;

    fn operation(count: bool) -> &'static Operation {
        if count { &QUERY_COUNT } else { &QUERY }
    }

    fn request(&self, client: &Client, members: PageMembers) -> QueryFluentBuilder {
        let request = client.query().set_key_condition_expression(members.expressions.key_condition);
        set_members!(request, members).set_scan_index_forward(self.descending.then_some(false))
    }

    fn explain(&self, explanation: Explanation) -> Explanation {
        explanation.flag("ScanIndexForward", &self.descending.then_some(false))
    }

    async fn send<R: Receiver>(
        handle: &Handle,
        request: QueryFluentBuilder,
        exchange: &Arc<Exchange<R>>,
    ) -> Result<PageOutput> {
        let sent = send!(handle, request, exchange);
        let output = sent.map_err(|error| handle.error(exchange, error))?;
        Ok(PageOutput {
            items: output.items,
            count: output.count,
            scanned: output.scanned_count,
            last: output.last_evaluated_key,
            consumed: output.consumed_capacity,
        })
    }
}

impl<E, I, T> Clone for Query<E, I, T> {
    fn clone(&self) -> Self {
        Self {
            handle: self.handle.clone(),
            condition: self.condition.clone(),
            descending: self.descending,
            filter: self.filter.clone(),
            settings: self.settings.clone(),
            of: PhantomData,
        }
    }
}

impl<E, I, T> fmt::Debug for Query<E, I, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Query")
            .field("condition", &self.condition)
            .field("descending", &self.descending)
            .field("filter", &self.filter)
            .field("settings", &self.settings)
            .finish()
    }
}
