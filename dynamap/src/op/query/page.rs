use super::{
    Prepared,
    reader::{Keys, PageReader, ReadPage},
    reads::Reads,
};
use crate::{
    cursor::Cursor,
    direct::QUERY,
    entity::Entity,
    error::Result,
    op::{
        received, send,
        standing::{FoundBy, ReadItems},
    },
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

impl<E: Entity, I: Source, T: Reads<E>> Prepared<E, I, T> {
    /// Reads until the limit is reached; without one, a single page.
    pub(super) async fn page(mut self) -> Result<Page<T::Output>> {
        let mut page = Page { items: Vec::new(), cursor: None, passed_over: 0, expired: 0 };
        if self.remaining() == Some(0) {
            page.cursor = self.start.map(|start| Cursor::new(self.fingerprint, start));
            return Ok(page);
        }
        loop {
            let read = self.next_page(Keys::OfLast).await?;
            page.passed_over += read.passed_over;
            page.expired += read.expired;
            match page.items.is_empty() {
                true => page.items = read.items,
                false => page.items.extend(read.items),
            }
            if read.cut || self.start.is_none() || self.remaining().is_none_or(|remaining| remaining == 0) {
                page.cursor = match read.cut {
                    true => read.keys.last().and_then(|key| Cursor::from_json(self.fingerprint, key)),
                    false => self.start.map(|start| Cursor::new(self.fingerprint, start)),
                };
                return Ok(page);
            }
        }
    }

    /// Reads one page and moves `start` behind it.
    pub(super) async fn next_page(&mut self, keys: Keys) -> Result<ReadPage<T::Output>> {
        let remaining = self.remaining();
        let start = self.start.take();
        let include_expired = self.settings.include_expired;
        let how = ReadItems {
            found_by: FoundBy::KeyCondition,
            include_expired,
            now: self.handle.now::<E::Table>(),
        };
        let reader = || PageReader::<E, I, T>::new(how, remaining, keys);
        let exchange = self.handle.exchange(&QUERY, reader);
        let sent = send!(self.handle, self.request(start, remaining)?, exchange);
        let output = sent.map_err(|error| self.handle.error("Query", error))?;
        self.start = output.last_evaluated_key;
        let page = received(exchange, PageReader::take)?
            .or_read(|| reader().read_values(output.items.unwrap_or_default()))?;
        self.returned += page.items.len();
        self.pages += 1;
        Ok(page)
    }
}
