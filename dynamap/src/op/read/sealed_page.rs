//! A page with sealed cursors.

use super::{
    item_reader::ItemReader,
    paged::Paged,
    prepared::Prepared,
    reader::{KeysNeeded, ReadPage},
    sealed_pages::{Opened, Seals},
};
use crate::{
    capacity::Consumed,
    cursor::{PageSide, SealedCursor},
    error::DecodeError,
    outcome::Result,
    schema::Source,
    wire,
};
use std::fmt;

/// A page of [`SealedPages`](super::SealedPages): its items in the order of the query, and the cursors around them.
#[non_exhaustive]
pub struct SealedPage<T> {
    /// The items.
    pub items: Vec<T>,
    /// The cursors of the first and the last item, and whether there are pages beside this one.
    pub page_info: PageInfo,
    /// The number of items of other entities that were passed over.
    pub skipped: usize,
    /// The number of items that were passed over because their time to live is over.
    pub expired: usize,
    /// The capacity that the requests have consumed, if there is a [`Meter`](crate::capacity::Meter) or a
    /// [`Budget`](crate::Budget).
    pub consumed: Option<Consumed>,
    /// The key of each item, as JSON.
    keys: Vec<Box<[u8]>>,
    seals: Seals,
    next: Option<SealedCursor>,
    previous: Option<SealedCursor>,
}

/// The page information of GraphQL's connections, which serializes with GraphQL's names.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PageInfo {
    /// The cursor of the first item; `None` if there is no item.
    pub start_cursor: Option<SealedCursor>,
    /// The cursor of the last item; `None` if there is no item.
    pub end_cursor: Option<SealedCursor>,
    /// True if there are items after this page.
    ///
    /// It was looked for, and is exact. Of a page that was read backward it is true if there was an item at the cursor when
    /// that was made: this costs no request, and the next page is empty if the items were deleted since.
    pub has_next_page: bool,
    /// True if there are items before this page.
    ///
    /// Of a page that was read backward it was looked for, and is exact. Of one after a cursor it is true, as there was an item
    /// at the cursor when that was made. A scan has no page before another, so it is false.
    pub has_previous_page: bool,
}

/// An item of a page with its own cursor, as GraphQL's connections have it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct Edge<T> {
    /// The cursor of the item.
    pub cursor: SealedCursor,
    /// The item.
    pub node: T,
}

impl<T> SealedPage<T> {
    /// The cursor of the page after this one, for [`SealedPages::at`](super::SealedPages::at); `None` if there is none.
    pub fn next_cursor(&self) -> Option<&SealedCursor> {
        self.next.as_ref()
    }

    /// The cursor of the page before this one, for [`SealedPages::at`](super::SealedPages::at); `None` if there is none.
    ///
    /// The page before an empty page after a cursor is the last one.
    pub fn previous_cursor(&self) -> Option<&SealedCursor> {
        self.previous.as_ref()
    }

    /// The cursor of the item at this position; `None` if there is no such item.
    ///
    /// # Errors
    /// The operating system has no random bytes.
    pub fn cursor(&self, index: usize) -> Result<Option<SealedCursor>> {
        self.keys.get(index).map(|key| self.seals.seal(PageSide::After, Some(key))).transpose()
    }

    /// The items, each with its own cursor. A cursor is encrypted for each: some microseconds.
    ///
    /// # Errors
    /// The operating system has no random bytes.
    pub fn into_edges(self) -> Result<Vec<Edge<T>>> {
        let Self { items, keys, seals, .. } = self;
        let edges = items.into_iter().zip(keys);
        edges.map(|(node, key)| Ok(Edge { cursor: seals.seal(PageSide::After, Some(&key))?, node })).collect()
    }
}

/// A query or scan whose page was asked for by a sealed cursor.
pub(in crate::op) struct SealedRead<O, I, R> {
    prepared: Prepared<O, I, R>,
    side: PageSide,
    /// The number of items of the page; its requests have a limit of one more.
    limit: Option<usize>,
    is_reversible: bool,
    seals: Seals,
}

/// The items that were read so far, in the order of the requests.
struct ItemsFound<T> {
    items: Vec<T>,
    keys: Vec<Box<[u8]>>,
    /// True if there is an item after those of the page.
    has_more: bool,
}

