use super::{
    keys::KeyReader,
    page::Page,
    paged::{Paged, Sending},
    prepared::Prepared,
};
use crate::{call::Explanation, entity::Entity, schema::Source};

/// A query or scan of keys, without the types that a reader of the entities does not need.
pub(crate) trait ReadKeys<E: Entity>: Send {
    /// One page of keys; with a limit, as many pages as it takes.
    fn page(self: Box<Self>) -> Sending<Page<E::Key>>;

    /// All keys, up to the limit if there is one.
    fn all(self: Box<Self>) -> Sending<Vec<E::Key>>;

    /// The request for the first page, whose filter has this many operators.
    fn explain(&self, filter_operators: usize) -> Explanation;
}

impl<O: Paged, I: Source, E: Entity> ReadKeys<E> for Prepared<O, I, KeyReader<E>> {
    fn page(self: Box<Self>) -> Sending<Page<E::Key>> {
        Box::pin((*self).page())
    }

    fn all(self: Box<Self>) -> Sending<Vec<E::Key>> {
        Box::pin((*self).all())
    }

    fn explain(&self, filter_operators: usize) -> Explanation {
        Self::explain(self, filter_operators)
    }
}
