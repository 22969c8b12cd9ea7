//! Query.

mod items;
mod page;
mod reader;
mod reads;

pub use items::Items;
pub use page::Page;
use reader::Keys;
use reads::source_keys;
pub use reads::{HeldBy, Projected, Reads, Whole};

use super::Handle;
use crate::{
    cursor::{Cursor, Fingerprint},
    entity::{Entity, Item, ReadableFrom},
    error::Result,
    expr::{Condition, Placeholders, key_condition_expression},
    key::{KeyCondition, KeyConditionParts},
    schema::{ConsistentlyReadable, Primary, Source},
};
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use std::{marker::PhantomData, pin::Pin};

/// Reads the entities that a key condition selects, in the order of the sort key.
///
/// Each page is one [Query](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html)
/// request, which reads up to 1 MB. It costs half a read unit for every 4 KB of the items read together, begun
/// ones included, and twice that if it is consistent.
///
/// `E` is the entity, `I` the table or index, and `T` what is read of each item: [`Whole`] entities, or
/// [`Projected`] ones after [`project`](Query::project).
///
/// Items of other entities in the partition are passed over, and so are items whose time to live is over.
#[must_use = "a request does nothing until it is sent"]
pub struct Query<E, I = Primary, T = Whole> {
    handle: Handle,
    condition: KeyCondition<E, I>,
    filter: Option<Condition<E>>,
    settings: Settings,
    of: PhantomData<fn() -> T>,
}

/// A query on its way.
pub type Sending<T> = Pin<Box<dyn Future<Output = Result<T>> + Send>>;

/// What the methods of a query set.
#[derive(Debug, Clone)]
struct Settings {
    descending: bool,
    consistent_read: bool,
    include_expired: bool,
    limit: Option<usize>,
    page_size: Option<u32>,
    start_after: Option<Cursor>,
    read_ahead: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            descending: false,
            consistent_read: false,
            include_expired: false,
            limit: None,
            page_size: None,
            start_after: None,
            read_ahead: true,
        }
    }
}

impl<E: Entity, I: Source> Query<E, I> {
    pub(crate) fn new(handle: Handle, condition: KeyCondition<E, I>) -> Self {
        Self { handle, condition, filter: None, settings: Settings::default(), of: PhantomData }
    }

    /// Reads a projection instead of the whole entity; it asks DynamoDB for those attributes only.
    ///
    /// The cost is that of the whole items in the table or index.
    pub fn project<P: ReadableFrom<I, Entity = E>>(self) -> Query<E, I, Projected<P>> {
        let Self { handle, condition, filter, settings, .. } = self;
        Query { handle, condition, filter, settings, of: PhantomData }
    }
}

impl<E: Entity, I: Source, T: Reads<E>> Query<E, I, T> {
    /// Returns only items of which this is true; the others are read and paid for, and not returned.
    ///
    /// It renders `FilterExpression`. It cannot ask for the key attributes of the table or index that is read,
    /// which the key condition selects. A second filter is joined by `AND`.
    pub fn filter(mut self, filter: Condition<E>) -> Self {
        self.filter = Condition::both(self.filter, Some(filter));
        self
    }

    /// Reads from the end of the sort key to its beginning.
    pub fn descending(mut self) -> Self {
        self.settings.descending = true;
        self
    }

    /// Returns at most this many items.
    ///
    /// It counts items returned, not items read: those that are passed over or filtered out do not count.
    pub fn limit(mut self, items: usize) -> Self {
        self.settings.limit = Some(items);
        self
    }

    /// Reads at most this many items with each request (DynamoDB's `Limit`), at least one.
    pub fn page_size(mut self, items: u32) -> Self {
        self.settings.page_size = Some(items.max(1));
        self
    }

    /// Goes on after the last item that an earlier run of this query returned.
    pub fn start_after(mut self, cursor: Cursor) -> Self {
        self.settings.start_after = Some(cursor);
        self
    }

    /// Reads what was written last, at twice the cost; otherwise writes of the last second may be missing.
    ///
    /// A global index cannot be read so.
    pub fn consistent_read(mut self) -> Self
    where
        I: ConsistentlyReadable,
    {
        self.settings.consistent_read = true;
        self
    }

    /// Returns items also if their time to live is over and DynamoDB has not deleted them yet.
    pub fn include_expired(mut self) -> Self {
        self.settings.include_expired = true;
        self
    }

    /// Whether [`items`](Query::items) asks for the next page while the caller works on this one: true unless
    /// told otherwise.
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
    /// query.
    pub fn into_sdk(self) -> Result<QueryFluentBuilder>
    where
        T: HeldBy<E, I>,
    {
        let query = self.prepare()?;
        let start = query.start.clone();
        query.request(start, query.remaining())
    }

