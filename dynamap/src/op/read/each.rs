use super::{HeldBy, OfCollection, ReadShape, item_reader::ItemReader};
use crate::{
    call::item_status::{ItemStatus, ReadFilter},
    entity::Item,
    error::DecodeError,
    expr::ProjectionExpression,
    schema::Source,
    wire::JsonReader,
};
use std::marker::PhantomData;

/// Reads each item as `T` does, or as the error of one that cannot be read.
#[derive(Debug, Clone, Copy)]
pub struct Results<T>(PhantomData<fn() -> T>);

/// Reads each item as `R` does, or keeps why it cannot be read.
#[derive(Debug)]
pub struct ResultOf<R>(PhantomData<fn() -> R>);

impl<E, T: ReadShape<E>> ReadShape<E> for Results<T> {
    type Output = Result<T::Output, DecodeError>;
    type Table = T::Table;
    type Read = ResultOf<T::Read>;

    fn projection<I: Source>() -> Option<ProjectionExpression> {
        T::projection::<I>()
    }
}

impl<E, I: Source, T: HeldBy<E, I>> HeldBy<E, I> for Results<T> {}

impl<T: OfCollection> OfCollection for Results<T> {}

impl<R: ItemReader> ItemReader for ResultOf<R> {
    type Output = Result<R::Output, DecodeError>;
    type Table = R::Table;
    const NAME: &'static str = R::NAME;
    type MemberHint = R::MemberHint;

    fn begin(r: &mut JsonReader<'_>, keys: impl Iterator<Item = &'static str>) -> R::MemberHint {
        R::begin(r, keys)
    }

    fn read(
        r: &mut JsonReader<'_>,
        how: ReadFilter,
        guess: &mut R::MemberHint,
        put: impl FnOnce(Self::Output),
    ) -> Result<ItemStatus, DecodeError> {
        R::read(r, how, guess, |item| put(Ok(item)))
    }

    fn look(r: &mut JsonReader<'_>, how: ReadFilter) -> Result<ItemStatus, DecodeError> {
        R::look(r, how)
    }

    fn standing(item: &Item, how: ReadFilter) -> ItemStatus {
        R::standing(item, how)
    }

    fn from_values(item: Item) -> Result<Self::Output, DecodeError> {
        R::from_values(item).map(Ok)
    }

    fn unread(error: DecodeError) -> Result<Self::Output, DecodeError> {
        Ok(Err(error))
    }
}
