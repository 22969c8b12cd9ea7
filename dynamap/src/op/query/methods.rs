//! The methods of a query.

use super::Query;
use crate::{
    call::{Explanation, Handle},
    collection::{Assemble, CollectionFrom, FilterOf, ItemCollection},
    cursor::IntoCursor,
    entity::{Entity, ReadableFrom},
    expr::Condition,
    op::read::{
        Count, Countable, Counting, Counts, HeldBy, Items, KeysOnly, Numbers, Page, Parts, Projected,
        Queryable, ReadKeys, ReadShape, Results, Sending, source_keys,
    },
    outcome::Result,
    schema::{ConsistentlyReadable, Source},
};
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;

impl<E, I: Source, T: ReadShape<E>> Query<E, I, T> {
    /// Returns only items of which this is true. The other items are read and cost read capacity units, but are not
    /// returned.
    ///
    /// It renders `FilterExpression`. It cannot ask for the key attributes of the table or index that is read,
    /// which the key condition selects. A second filter is joined by `AND`.
    ///
    /// In an item collection it is a condition of one member, and filters that member's items only: all others are
    /// returned, and so are items without an entity type. It renders `entity_type <> Order OR ..`. In a table without
    /// an entity type that is not possible: then `send` and its like are an error.
    #[doc(alias("FilterExpression", "WHERE"))]
    pub fn filter<M: FilterOf<E>>(mut self, filter: Condition<M>) -> Self {
        self.filter = Condition::both(self.filter, Some(M::into_filter(filter)));
        self
    }

    /// Returns at most this many items.
    ///
    /// It counts items that are returned, not items that are read: those that are passed over or filtered out do not
    /// count. With 0 no request is sent: a page has no items, and the cursor that the call was given, if any.
    /// [`into_sdk`](Self::into_sdk) and [`explain`](Self::explain) have a `Limit` of 1 then, the least that DynamoDB
    /// takes.
    pub fn limit(mut self, items: usize) -> Self {
        self.settings.limit = Some(items);
        self
    }

    /// Reads at most this many items with each request (DynamoDB's `Limit`), at least one.
    #[doc(alias = "Limit")]
    pub fn page_size(mut self, items: usize) -> Self {
        self.settings.page_size = Some(u32::try_from(items.max(1)).unwrap_or(u32::MAX));
        self
    }

    /// Continues after the last item that an earlier run of this query returned.
    ///
    /// It takes a [`Cursor`](crate::Cursor), its text, or an `Option` of these: `None` reads from the start. A text
    /// that is no cursor is an error when the request is sent.
    #[doc(alias("ExclusiveStartKey", "pagination"))]
    pub fn start_after(mut self, cursor: impl IntoCursor) -> Self {
        self.settings.start_after = cursor.into_cursor();
        self
    }

    /// Uses strongly consistent reads (`ConsistentRead: true`), which cost twice the read capacity units. The default
    /// is eventually consistent: writes of the last second may be missing.
    ///
    /// DynamoDB has no strongly consistent read of a global secondary index.
    #[doc(alias("ConsistentRead", "strongly_consistent"))]
    pub fn consistent_read(mut self) -> Self
    where
        I: ConsistentlyReadable,
    {
        self.settings.consistent_read = true;
        self
    }

    /// Uses eventually consistent reads, at half the read capacity units: for entities whose default is strongly
    /// consistent (`#[dynamap(consistent_read)]`). Writes of the last second may be missing.
    pub fn eventually_consistent_read(mut self) -> Self {
        self.settings.consistent_read = false;
        self
    }

    /// Returns items also if their time to live is over and DynamoDB has not deleted them yet.
    pub fn include_expired(mut self) -> Self {
        self.settings.include_expired = true;
        self
    }

    /// Sets if [`items`](Self::items) requests the next page while the caller works on this one. Default: true.
    ///
    /// It costs nothing for a caller that reads to the end. A caller that stops early pays for one page more.
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

    /// The request for the first page and its cost in capacity units; nothing is sent.
    ///
    /// # Errors
    /// The same as those of [`into_sdk`](Self::into_sdk).
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
    /// [`items`](Self::items) read past such an item, and [`Cursor::past`](crate::Cursor::past) continues after it.
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
    /// The same as those of [`send`](Self::send).
    pub fn try_collect(self) -> Sending<Vec<T::Output>>
    where
        T: HeldBy<E, I>,
    {
        let prepared = self.prepare();
        Box::pin(async move { prepared?.all().await })
    }

    /// Reads the only selected item; `None` if there is none.
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
    /// The same as those of [`send`](Self::send).
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
    /// Reads each item as a `Result`: an item that does not have the form of its entity is an `Err` in its place, with
    /// its [key](crate::error::DecodeError::item_key), and the items around it are read.
    ///
    /// In an item collection an item of no member is one, too. The [`limit`](Self::limit) counts them.
    pub fn results(self) -> Query<E, I, Results<T>> {
        self.read_as()
    }
}

impl<E: Entity, I: Source> Query<E, I> {
    /// Reads a projection instead of the whole entity: it requests those attributes only (`ProjectionExpression`).
    ///
    /// The read capacity units are those of the whole items in the table or index.
    #[doc(alias("ProjectionExpression", "AttributesToGet"))]
    pub fn project<P: ReadableFrom<I, Entity = E>>(self) -> Query<E, I, Projected<P>> {
        self.read_as()
    }

    /// Reads the primary key of each entity, which every index holds.
    ///
    /// The read capacity units are those of the whole items in the table or index; only the bytes on the wire are
    /// fewer.
    pub fn keys(self) -> Query<E, I, KeysOnly> {
        self.read_as()
    }
}

impl<E: Entity, I: Source, T: ReadShape<E>> Query<E, I, T> {
    /// The same request for keys, for a batch that reads the whole entities by them; true if it reads expired ones,
    /// and the number of operators of its filter.
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
    #[doc(alias = "Select")]
    pub fn count(self) -> Count<Self> {
        Count { of: self, by_keys: false }
    }

    /// The condition by which DynamoDB counts an item; `None` if it cannot tell.
    pub(in crate::op) fn counts(&self) -> Option<Counts<E>> {
        let keys: Vec<&'static str> = source_keys::<T::Table, I>().collect();
        let (include_expired, now) = (self.settings.include_expired, self.handle.now::<T::Table>());
        T::counts::<I>(Counting { keys: &keys, include_expired, now })
    }

    /// The same request for numbers.
    pub(in crate::op) fn numbers(mut self) -> Query<E, I, Numbers> {
        self.settings.count = true;
        self.read_as()
    }
}
