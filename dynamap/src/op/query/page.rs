use super::{
    Prepared,
    reads::{Reads, key_names},
};
use crate::{
    cursor::Cursor,
    entity::{Entity, Item},
    error::Result,
    op::standing::Standing,
    schema::Source,
};

/// The items that a query returned, and what was around them.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Page<T> {
    /// The items, in the order of the sort key.
    pub items: Vec<T>,
    /// Where to go on, if there may be more: exactly after the last of `items`.
    pub cursor: Option<Cursor>,
    /// How many items of other entities were passed over.
    pub passed_over: usize,
    /// How many items were passed over because their time to live is over.
    pub expired: usize,
}

/// One page as it was read.
pub(super) struct ReadPage<T> {
    pub(super) items: Vec<T>,
    /// The keys that a cursor after each item is made of: of all items, or of the last that the limit allows.
    pub(super) keys: Vec<Item>,
    pub(super) passed_over: usize,
    pub(super) expired: usize,
    /// Whether the limit cut items off.
    pub(super) cut: bool,
}

/// Which items of a page need their keys: those after which a cursor can be asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Keys {
    OfAll,
    /// Only of the item after which the limit may cut.
    OfLast,
}

impl<E: Entity, I: Source, T: Reads<E>> Prepared<E, I, T> {
    /// Reads until the limit is reached; without one, a single page.
    pub(super) async fn page(mut self) -> Result<Page<T::Output>> {
        let mut page = Page { items: Vec::new(), cursor: None, passed_over: 0, expired: 0 };
        if self.remaining() == Some(0) {
            page.cursor = self.start.map(|start| Cursor::new(self.fingerprint, start));
            return Ok(page);
        }
        loop {
            let mut read = self.next_page(Keys::OfLast).await?;
            page.passed_over += read.passed_over;
            page.expired += read.expired;
            page.items.extend(read.items);
            if read.cut || self.start.is_none() || self.remaining().is_none_or(|remaining| remaining == 0) {
                let after = if read.cut { read.keys.pop() } else { self.start };
                page.cursor = after.map(|key| Cursor::new(self.fingerprint, key));
                return Ok(page);
            }
        }
    }

    /// Reads one page and moves `start` behind it.
    pub(super) async fn next_page(&mut self, keys: Keys) -> Result<ReadPage<T::Output>> {
        let remaining = self.remaining();
        let start = self.start.take();
        let request = self.request(start, remaining);
        let output = request.send().await.map_err(|error| self.handle.error("Query", error))?;
        self.start = output.last_evaluated_key;

        let now = self.handle.now();
        let mut read =
            ReadPage { items: Vec::new(), keys: Vec::new(), passed_over: 0, expired: 0, cut: false };
        for item in output.items.unwrap_or_default() {
            match Standing::of_selected::<E>(&item, now) {
                Standing::OtherEntity => read.passed_over += 1,
                Standing::Expired if !self.settings.include_expired => read.expired += 1,
                Standing::Present | Standing::Expired => {
                    if remaining.is_some_and(|remaining| read.items.len() >= remaining) {
                        read.cut = true;
                        break;
                    }
                    if keys == Keys::OfAll || remaining == Some(read.items.len() + 1) {
                        read.keys.push(cursor_key::<E, I>(&item));
                    }
                    read.items.push(T::read(item)?);
                }
            }
        }
        self.returned += read.items.len();
        self.pages += 1;
        Ok(read)
    }
}

/// The attributes that `LastEvaluatedKey` would have after this item.
fn cursor_key<E: Entity, I: Source>(item: &Item) -> Item {
    key_names::<E, I>().filter_map(|name| Some((name.to_owned(), item.get(name)?.clone()))).collect()
}