    /// Reads one page; with a [`limit`](Query::limit), as many pages as it takes to return that many items.
    ///
    /// # Errors
    /// A key of the condition cannot be made, DynamoDB would refuse the filter, the cursor belongs to another
    /// query, an item is not of the form that is read, or a request fails.
    pub fn send(self) -> Sending<Page<T::Output>>
    where
        T: HeldBy<E, I>,
    {
        Box::pin(async move { self.prepare()?.page().await })
    }

    /// Reads page after page, as a stream of items.
    pub fn items(self) -> Items<T::Output>
    where
        T: HeldBy<E, I>,
    {
        Items::new(self.prepare())
    }

    /// Reads all items, up to the [`limit`](Query::limit) if there is one.
    ///
    /// # Errors
    /// As [`send`](Query::send).
    pub fn try_collect(self) -> Sending<Vec<T::Output>>
    where
        T: HeldBy<E, I>,
    {
        Box::pin(async move {
            let mut query = self.prepare()?;
            let mut items = Vec::new();
            while query.remaining() != Some(0) {
                items.extend(query.next_page(Keys::OfLast).await?.items);
                if query.start.is_none() {
                    break;
                }
            }
            Ok(items)
        })
    }

    /// Checks everything that can be wrong before the first request.
    fn prepare(self) -> Result<Prepared<E, I, T>> {
        let Self { handle, condition, filter, settings, .. } = self;
        let condition = condition.into_parts()?;
        let index = I::INDEX.map(|index| index.name);
        let mut fingerprint = Fingerprint::of(&handle.table, index, &condition, settings.descending);
        if let Some(filter) = &filter {
            filter.check_is_none_of(source_keys::<E, I>())?;
            fingerprint.add_filter(filter.expression()?);
        }
        let start =
            settings.start_after.clone().map(|cursor| cursor.into_start_key(fingerprint)).transpose()?;
        Ok(Prepared {
            handle,
            condition,
            filter,
            settings,
            fingerprint,
            start,
            returned: 0,
            pages: 0,
            of: PhantomData,
        })
    }
}

impl<E, I, T> Clone for Query<E, I, T> {
    fn clone(&self) -> Self {
        Self {
            handle: self.handle.clone(),
            condition: self.condition.clone(),
            filter: self.filter.clone(),
            settings: self.settings.clone(),
            of: PhantomData,
        }
    }
}

impl<E, I, T> std::fmt::Debug for Query<E, I, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Query")
            .field("condition", &self.condition)
            .field("filter", &self.filter)
            .field("settings", &self.settings)
            .finish()
    }
}

/// What a query is of, without owning any of it.
type Of<E, I, T> = PhantomData<(fn() -> (E, I), fn() -> T)>;

/// A query that can be run, and how far it has come.
struct Prepared<E, I, T> {
    handle: Handle,
    condition: KeyConditionParts,
    filter: Option<Condition<E>>,
    settings: Settings,
    fingerprint: Fingerprint,
    /// Where the next page starts.
    start: Option<Item>,
    /// How many items earlier pages returned.
    returned: usize,
    /// How many pages were read.
    pages: u32,
    of: Of<E, I, T>,
}

impl<E: Entity, I: Source, T: Reads<E>> Prepared<E, I, T> {
    /// How many items the limit still allows.
    fn remaining(&self) -> Option<usize> {
        self.settings.limit.map(|limit| limit.saturating_sub(self.returned))
    }

    /// As many items as may be returned, and twice as many after each page that was not enough: where most items
    /// are passed over, the number of requests stays small.
    fn page_size_for(&self, limit: Option<usize>) -> Option<u32> {
        let limit = u32::try_from(limit?).ok()?;
        Some(limit.saturating_mul(1 << self.pages.min(16)))
    }

    /// A request that reads from `start` on, no more than `limit` items if that is given.
    fn request(&self, start: Option<Item>, limit: Option<usize>) -> Result<QueryFluentBuilder> {
        let mut placeholders = Placeholders::default();
        let condition = key_condition_expression(self.condition.clone(), &mut placeholders);
        let filter = self.filter.as_ref().map(|filter| filter.render(&mut placeholders)).transpose()?;
        let projection = T::projection::<I>().map(|names| placeholders.projection(names));
        let page_size = self.settings.page_size.or_else(|| self.page_size_for(limit));
        let request = self.handle.client.query().table_name(&*self.handle.table);
        Ok(request
            .set_index_name(I::INDEX.map(|index| index.name.to_owned()))
            .key_condition_expression(condition)
            .set_filter_expression(filter)
            .set_projection_expression(projection)
            .set_expression_attribute_names(placeholders.take_names())
            .set_expression_attribute_values(placeholders.take_values())
            .set_scan_index_forward(self.settings.descending.then_some(false))
            .set_consistent_read(self.settings.consistent_read.then_some(true))
            // DynamoDB: `Limit` counts items read, and is at most what the wire's 32 bits hold.
            .set_limit(page_size.map(|items| i32::try_from(items.max(1)).unwrap_or(i32::MAX)))
            .set_exclusive_start_key(start))
    }
}