impl<O: Paged, I: Source, R: ItemReader> SealedRead<O, I, R> {
    pub(in crate::op) fn new(
        mut prepared: Prepared<O, I, R>,
        (opened, seals): (Opened, Seals),
        is_reversible: bool,
    ) -> Self {
        let limit = prepared.settings.limit;
        prepared.settings.limit = limit.map(|limit| limit.saturating_add(1));
        prepared.start = opened.start;
        Self { prepared, side: opened.side, limit, is_reversible, seals }
    }

    pub(in crate::op) fn prepared(self) -> Prepared<O, I, R> {
        self.prepared
    }

    pub(in crate::op) async fn page(mut self) -> Result<SealedPage<R::Output>> {
        let start = self.prepared.start.clone();
        let mut read = ReadPage::default();
        let mut found = self.read(&mut read).await?;
        if self.side == PageSide::Before {
            found.items.reverse();
            found.keys.reverse();
        }
        let (has_next_page, has_previous_page) = match self.side {
            PageSide::After => (found.has_more, start.is_some() && self.is_reversible),
            PageSide::Before => (start.is_some(), found.has_more),
        };
        let (seals, keys) = (self.seals, found.keys);
        let seal = |side, key: Option<&Box<[u8]>>| key.map(|key| seals.seal(side, Some(key))).transpose();
        let start_cursor = seal(PageSide::Before, keys.first())?;
        let end_cursor = seal(PageSide::After, keys.last())?;
        // Beside an empty page are the items that end, or begin, where the query does; or no place has changed.
        let (mut next, mut previous) = (end_cursor.clone(), start_cursor.clone());
        if keys.is_empty() {
            let place = start.map(|start| wire::item_to_json(&start)).transpose()?;
            let at = |side, is_ahead: bool| seals.seal(side, place.as_deref().filter(|_| is_ahead));
            next = Some(at(PageSide::After, self.side == PageSide::After)?);
            previous = Some(at(PageSide::Before, self.side == PageSide::Before)?);
        }
        Ok(SealedPage {
            items: found.items,
            page_info: PageInfo { start_cursor, end_cursor, has_next_page, has_previous_page },
            skipped: read.skipped,
            expired: read.expired,
            consumed: read.consumed,
            keys,
            seals,
            next: next.filter(|_| has_next_page),
            previous: previous.filter(|_| has_previous_page),
        })
    }

    /// Reads the items of the page, and one more. The numbers of what was passed over are added to `sum`.
    async fn read(&mut self, sum: &mut ReadPage<R::Output>) -> Result<ItemsFound<R::Output>> {
        let mut found = ItemsFound { items: Vec::new(), keys: Vec::new(), has_more: false };
        loop {
            let page = self.prepared.next_page(KeysNeeded::OfAll).await?;
            sum.skipped += page.skipped;
            sum.expired += page.expired;
            if let Some(more) = &page.consumed {
                *sum.consumed.get_or_insert_default() += more;
            }
            // The item that is only looked for need not be of a form that can be read.
            if let Some(unread) = page.unread.into_iter().next() {
                if self.limit.is_none_or(|limit| found.items.len() + unread.after < limit) {
                    return Err(unread.error);
                }
                found.has_more = true;
            }
            for index in 0..page.items.len() {
                let key = page.keys.get(index).filter(|key| key.len() > NO_KEY.len());
                found.keys.push(key.ok_or_else(no_key::<R>)?.into());
            }
            found.items.extend(page.items);
            if self.limit.is_none() && !found.items.is_empty() {
                self.limit = Some(found.items.len());
                self.prepared.settings.limit = Some(found.items.len().saturating_add(1));
            }
            let limit = self.limit.unwrap_or(usize::MAX);
            found.has_more |= found.items.len() > limit;
            if found.has_more || self.prepared.start.is_none() {
                found.items.truncate(limit);
                found.keys.truncate(limit);
                return Ok(found);
            }
        }
    }
}

/// The key of an item that has none, as JSON.
const NO_KEY: &[u8] = b"{}";

#[cold]
fn no_key<R: ItemReader>() -> DecodeError {
    DecodeError::new(format!("the key of an item of `{}`", R::NAME), "none")
}

/// Shows how many items there are, and the page information.
impl<T> fmt::Debug for SealedPage<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealedPage")
            .field("items", &self.items.len())
            .field("page_info", &self.page_info)
            .finish_non_exhaustive()
    }
}
