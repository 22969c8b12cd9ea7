use super::{Prepared, page::Keys, reads::Reads};
use crate::{
    cursor::{Cursor, Fingerprint},
    entity::{Entity, Item},
    error::{Error, Result},
    schema::Source,
};
use futures_core::Stream;
use std::{
    collections::VecDeque,
    fmt,
    future::{Future, poll_fn},
    pin::Pin,
    task::{Context, Poll},
};

/// The items of a query, page after page: a [`Stream`], and a loop with [`next`](Items::next).
///
/// A page is asked for when the items before it are used up. The first error ends the stream.
#[must_use = "a stream does nothing unless it is polled"]
pub struct Items<T> {
    buffer: VecDeque<(T, Item)>,
    state: State<T>,
    fingerprint: Option<Fingerprint>,
    /// The keys of the item that was returned last, or of where the query started.
    last: Option<Item>,
    passed_over: usize,
    expired: usize,
}

/// Where the next page comes from.
enum State<T> {
    /// A request can be made.
    Idle(Box<dyn NextPage<T>>),
    /// A request is on its way.
    Reading(Reading<T>),
    /// The query cannot be made.
    Failed(Box<Error>),
    /// There are no more pages.
    Done,
}

/// A request on its way; it gives the query back.
type Reading<T> = Pin<Box<dyn Future<Output = (Box<dyn NextPage<T>>, Result<Batch<T>>)> + Send>>;

/// A page, as the stream needs it.
struct Batch<T> {
    items: Vec<(T, Item)>,
    passed_over: usize,
    expired: usize,
    more: bool,
}

/// A query without the types that the stream does not care for.
trait NextPage<T>: Send {
    fn read(self: Box<Self>) -> Reading<T>;
}

impl<E: Entity, I: Source, T: Reads<E>> NextPage<T::Output> for Prepared<E, I, T> {
    fn read(mut self: Box<Self>) -> Reading<T::Output> {
        Box::pin(async move {
            let batch = self.next_page(Keys::OfAll).await.map(|page| Batch {
                items: page.items.into_iter().zip(page.keys).collect(),
                passed_over: page.passed_over,
                expired: page.expired,
                more: self.start.is_some() && self.remaining() != Some(0),
            });
            (self as Box<dyn NextPage<T::Output>>, batch)
        })
    }
}

impl<T: Send + 'static> Items<T> {
    pub(super) fn new<E: Entity, I: Source, R: Reads<E, Output = T>>(
        query: Result<Prepared<E, I, R>>,
    ) -> Self {
        let mut items = Self {
            buffer: VecDeque::new(),
            state: State::Done,
            fingerprint: None,
            last: None,
            passed_over: 0,
            expired: 0,
        };
        match query {
            Ok(query) => {
                items.fingerprint = Some(query.fingerprint);
                items.last = query.start.clone();
                if query.remaining() != Some(0) {
                    items.state = State::Idle(Box::new(query));
                }
            }
            Err(error) => items.state = State::Failed(Box::new(error)),
        }
        items
    }

    /// The next item, or `None` at the end.
    ///
    /// # Errors
    /// As [`Query::send`](super::Query::send); afterwards the stream has ended.
    pub async fn next(&mut self) -> Option<Result<T>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }

    /// Where to go on exactly after the item that was returned last; `None` before the first.
    ///
    /// There may be no more items.
    pub fn cursor(&self) -> Option<Cursor> {
        Some(Cursor::new(self.fingerprint?, self.last.clone()?))
    }

    /// How many items of other entities were passed over so far.
    pub fn passed_over(&self) -> usize {
        self.passed_over
    }

    /// How many items were passed over so far because their time to live is over.
    pub fn expired(&self) -> usize {
        self.expired
    }
}

impl<T> Unpin for Items<T> {}

impl<T: Send + 'static> Stream for Items<T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        loop {
            if let Some((item, key)) = self.buffer.pop_front() {
                self.last = Some(key);
                return Poll::Ready(Some(Ok(item)));
            }
            match std::mem::replace(&mut self.state, State::Done) {
                State::Done => return Poll::Ready(None),
                State::Failed(error) => return Poll::Ready(Some(Err(*error))),
                State::Idle(query) => self.state = State::Reading(query.read()),
                State::Reading(mut reading) => match reading.as_mut().poll(cx) {
                    Poll::Pending => {
                        self.state = State::Reading(reading);
                        return Poll::Pending;
                    }
                    Poll::Ready((_, Err(error))) => return Poll::Ready(Some(Err(error))),
                    Poll::Ready((query, Ok(batch))) => {
                        self.buffer.extend(batch.items);
                        self.passed_over += batch.passed_over;
                        self.expired += batch.expired;
                        if batch.more {
                            self.state = State::Idle(query);
                        }
                    }
                },
            }
        }
    }
}

impl<T> fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("buffered", &self.buffer.len()).finish_non_exhaustive()
    }
}
