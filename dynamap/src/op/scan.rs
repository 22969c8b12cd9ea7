//! Scan.

mod count;
mod parallel;
mod segments;
mod source;

pub use parallel::ParallelScan;
pub use segments::{ParallelItems, ScanProgress};
use source::{ScanSegment, WholeSource};

use super::read::{
    Count, Countable, Counting, Counts, HeldBy, Items, KeysOnly, Numbers, OfCollection, Page, Parts,
    Prepared, Projected, Queryable, Raw, ReadKeys, ReadSettings, ReadShape, Results, Sending, Whole,
    count_methods,
};
use crate::call::{Explanation, Handle, metering::metered};
use crate::{
    collection::{Assemble, CollectionFrom, FilterOf, ItemCollection},
    cursor::{Fingerprint, IntoCursor},
    entity::{Entity, ReadableFrom},
    expr::{Condition, Placeholders},
    outcome::Result,
    schema::{ConsistentlyReadable, Index, Primary, Source, TableSchema},
};
use aws_sdk_dynamodb::operation::scan::builders::ScanFluentBuilder;
use std::{fmt, marker::PhantomData};

/// Reads all entities of a table or an index, in no order.
///
/// Each page is one [Scan](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html) request,
/// which reads up to 1 MB. It reads, and is charged for, every item of the table or index, whatever entity it is
/// of and whether the filter is true of it or not: half a read unit for every 4 KB of the items of a page
/// together, begun ones included, and twice that if it is consistent. A table of 1 GB takes about a thousand
/// requests and 131,072 read units.
///
/// `E` is the entity, `I` the table or index, and `T` what is read of each item: [`Whole`] entities, or
/// [`Projected`] ones after [`project`](Scan::project), or their keys after [`keys`](Scan::keys). With
/// [`hydrate`](Scan::hydrate) it reads keys, and by them the whole entities.
///
/// `E` can be an [`ItemCollection`](crate::ItemCollection) as well, whose items or parts are read.
///
/// Items of other entities are passed over, and so are items whose time to live is over. Items that are written
/// while a scan is on its way may be returned or not.
#[must_use = "a request does nothing until it is sent"]
pub struct Scan<E, I = Primary, T = Whole> {
    handle: Handle,
    filter: Option<Condition<E>>,
    settings: ReadSettings,
    of: PhantomData<fn() -> (I, T)>,
}

impl<E, I, T> Scan<E, I, T> {
    pub(crate) fn new(handle: Handle) -> Self {
        Self { handle, filter: None, settings: ReadSettings::default(), of: PhantomData }
    }

    fn read_as<U>(self) -> Scan<E, I, U> {
        let Self { handle, filter, settings, .. } = self;
        Scan { handle, filter, settings, of: PhantomData }
    }
}

impl<S: TableSchema> Scan<S, Primary, Raw> {
    /// Reads every item of a table, whatever it is.
    pub(crate) fn raw(handle: Handle, consistent: bool) -> Self {
        let mut scan = Self::new(handle);
        scan.settings.consistent_read = consistent;
        scan.settings.include_expired = true;
        scan
    }
}

impl<E: Entity> Scan<E> {
    /// Reads an index instead of the table: the items that have a key in it, as far as it holds them.
    ///
    /// An index that does not hold whole items is read as a projection: [`project`](Scan::project).
    pub fn index<I: Index<Table = E::Table>>(self) -> Scan<E, I> {
        let Self { handle, filter, settings, .. } = self;
        Scan { handle, filter, settings, of: PhantomData }
    }
}

impl<C: ItemCollection, T: ReadShape<C> + OfCollection> Scan<C, Primary, T> {
    /// Reads an index instead of the table: the items that have a key in it.
    pub fn index<I: Index<Table = C::Table>>(self) -> Scan<C, I, T> {
        let Self { handle, filter, settings, .. } = self;
        Scan { handle, filter, settings, of: PhantomData }
    }
}

impl<E, I: Source, T: ReadShape<E>> Scan<E, I, T> {
    /// Checks everything that can be wrong before the first request.
    fn prepare(self) -> Result<Prepared<WholeSource, I, T::Read>> {
        self.prepare_part(WholeSource { segment: None })
    }

    /// The same, where `more` is asked for beside the filter.
    fn prepare_with(self, more: Option<Condition<E>>) -> Result<Prepared<WholeSource, I, T::Read>> {
        self.prepare_part_with(WholeSource { segment: None }, more)
    }

    fn prepare_part(self, operation: WholeSource) -> Result<Prepared<WholeSource, I, T::Read>> {
        self.prepare_part_with(operation, None)
    }

