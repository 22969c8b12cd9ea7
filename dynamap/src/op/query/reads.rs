use crate::{
    entity::{self, Entity, Item, ReadableFrom},
    error::DecodeError,
    op::standing::holds,
    schema::{ProjectsAll, Source, TableSchema},
};
use std::{collections::BTreeSet, marker::PhantomData};

/// Reads whole entities.
#[derive(Debug, Clone, Copy)]
pub enum Whole {}

/// Reads the projection `P`.
#[derive(Debug, Clone, Copy)]
pub struct Projected<P>(PhantomData<fn() -> P>);

/// What a query reads of each item of `E` in the source `I`.
#[diagnostic::on_unimplemented(
    message = "items of `{E}` cannot be read from `{I}` as `{Self}`",
    note = "an index that does not hold whole items is read as a projection: `.project::<Summary>()`"
)]
pub trait Reads<E: Entity, I: Source>: 'static {
    /// What is made of each item.
    type Output: Send + 'static;

    #[doc(hidden)]
    fn projection() -> Option<BTreeSet<&'static str>>;

    #[doc(hidden)]
    fn read(item: Item) -> Result<Self::Output, DecodeError>;
}

impl<E: Entity, I: ProjectsAll> Reads<E, I> for Whole {
    type Output = E;

    fn projection() -> Option<BTreeSet<&'static str>> {
        None
    }

    fn read(item: Item) -> Result<E, DecodeError> {
        entity::from_item(item)
    }
}

impl<E: Entity, I: Source, P: ReadableFrom<I, Entity = E>> Reads<E, I> for Projected<P> {
    type Output = P;

    /// The attributes of the projection; the keys, from which a cursor is made; and what tells whether the item
    /// counts, as far as the index holds it.
    fn projection() -> Option<BTreeSet<&'static str>> {
        let mut names: BTreeSet<&'static str> = P::ATTRIBUTES.iter().copied().collect();
        names.extend(key_names::<E, I>());
        let marks = [E::Table::ENTITY_TYPE, E::Table::TTL].into_iter().flatten();
        names.extend(marks.filter(|name| holds::<I>(name)));
        names.remove("");
        Some(names)
    }

    fn read(item: Item) -> Result<P, DecodeError> {
        entity::project_item::<P>(item)
    }
}

/// The key attributes of the table and of the index, which make up a cursor.
pub(super) fn key_names<E: Entity, I: Source>() -> impl Iterator<Item = &'static str> {
    let index = I::INDEX.into_iter().flat_map(|index| index.partition_key.iter().chain(index.sort_key));
    let table = [Some(E::Table::PARTITION_KEY), E::Table::SORT_KEY].into_iter().flatten();
    table.chain(index.copied()).map(|attribute| attribute.name)
}
