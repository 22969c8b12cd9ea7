use super::source::{BatchSource, ByIterator, ByStream};
use crate::entity::Entity;
use futures_core::Stream;
use std::{borrow::Borrow, marker::PhantomData, pin::Pin};

/// A source of entities of one type for a batch of a table: a `Vec`, an iterator or a stream of them or of references
/// to them. Sealed. The type parameter `M` tells these apart, and is inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither an iterator nor a stream of entities of `{S}`",
    note = "iterators and streams must be `Send`",
    note = "puts and deletes of several types are given by `write_all`"
)]
pub trait EntitySource<'a, S, M>: sealed::Sealed<M> {
    /// The entity.
    type Entity: Entity<Table = S>;
    /// The entity, or a reference to it.
    type Item: Borrow<Self::Entity> + 'a;

    #[doc(hidden)]
    fn into_entities(self) -> Pin<Box<dyn Stream<Item = Self::Item> + Send + 'a>>;
}

/// An [`EntitySource`] that gives entities.
#[derive(Debug)]
pub struct Owned<M>(PhantomData<fn() -> M>);

/// An [`EntitySource`] that gives references to entities.
#[derive(Debug)]
pub struct Borrowed<E, M>(PhantomData<fn() -> (E, M)>);

// Each bound is on the source itself: the compiler tells by them which one of the four a source is.

impl<'a, S, I> EntitySource<'a, S, Owned<ByIterator>> for I
where
    I: IntoIterator<IntoIter: Send + 'a, Item: Entity<Table = S>>,
{
    type Entity = I::Item;
    type Item = I::Item;

    fn into_entities(self) -> Pin<Box<dyn Stream<Item = I::Item> + Send + 'a>> {
        BatchSource::<'a, I::Item, ByIterator>::into_stream(self)
    }
}

impl<'a, S, E, I> EntitySource<'a, S, Borrowed<E, ByIterator>> for I
where
    E: Entity<Table = S>,
    I: IntoIterator<IntoIter: Send + 'a, Item = &'a E>,
{
    type Entity = E;
    type Item = &'a E;

    fn into_entities(self) -> Pin<Box<dyn Stream<Item = &'a E> + Send + 'a>> {
        BatchSource::<'a, &'a E, ByIterator>::into_stream(self)
    }
}

impl<'a, S, I> EntitySource<'a, S, Owned<ByStream>> for I
where
    I: Stream<Item: Entity<Table = S>> + Send + 'a,
{
    type Entity = I::Item;
    type Item = I::Item;

    fn into_entities(self) -> Pin<Box<dyn Stream<Item = I::Item> + Send + 'a>> {
        Box::pin(self)
    }
}

impl<'a, S, E, I> EntitySource<'a, S, Borrowed<E, ByStream>> for I
where
    E: Entity<Table = S>,
    I: Stream<Item = &'a E> + Send + 'a,
{
    type Entity = E;
    type Item = &'a E;

    fn into_entities(self) -> Pin<Box<dyn Stream<Item = &'a E> + Send + 'a>> {
        Box::pin(self)
    }
}

mod sealed {
    use super::{Borrowed, ByIterator, ByStream, Owned, Stream};

    pub trait Sealed<M> {}
    impl<I: IntoIterator> Sealed<Owned<ByIterator>> for I {}
    impl<E, I: IntoIterator> Sealed<Borrowed<E, ByIterator>> for I {}
    impl<I: Stream> Sealed<Owned<ByStream>> for I {}
    impl<E, I: Stream> Sealed<Borrowed<E, ByStream>> for I {}
}