    fn prepare_part_with(
        self,
        operation: WholeSource,
        more: Option<Condition<E>>,
    ) -> Result<Prepared<WholeSource, I, T::Read>> {
        let Self { handle, filter, settings, .. } = self;
        let mut fingerprint = Fingerprint::of_scan(&handle.table, I::INDEX.map(|index| index.name));
        if let Some(segment) = operation.segment {
            fingerprint.add_segments(segment.total);
        }
        let expressions = (None, Placeholders::default());
        let filter = (filter.as_ref(), more);
        Prepared::new::<E, T>(handle, operation, expressions, filter, settings, fingerprint)
    }
}

impl<E, I: Source, T: ReadShape<E>> Scan<E, I, T> {
    /// Returns only items of which this is true; the others are read and paid for, and not returned.
    ///
    /// It renders `FilterExpression`. It may ask for key attributes. A second filter is joined by `AND`.
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

    /// Goes on after the last item that an earlier run of this scan returned.
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
    /// DynamoDB would refuse the filter, or the cursor belongs to another request.
    pub fn into_sdk(self) -> Result<ScanFluentBuilder> {
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
    /// DynamoDB would refuse the filter, the cursor belongs to another request, an item is not of the form that is
    /// read, or a request fails. [`results`](Self::results) and [`items`](Self::items) read past such an item, and
    /// [`Cursor::past`](crate::Cursor::past) goes on after it.
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

    /// Reads the first item of the scan; `None` if there is none.
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

impl<E, I: Source, T: ReadShape<E>> Scan<E, I, T> {
    /// Reads each item or why it cannot be read: an item that does not have the form of its entity is an
    /// `Err` in its place, with its [key](crate::error::DecodeError::item_key), and the items around it are read.
    ///
    /// In an item collection an item of no member is one, too. The [`limit`](Self::limit) counts them.
    pub fn results(self) -> Scan<E, I, Results<T>> {
        self.read_as()
    }
}

impl<E: Entity, I: Source> Scan<E, I> {
    /// Reads a projection instead of the whole entity; it asks DynamoDB for those attributes only.
    ///
    /// The cost is that of the whole items in the table or index.
    pub fn project<P: ReadableFrom<I, Entity = E>>(self) -> Scan<E, I, Projected<P>> {
        self.read_as()
    }

    /// Reads the primary key of each entity, which every index holds.
    ///
    /// The cost is that of the whole items in the table or index; less travels.
    pub fn keys(self) -> Scan<E, I, KeysOnly> {
        self.read_as()
    }
}

impl<E: Entity, I: Source, T: ReadShape<E>> Scan<E, I, T> {
    /// The same request for keys, for a batch that reads the whole entities by them; whether it reads expired
    /// ones, and how many operators its filter has.
    pub(crate) fn into_keys(self) -> (Handle, bool, usize, Result<Box<dyn ReadKeys<E>>>) {
        let (handle, include_expired) = (self.handle.clone(), self.settings.include_expired);
        let operators = self.filter.as_ref().map_or(0, Condition::operators);
        let keys = self.read_as::<KeysOnly>().prepare();
        (handle, include_expired, operators, keys.map(|keys| Box::new(keys) as Box<dyn ReadKeys<E>>))
    }
}

impl<C: ItemCollection, I: Source> Scan<C, I, Parts> {
    /// Reads all items, or as many as the [`limit`](Self::limit) allows, and puts the struct together of
    /// them.
    ///
    /// # Errors
    /// DynamoDB would refuse a filter, an item is not of the form of its entity or of none that the struct has,
    /// there is no item for a field that wants one or more for one that takes one, or a request fails.
    pub fn assemble(self) -> Sending<C>
    where
        C: Assemble + CollectionFrom<I>,
    {
        let prepared = self.prepare();
        Box::pin(async move { Ok(C::assemble(prepared?.all().await?)?) })
    }
}

impl<E: Queryable, I: Source, T: Countable<E>> Scan<E, I, T> {
    /// Counts the items that the scan would return, over all its pages. See [`Count`].
    pub fn count(self) -> Count<Self> {
        Count { of: self, by_keys: false }
    }

    /// What an item must be to be counted by DynamoDB; `None` if it cannot tell.
    fn counts(&self) -> Option<Counts<E>> {
        // DynamoDB: the filter of a scan may ask for keys.
        let (include_expired, now) = (self.settings.include_expired, self.handle.now::<T::Table>());
        T::counts::<I>(Counting { keys: &[], include_expired, now })
    }

    /// The same request for numbers.
    fn numbers(mut self) -> Scan<E, I, Numbers> {
        self.settings.count = true;
        self.read_as()
    }
}

metered!([E, I, T] Scan<E, I, T>, handle);
count_methods!(Scan, ScanFluentBuilder, "");

impl<E, I, T> Clone for Scan<E, I, T> {
    fn clone(&self) -> Self {
        let (filter, settings) = (self.filter.clone(), self.settings.clone());
        Self { handle: self.handle.clone(), filter, settings, of: PhantomData }
    }
}

impl<E, I, T> fmt::Debug for Scan<E, I, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scan").field("filter", &self.filter).field("settings", &self.settings).finish()
    }
}
