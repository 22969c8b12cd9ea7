use super::encoded::{EncodedWrite, Scratch, Unencoded};
use crate::entity::IntoKey;
use futures_core::Stream;
use std::{
    borrow::Borrow,
    collections::VecDeque,
    error::Error,
    pin::Pin,
    task::{Context, Poll, Waker},
};

/// A source of items of the type `T` for a batch: a `Vec` or any other iterator, or a
/// [`Stream`](futures_core::Stream). Sealed. The type parameter `M` tells the two apart, and is inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither an iterator nor a stream of `{T}`",
    note = "iterators and streams must be `Send`"
)]
pub trait BatchSource<'a, T, M>: sealed::Sealed<M> {
    #[doc(hidden)]
    fn into_stream(self) -> Pin<Box<dyn Stream<Item = T> + Send + 'a>>;
}

/// An entity that a batch puts, or a reference to one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no `{E}` that a batch can put",
    label = "yields a `{Self}` for each write",
    note = "a stream or an iterator of `Result`s is taken by `try_put_all`, which ends with the first error"
)]
pub trait BatchEntity<E>: Borrow<E> {}

#[diagnostic::do_not_recommend]
impl<E, T: Borrow<E>> BatchEntity<E> for T {}

/// A key that a batch deletes by: that of the entity `E`, or a value that has one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no key of `{E}` that a batch can delete by",
    label = "yields a `{Self}` for each write",
    note = "the entity's function `key` makes keys; a stream or an iterator of `Result`s is taken by `try_delete_all`, which ends with the first error"
)]
pub trait BatchKey<E>: IntoKey<Of = E> {}

#[diagnostic::do_not_recommend]
impl<E, K: IntoKey<Of = E>> BatchKey<E> for K {}

/// A [`BatchSource`] that is iterated over.
#[derive(Debug)]
pub enum ByIterator {}

/// A [`BatchSource`] that is a stream.
#[derive(Debug)]
pub enum ByStream {}

impl<'a, I: IntoIterator<IntoIter: Send + 'a>> BatchSource<'a, I::Item, ByIterator> for I {
    fn into_stream(self) -> Pin<Box<dyn Stream<Item = I::Item> + Send + 'a>> {
        Box::pin(Iterated(self.into_iter()))
    }
}

impl<'a, S: Stream + Send + 'a> BatchSource<'a, S::Item, ByStream> for S {
    fn into_stream(self) -> Pin<Box<dyn Stream<Item = S::Item> + Send + 'a>> {
        Box::pin(self)
    }
}

struct Iterated<I>(I);

impl<I> Unpin for Iterated<I> {}

impl<I: Iterator> Stream for Iterated<I> {
    type Item = I::Item;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<I::Item>> {
        Poll::Ready(self.0.next())
    }
}

/// The reason why a source of writes failed.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// A write, encoded when it is taken.
pub(super) type TakenWrite = Result<EncodedWrite, Unencoded>;

/// The position of a table in the batch.
pub(super) type TablePosition = usize;

/// The position of the first table.
const FIRST: TablePosition = 0;

/// The writes of a batch, in the order in which they were given.
#[derive(Default)]
pub(super) struct Sources<'a> {
    sources: VecDeque<(TablePosition, QueuedWrites<'a>)>,
    scratch: Scratch,
    /// The error of a source, after which nothing is taken.
    pub(super) failure: Option<BoxError>,
}

enum QueuedWrites<'a> {
    /// Single writes, which are encoded already.
    Encoded(VecDeque<TakenWrite>),
    Many(Box<dyn Writes + Send + 'a>),
}

impl<'a> Sources<'a> {
    /// Adds a write to the first table.
    pub(super) fn push(&mut self, encode: impl FnOnce(&mut Scratch) -> TakenWrite) {
        let write = encode(&mut self.scratch);
        match self.sources.back_mut() {
            Some((FIRST, QueuedWrites::Encoded(writes))) => writes.push_back(write),
            _ => self.sources.push_back((FIRST, QueuedWrites::Encoded(VecDeque::from([write])))),
        }
    }

