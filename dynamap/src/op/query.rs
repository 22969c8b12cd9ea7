//! Query.

use super::read::{
    Count, Countable, Counting, Counts, HeldBy, Items, KeysOnly, Numbers, Page, PageMembers, PageOutput,
    Paged, Parts, Prepared, Projected, Queryable, ReadKeys, ReadSettings, ReadShape, Results, Sending, Whole,
    count_methods, page_methods, set_members, source_keys, words,
};
use crate::call::{Explanation, Handle, metering::metered, send};
use crate::{
    collection::{Assemble, CollectionFrom, FilterOf, ItemCollection},
    cursor::{Fingerprint, IntoCursor},
    direct::{Exchange, Operation, QUERY, QUERY_COUNT, Receiver},
    entity::{Entity, ReadableFrom},
    expr::{Condition, Placeholders, key_condition_expression},
    key::KeyCondition,
    outcome::Result,
    schema::{ConsistentlyReadable, Primary, Source},
};
use aws_sdk_dynamodb::{Client, operation::query::builders::QueryFluentBuilder};
use std::{fmt, marker::PhantomData, sync::Arc};

/// Reads the entities that a key condition selects, in the order of the sort key.
///
/// Each page is one [Query](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html)
/// request, which reads up to 1 MB. It costs half a read unit for every 4 KB of the items read together, begun
/// ones included, and twice that if it is consistent.
///
/// `E` is the entity, `I` the table or index, and `T` what is read of each item: [`Whole`] entities, or
/// [`Projected`] ones after [`project`](Query::project), or their keys after [`keys`](Query::keys). With
/// [`hydrate`](Query::hydrate) it reads keys, and by them the whole entities.
///
/// `E` can be an [`ItemCollection`](crate::ItemCollection) as well, whose items or parts are read.
///
/// Items of other entities in the partition are passed over, and so are items whose time to live is over.
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
page_methods!(Query, QueryFluentBuilder);
count_methods!(Query, QueryFluentBuilder, source_keys::<T::Table, I>());

/// What only a query has.
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
