//! Query.

use super::read::{
    Count, Countable, Counting, Counts, HeldBy, Items, KeysOnly, Numbers, Page, PageMembers, PageOutput,
    Paged, Parts, Prepared, Projected, Queryable, ReadKeys, ReadSettings, ReadShape, Results, Sending, Whole,
    count_methods, set_members, source_keys,
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

impl<E, I: Source, T: ReadShape<E>> Query<E, I, T> {
    /// Returns only items of which this is true; the others are read and paid for, and not returned.
    ///
    /// It renders `FilterExpression`. It cannot ask for the key attributes of the table or index that is read,
    /// which the key condition selects. A second filter is joined by `AND`.
    ///
    /// In an item collection it is a condition of one member, and is asked of that member's items only: all
    /// others are returned, and so are items without entity type. It renders `entity_type <> Order OR ..`,
    /// which a table without entity type cannot be asked for: then `send` and its like are an error.
    pub fn filter<M: FilterOf<E>>(mut self, filter: Condition<M>) -> Self {
        self.filter = Condition::both(self.filter, Some(M::into_filter(filter)));
        self
    }

    /// Returns at most this many items.
    ///
    /// It counts items returned, not items read: those that are passed over or filtered out do not count. With 0
    /// nothing is asked for and nothing returned: no request is sent, a page has no items and the cursor that the
    /// call was given, if any. [`into_sdk`](Self::into_sdk) and [`explain`](Self::explain) have a `Limit` of 1
    /// then, the least that DynamoDB takes.
    pub fn limit(mut self, items: usize) -> Self {
        self.settings.limit = Some(items);
        self
    }

    /// Reads at most this many items with each request (DynamoDB's `Limit`), at least one.
    pub fn page_size(mut self, items: usize) -> Self {
        self.settings.page_size = Some(u32::try_from(items.max(1)).unwrap_or(u32::MAX));
        self
    }

    /// Goes on after the last item that an earlier run of this query returned.
    ///
    /// It takes a [`Cursor`](crate::Cursor), its text, or an `Option` of these: `None` reads from the start. A text
    /// that is no cursor is an error when the request is sent.
    pub fn start_after(mut self, cursor: impl IntoCursor) -> Self {
        self.settings.start_after = cursor.into_cursor();
        self
    }

    /// Reads what was written last, at twice the cost; otherwise writes of the last second may be
    /// missing.
    ///
    /// A global index cannot be read so.
    pub fn consistent_read(mut self) -> Self
    where
        I: ConsistentlyReadable,
    {
        self.settings.consistent_read = true;
        self
    }

    /// Reads at half the cost, though writes of the last second may be missing: for entities that are read consistently
    /// if nothing is said (`#[dynamap(consistent_read)]`).
    pub fn eventually_consistent_read(mut self) -> Self {
        self.settings.consistent_read = false;
        self
    }

    /// Returns items also if their time to live is over and DynamoDB has not deleted them yet.
    pub fn include_expired(mut self) -> Self {
        self.settings.include_expired = true;
        self
    }

    /// Whether [`items`](Self::items) asks for the next page while the caller works on this one: true
    /// unless told otherwise.
    ///
    /// It costs nothing for those who read to the end. Whoever stops early pays for one page more.
    pub fn read_ahead(mut self, read_ahead: bool) -> Self {
        self.settings.read_ahead = read_ahead;
        self
    }

    /// The SDK's builder with the request for the first page.
    ///
    /// # Errors
    /// A key of the condition cannot be made, DynamoDB would refuse the filter, or the cursor belongs to another
    /// request.
    pub fn into_sdk(self) -> Result<QueryFluentBuilder> {
        Ok(self.prepare()?.first_request())
    }

    /// What would be sent for the first page, and what it costs. Nothing is sent.
    ///
    /// # Errors
    /// As [`into_sdk`](Self::into_sdk).
    pub fn explain(self) -> Result<Explanation> {
        let operators = self.filter.as_ref().map_or(0, Condition::operators);
        Ok(self.prepare()?.explain(operators))
    }

    /// Reads one page; with a [`limit`](Self::limit), as many pages as it takes to return that many
    /// items.
    ///
    /// # Errors
    /// A key of the condition cannot be made, DynamoDB would refuse the filter, the cursor belongs to another
    /// request, an item is not of the form that is read, or a request fails. [`results`](Self::results) and
    /// [`items`](Self::items) read past such an item, and [`Cursor::past`](crate::Cursor::past) goes on after it.
    pub fn send(self) -> Sending<Page<T::Output>>
    where
        T: HeldBy<E, I>,
    {
        let prepared = self.prepare();
        Box::pin(async move { prepared?.page().await })
    }

    /// Reads page after page, as a stream of items.
    pub fn items(self) -> Items<T::Output>
    where
        T: HeldBy<E, I>,
    {
        Items::new(self.prepare())
    }

    /// Reads all items, up to the [`limit`](Self::limit) if there is one.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub fn try_collect(self) -> Sending<Vec<T::Output>>
    where
        T: HeldBy<E, I>,
    {
        let prepared = self.prepare();
        Box::pin(async move { prepared?.all().await })
    }

    /// Reads the only item that is selected; `None` if there is none.
    ///
    /// It reads two items at most, so that a second one is seen, whatever the [`limit`](Self::limit); more where
    /// items are passed over or filtered out.
    ///
    /// # Errors
    /// [`Error::MoreThanOne`](crate::Error::MoreThanOne) if there are several. Otherwise as [`send`](Self::send).
    pub fn one(mut self) -> Sending<Option<T::Output>>
    where
        T: HeldBy<E, I>,
    {
        // Also where the caller's limit is less: a second item is an error, and must be seen.
        self.settings.limit = Some(2);
        let prepared = self.prepare();
        Box::pin(async move { prepared?.one().await })
    }

    /// Reads the first item of the query; `None` if there is none.
    ///
    /// It reads one item; more where items are passed over or filtered out.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub fn first(mut self) -> Sending<Option<T::Output>>
    where
        T: HeldBy<E, I>,
    {
        self.settings.limit = Some(self.settings.limit.map_or(1, |limit| limit.min(1)));
        let prepared = self.prepare();
        Box::pin(async move { Ok(prepared?.all().await?.pop()) })
    }
}

impl<E, I: Source, T: ReadShape<E>> Query<E, I, T> {
    /// Reads each item or why it cannot be read: an item that does not have the form of its entity is an
    /// `Err` in its place, with its [key](crate::error::DecodeError::item_key), and the items around it are read.
    ///
    /// In an item collection an item of no member is one, too. The [`limit`](Self::limit) counts them.
    pub fn results(self) -> Query<E, I, Results<T>> {
        self.read_as()
    }
}

impl<E: Entity, I: Source> Query<E, I> {
    /// Reads a projection instead of the whole entity; it asks DynamoDB for those attributes only.
    ///
    /// The cost is that of the whole items in the table or index.
    pub fn project<P: ReadableFrom<I, Entity = E>>(self) -> Query<E, I, Projected<P>> {
        self.read_as()
    }

    /// Reads the primary key of each entity, which every index holds.
    ///
    /// The cost is that of the whole items in the table or index; less travels.
    pub fn keys(self) -> Query<E, I, KeysOnly> {
        self.read_as()
    }
}

impl<E: Entity, I: Source, T: ReadShape<E>> Query<E, I, T> {
    /// The same request for keys, for a batch that reads the whole entities by them; whether it reads expired
    /// ones, and how many operators its filter has.
    pub(crate) fn into_keys(self) -> (Handle, bool, usize, Result<Box<dyn ReadKeys<E>>>) {
        let (handle, include_expired) = (self.handle.clone(), self.settings.include_expired);
        let operators = self.filter.as_ref().map_or(0, Condition::operators);
        let keys = self.read_as::<KeysOnly>().prepare();
        (handle, include_expired, operators, keys.map(|keys| Box::new(keys) as Box<dyn ReadKeys<E>>))
    }
}

impl<C: ItemCollection, I: Source> Query<C, I, Parts> {
    /// Reads all items, or as many as the [`limit`](Self::limit) allows, and puts the struct together of
    /// them.
    ///
    /// # Errors
    /// A key of the condition cannot be made, DynamoDB would refuse a filter, an item is not of the form of its
    /// entity or of none that the struct has, there is no item for a field that wants one or more for one that
    /// takes one, or a request fails.
    pub fn assemble(self) -> Sending<C>
    where
        C: Assemble + CollectionFrom<I>,
    {
        let prepared = self.prepare();
        Box::pin(async move { Ok(C::assemble(prepared?.all().await?)?) })
    }
}

impl<E: Queryable, I: Source, T: Countable<E>> Query<E, I, T> {
    /// Counts the items that the query would return, over all its pages. See [`Count`].
    pub fn count(self) -> Count<Self> {
        Count { of: self, by_keys: false }
    }

    /// What an item must be to be counted by DynamoDB; `None` if it cannot tell.
    fn counts(&self) -> Option<Counts<E>> {
        let keys: Vec<&'static str> = source_keys::<T::Table, I>().collect();
        let (include_expired, now) = (self.settings.include_expired, self.handle.now::<T::Table>());
        T::counts::<I>(Counting { keys: &keys, include_expired, now })
    }

    /// The same request for numbers.
    fn numbers(mut self) -> Query<E, I, Numbers> {
        self.settings.count = true;
        self.read_as()
    }
}

metered!([E, I, T] Query<E, I, T>, handle);
count_methods!(Query, QueryFluentBuilder, "A key of the condition cannot be made, ");

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
