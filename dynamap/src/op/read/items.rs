use super::{
    item_reader::ItemReader,
    paged::Paged,
    prepared::Prepared,
    reader::{KeysNeeded, ReadPage, UnreadableItem},
};
use crate::{
    call::InFlightRequests,
    cursor::{Cursor, Fingerprint, KeyTexts},
    entity::Item,
    observe::{Ending, Failed, Observing},
    outcome::{Error, Result},
    schema::Source,
};
use futures_core::Stream;
use std::{
    fmt,
    future::{Future, poll_fn},
    iter::Peekable,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
    vec,
};
use tracing::Instrument;

/// The items of a query or scan, page after page: a [`Stream`], and a loop with [`next`](Items::next).
///
/// While the caller works on the items of a page, the request for the next page is in flight: one page, no more. A
/// caller that stops early pays for that page as well; [`Query::read_ahead`](crate::op::Query::read_ahead) switches it
/// off.
///
/// An item that does not have the form that is read is an error in its place, and the stream continues after it with
/// the next call. Any other error ends the stream, after the items before it.
#[must_use = "a stream does nothing unless it is polled"]
pub struct Items<T> {
    /// The rest of the page that the caller is in.
    page: vec::IntoIter<T>,
    /// The keys of all items of that page.
    keys: KeyTexts,
    /// The number of items of that page that were returned.
    returned: usize,
    /// Those of that page that could not be read, from the next one on.
    unread: Peekable<vec::IntoIter<UnreadableItem>>,
    /// Behind the item that could not be read and was told of last, and behind the one that was passed since an item was returned.
    told: Option<Cursor>,
    passed: Option<Cursor>,
    /// The end of the page before, or the start of the first one.
    start: Option<Item>,
    source: Pages<T>,
    /// The request that failed.
    failed: Option<Box<dyn NextPage<T>>>,
    /// The time for which it was in flight.
    failed_after: Duration,
    /// The number of pages that were read.
    pages: u64,
    read_ahead: bool,
    fingerprint: Option<Fingerprint>,
    skipped: usize,
    expired: usize,
    observing: Observing,
}

/// The source of the next page.
enum Pages<T> {
    /// A request can be made.
    Idle(Box<dyn NextPage<T>>),
    /// A request is in flight.
    Reading(InFlightRequests<ReadAhead<T>>),
    /// A page that was read ahead.
    Read(Box<ReadAhead<T>>),
    /// The request cannot be made.
    Failed(Box<Error>),
    /// There are no more pages, or none that can be read.
    Done,
}

impl<T> Pages<T> {
    fn of(mut reading: InFlightRequests<ReadAhead<T>>) -> Self {
        match reading.take_answers().pop() {
            Some(page) => Self::Read(Box::new(page)),
            None => Self::Reading(reading),
        }
    }
}

/// A page, and the request that goes on after it if there is more; after an error, the request for the same page.
struct ReadAhead<T> {
    page: Result<ReadPage<T>>,
    /// The start of the page.
    start: Option<Item>,
    next: Option<Box<dyn NextPage<T>>>,
    /// The time for which the request was in flight.
    took: Duration,
}

/// A query or scan without the types that the stream does not need.
trait NextPage<T>: Send {
    fn read(self: Box<Self>) -> Pin<Box<dyn Future<Output = ReadAhead<T>> + Send>>;
}

impl<O: Paged, I: Source, R: ItemReader> NextPage<R::Output> for Prepared<O, I, R> {
    fn read(mut self: Box<Self>) -> Pin<Box<dyn Future<Output = ReadAhead<R::Output>> + Send>> {
        let span = self.handle.span();
        let read = async move {
            let start = self.start.clone();
            let page = self.next_page(KeysNeeded::OfAll).await;
            let more = match &page {
                Ok(_) => self.start.is_some() && self.remaining() != Some(0),
                // The page with the error has returned no item, so it can be requested again.
                Err(_) => {
                    self.start = start.clone();
                    true
                }
            };
            let took = self.sent.map_or(Duration::ZERO, |sent| sent.elapsed());
            ReadAhead { page, start, next: more.then_some(self as Box<dyn NextPage<R::Output>>), took }
        };
        Box::pin(read.instrument(span))
    }
}

