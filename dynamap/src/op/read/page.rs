use super::{
    item_reader::ItemReader,
    paged::Paged,
    prepared::Prepared,
    reader::{KeysNeeded, PageReader, ReadPage},
};
use crate::{
    call::item_status::{FoundBy, ReadFilter},
    capacity::Consumed,
    cursor::Cursor,
    error::ServiceError,
    outcome::{MoreThanOne, Result},
    schema::Source,
};
use tokio::time::Instant;

/// A page: the items that a query or scan returned, the pagination token for the next page, and the numbers of items
/// that were passed over.
#[derive(Debug, Clone)]
#[non_exhaustive]
#[doc(alias = "LastEvaluatedKey")]
pub struct Page<T> {
    /// The items; those of a query are in the order of the sort key.
    pub items: Vec<T>,
    /// The pagination token for the next page, if there may be more items: the place after the last of `items`.
    pub cursor: Option<Cursor>,
    /// The number of items of other entities that were passed over.
    pub skipped: usize,
    /// The number of items that were passed over because their time to live is over.
    pub expired: usize,
    /// The capacity that the requests have consumed, if there is a [`Meter`](crate::capacity::Meter) or a
    /// [`Budget`](crate::Budget).
    pub consumed: Option<Consumed>,
}

impl<O: Paged, I: Source, R: ItemReader> Prepared<O, I, R> {
    /// Reads until the limit is reached; without one, a single page.
    pub(super) async fn read_page(mut self) -> Result<Page<R::Output>> {
        let mut page = Page { items: Vec::new(), cursor: None, skipped: 0, expired: 0, consumed: None };
        if self.remaining() == Some(0) {
            page.cursor = self.start.map(|start| Cursor::new(self.fingerprint, start));
            return Ok(page);
        }
        loop {
            let read = self.next_page(KeysNeeded::OfLast).await?;
            page.skipped += read.skipped;
            page.expired += read.expired;
            if let Some(more) = &read.consumed {
                *page.consumed.get_or_insert_default() += more;
            }
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

    /// Reads the only item, with a limit of two.
    pub(in crate::op) async fn one(self) -> Result<Option<R::Output>> {
        let table = self.handle.table.clone();
        let mut items = self.all().await?;
        match items.len() {
            0 | 1 => Ok(items.pop()),
            _ => Err(MoreThanOne::new(R::NAME, &table).into()),
        }
    }

    /// Reads one page and moves `start` behind it.
    pub(super) async fn next_page(&mut self, keys: KeysNeeded) -> Result<ReadPage<R::Output>> {
        self.handle = self.handle.for_call();
        let remaining = self.remaining();
        let start = self.start.take();
        let before = start.clone();
        let include_expired = self.settings.include_expired;
        let how = ReadFilter { found_by: FoundBy::Page, include_expired, now: self.handle.now::<R::Table>() };
        let reader = || PageReader::<I, R>::new(how, remaining, keys, (self.fingerprint, self.pages));
        let exchange = self.handle.exchange(O::operation(self.settings.count), reader());
        let request = self.request(start, remaining);
        let permit = self.handle.permit(|| self.forecast(remaining)).await;
        self.sent = Some(Instant::now());
        let answer = O::send(&self.handle, request, &exchange).await;
        let consumed = permit.end(&answer, &exchange);
        let answer = answer?;
        // DynamoDB: an empty key is the end, as none is.
        let last = answer.last.filter(|key| !key.is_empty());
        // What comes after a page that ends where it began would be that page, for ever.
        if last.is_some() && last == before {
            return Err(ServiceError::not_advancing(O::name(), &self.handle.table).into());
        }
        self.start = last;
        let mut page = exchange
            .finish(PageReader::take)?
            .or_read(|| reader().read_values(answer.items.unwrap_or_default()))?;
        if keys == KeysNeeded::OfLast
            && let Some(unread) = page.unread.pop()
        {
            return Err(unread.error);
        }
        page.consumed = consumed;
        if self.settings.count {
            page.counted = usize::try_from(answer.count).unwrap_or_default();
            page.items.extend(R::of_count(page.counted));
        }
        self.returned += if self.settings.count { page.counted } else { page.items.len() };
        self.pages += 1;
        if let Some(observation) = self.handle.observation() {
            observation.count_page(answer.count, answer.scanned);
            observation.count_items(if self.settings.count { 0 } else { page.items.len() as u64 });
        }
        Ok(page)
    }
}
