use super::{
    keys::KeyReader,
    page::Page,
    paged::{Paged, Sending},
    prepared::Prepared,
    reader::KeysNeeded,
};
use crate::{call::Explanation, entity::Entity, schema::Source};
use std::pin::pin;

/// The keys of a page, and what reads those after it.
pub(crate) type KeyPage<E> = (Vec<<E as Entity>::Key>, Option<Box<dyn ReadKeys<E>>>);

/// A query or scan of keys, without the types that a reader of the entities does not need.
pub(crate) trait ReadKeys<E: Entity>: Send {
    /// One page of keys; with a limit, as many pages as it takes.
    fn page(self: Box<Self>) -> Sending<Page<E::Key>>;

    /// The next page; there is nothing after it if these keys are all, or as many as the limit asks for.
    fn keys(self: Box<Self>) -> Sending<KeyPage<E>>;

    /// The request for the first page, whose filter has this many operators.
    fn explain(&self, filter_operators: usize) -> Explanation;
}

impl<O: Paged, I: Source, E: Entity> ReadKeys<E> for Prepared<O, I, KeyReader<E>> {
    fn page(self: Box<Self>) -> Sending<Page<E::Key>> {
        Box::pin((*self).page())
    }

    fn keys(mut self: Box<Self>) -> Sending<KeyPage<E>> {
        Box::pin(async move {
            if self.remaining() == Some(0) {
                return Ok((Vec::new(), None));
            }
            // Each page is an operation of its own, and the next one begins without its observation.
            let handle = self.handle.clone();
            let observing = self.observe();
            let page = observing.watch(pin!(self.next_page(KeysNeeded::OfLast)), |_| 0).await;
            self.handle = handle;
            let keys = page?.items;
            let more = self.start.is_some() && self.remaining() != Some(0);
            Ok((keys, more.then_some(self as Box<dyn ReadKeys<E>>)))
        })
    }

    fn explain(&self, filter_operators: usize) -> Explanation {
        Self::explain(self, filter_operators)
    }
}