    /// Adds the writes of another batch, whose tables have these positions here.
    pub(super) fn append(&mut self, other: Self, positions: &[TablePosition]) {
        let sources = other.sources.into_iter();
        self.sources.extend(sources.map(|(table, writes)| (positions[table], writes)));
    }

    pub(super) fn push_all<T: 'a, M>(
        &mut self,
        items: impl BatchSource<'a, T, M>,
        encode: impl FnMut(T, &mut Scratch) -> TakenWrite + Send + 'a,
    ) {
        let writes = QueuedWrites::Many(Box::new(WriteStream { items: items.into_stream(), encode }));
        self.sources.push_back((FIRST, writes));
    }

    /// The same of a source that may fail.
    pub(super) fn try_push_all<T: 'a, X: Into<BoxError> + 'a, M>(
        &mut self,
        items: impl BatchSource<'a, Result<T, X>, M>,
        encode: impl FnMut(T, &mut Scratch) -> TakenWrite + Send + 'a,
    ) {
        let writes = QueuedWrites::Many(Box::new(TryItems { items: items.into_stream(), encode }));
        self.sources.push_back((FIRST, writes));
    }

    /// Takes a write back that is settled.
    pub(super) fn give_back(&mut self, write: EncodedWrite) {
        self.scratch.give_back(write.into_json());
    }

    /// The next write, and its table; `None` at the end.
    pub(super) fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<(TablePosition, TakenWrite)>> {
        while let Some((table, first)) = self.sources.front_mut() {
            let table = *table;
            let next = match first {
                QueuedWrites::Encoded(writes) => writes.pop_front().map(Ok),
                QueuedWrites::Many(writes) => std::task::ready!(writes.poll_next(cx, &mut self.scratch)),
            };
            match next {
                Some(Ok(taken)) => return Poll::Ready(Some((table, taken))),
                Some(Err(failure)) => {
                    self.failure = Some(failure);
                    self.sources.clear();
                }
                None => {
                    self.sources.pop_front();
                }
            }
        }
        Poll::Ready(None)
    }

    /// The next write, if it is there without waiting.
    pub(super) fn next_at_once(&mut self) -> Option<(TablePosition, TakenWrite)> {
        match self.poll_next(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(next) => next,
            Poll::Pending => None,
        }
    }
}

/// A write, or that its source failed.
type TryTaken = Result<TakenWrite, BoxError>;

trait Writes {
    fn poll_next(&mut self, cx: &mut Context<'_>, scratch: &mut Scratch) -> Poll<Option<TryTaken>>;
}

struct WriteStream<'a, T, F> {
    items: Pin<Box<dyn Stream<Item = T> + Send + 'a>>,
    encode: F,
}

impl<T, F: FnMut(T, &mut Scratch) -> TakenWrite> Writes for WriteStream<'_, T, F> {
    fn poll_next(&mut self, cx: &mut Context<'_>, scratch: &mut Scratch) -> Poll<Option<TryTaken>> {
        let next = std::task::ready!(self.items.as_mut().poll_next(cx));
        Poll::Ready(next.map(|item| Ok((self.encode)(item, scratch))))
    }
}

struct TryItems<'a, T, X, F> {
    items: Pin<Box<dyn Stream<Item = Result<T, X>> + Send + 'a>>,
    encode: F,
}

impl<T, X: Into<BoxError>, F: FnMut(T, &mut Scratch) -> TakenWrite> Writes for TryItems<'_, T, X, F> {
    fn poll_next(&mut self, cx: &mut Context<'_>, scratch: &mut Scratch) -> Poll<Option<TryTaken>> {
        let next = std::task::ready!(self.items.as_mut().poll_next(cx));
        Poll::Ready(next.map(|item| item.map(|item| (self.encode)(item, scratch)).map_err(X::into)))
    }
}

mod sealed {
    use super::{ByIterator, ByStream};
    use futures_core::Stream;

    pub trait Sealed<M> {}
    impl<I: IntoIterator> Sealed<ByIterator> for I {}
    impl<S: Stream> Sealed<ByStream> for S {}
}