impl<T: Send + 'static> Items<T> {
    pub(in crate::op) fn new<O: Paged, I: Source, R: ItemReader<Output = T>>(
        prepared: Result<Prepared<O, I, R>>,
    ) -> Self {
        let mut items = Self {
            page: Vec::new().into_iter(),
            keys: KeyTexts::default(),
            returned: 0,
            unread: Vec::new().into_iter().peekable(),
            told: None,
            passed: None,
            start: None,
            source: Pages::Done,
            failed: None,
            failed_after: Duration::ZERO,
            pages: 0,
            read_ahead: true,
            fingerprint: None,
            skipped: 0,
            expired: 0,
            observing: Observing::none(),
        };
        match prepared {
            Ok(mut prepared) => {
                items.fingerprint = Some(prepared.fingerprint);
                items.read_ahead = prepared.settings.read_ahead;
                items.start = prepared.start.clone();
                if prepared.remaining() != Some(0) {
                    items.observing = prepared.observe();
                    items.source = Pages::Idle(Box::new(prepared));
                }
            }
            Err(error) => items.source = Pages::Failed(Box::new(error)),
        }
        items
    }

    /// The next item, or `None` at the end.
    ///
    /// # Errors
    /// The same as those of [`Query::send`](crate::op::Query::send). After [`Error::Decode`] and [`Error::ItemCollection`] the
    /// next call continues after the item that could not be read; after any other error the stream has ended.
    pub async fn next(&mut self) -> Option<Result<T>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }

    /// The pagination token for the place after the item that was returned last; `None` before the first.
    ///
    /// There may be no more items. After an item that could not be read it is the place before that item, until the next call
    /// passes it; [`Cursor::past`] is the place after it.
    pub fn cursor(&self) -> Option<Cursor> {
        let fingerprint = self.fingerprint?;
        if self.passed.is_some() {
            return self.passed.clone();
        }
        match self.returned.checked_sub(1) {
            Some(last) => Cursor::from_json(fingerprint, self.keys.get(last)?),
            None => Some(Cursor::new(fingerprint, self.start.clone()?)),
        }
    }

    /// The number of items of other entities that were passed over so far.
    pub fn skipped(&self) -> usize {
        self.skipped
    }

    /// The number of items that were passed over so far because their time to live is over.
    pub fn expired(&self) -> usize {
        self.expired
    }

    /// The number of pages that were read so far.
    pub(in crate::op) fn pages(&self) -> u64 {
        self.pages
    }

    /// True after an error, if the page can be requested again.
    pub(in crate::op) fn has_failed(&self) -> bool {
        self.failed.is_some()
    }

    /// The time for which the failed request was in flight, without the wait for a budget.
    pub(in crate::op) fn failed_after(&self) -> Duration {
        self.failed_after
    }

    /// Continues after an error with the page that could not be read.
    pub(in crate::op) fn try_again(&mut self) {
        if let Some(failed) = self.failed.take() {
            self.source = Pages::Idle(failed);
        }
    }

    /// Sends the request for the next page, or polls for its response.
    fn poll_source(&mut self, cx: &mut Context<'_>) {
        match std::mem::replace(&mut self.source, Pages::Done) {
            Pages::Idle(next) => {
                let mut reading = InFlightRequests::new();
                reading.push(next.read(), cx);
                self.source = Pages::of(reading);
            }
            Pages::Reading(mut reading) => {
                reading.poll(cx);
                self.source = Pages::of(reading);
            }
            other => self.source = other,
        }
    }
}

impl<T> Unpin for Items<T> {}

impl<T: Send + 'static> Stream for Items<T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        if let Some(told) = self.told.take() {
            self.passed = Some(told);
        }
        loop {
            let returned = self.returned;
            if let Some(unread) = self.unread.next_if(|unread| unread.after == returned) {
                self.told = unread.cursor;
                return Poll::Ready(Some(Err(unread.error)));
            }
            if let Some(item) = self.page.next() {
                self.returned += 1;
                self.passed = None;
                // No task is spawned: the request for the next page advances only while it is polled.
                if self.read_ahead {
                    self.poll_source(cx);
                }
                return Poll::Ready(Some(Ok(item)));
            }
            self.poll_source(cx);
            match std::mem::replace(&mut self.source, Pages::Done) {
                Pages::Done => {
                    self.observing.end(&Ending::OK);
                    return Poll::Ready(None);
                }
                Pages::Failed(error) => return Poll::Ready(Some(Err(*error))),
                Pages::Read(read) => {
                    let page = match read.page {
                        Ok(page) => page,
                        Err(error) => {
                            (self.failed, self.failed_after) = (read.next, read.took);
                            self.observing.end(&error.ending());
                            return Poll::Ready(Some(Err(error)));
                        }
                    };
                    self.pages += 1;
                    self.skipped += page.skipped;
                    self.expired += page.expired;
                    self.page = page.items.into_iter();
                    self.keys = page.keys;
                    self.unread = page.unread.into_iter().peekable();
                    (self.returned, self.start) = (0, read.start);
                    self.source = read.next.map_or(Pages::Done, Pages::Idle);
                }
                waiting @ (Pages::Idle(_) | Pages::Reading(_)) => {
                    self.source = waiting;
                    return Poll::Pending;
                }
            }
        }
    }
}

impl<T> fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("buffered", &self.page.len()).finish_non_exhaustive()
    }
}
