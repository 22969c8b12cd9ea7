use super::{
    member::MembersOf,
    read_item::{EntityAs, ReadItem},
};
use crate::{
    collection::ItemCollection,
    entity::{Entity, Projection, ReadableFrom},
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

/// Reads the items of an item collection, each as what its entity is in the enum.
#[derive(Debug, Clone, Copy)]
pub enum Members {}

/// Reads the items of an item collection to put a struct together of them.
#[derive(Debug, Clone, Copy)]
pub enum Parts {}

/// What a query or scan can be of: an entity, or an item collection. Both derives implement it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither an entity nor an item collection",
    note = "derive `dynamap::Entity` or `dynamap::ItemCollection` for `{Self}`"
)]
pub trait Queryable: Sized + 'static {
    /// The table that holds the items.
    type Table: TableSchema;
    /// What is read of each item, if nothing else is asked for.
    type Reads: Reads<Self, Table = Self::Table>;
}

impl<E: Entity> Queryable for E {
    type Table = E::Table;
    type Reads = Whole;
}

/// What a query or scan reads of each item of `E`: the whole, or a projection.
pub trait Reads<E>: 'static {
    /// What is made of each item.
    type Output: Send + 'static;

    /// The table that the items are in.
    #[doc(hidden)]
    type Table: TableSchema;

    /// What reads it.
    #[doc(hidden)]
    type Read: ReadItem<Output = Self::Output, Table = Self::Table>;

    #[doc(hidden)]
    fn projection<I: Source>() -> Option<BTreeSet<&'static str>>;
}

/// What can be read of the items in the source `I`.
///
/// It stands apart from [`Reads`] so that a query that cannot be is one error, and not one for each step of a
/// future.
#[diagnostic::on_unimplemented(
    message = "items of `{E}` cannot be read from `{I}` as `{Self}`",
    note = "an index that does not hold whole items is read as a projection: `.project::<Summary>()`",
    note = "an item collection that is a struct is put together of its items: `.assemble()`"
)]
pub trait HeldBy<E, I: Source>: Reads<E> {}

impl<C: ItemCollection, I: ProjectsAll> HeldBy<C, I> for Members {}

/// Reads items of an item collection.
pub trait OfCollection {}

impl OfCollection for Members {}

impl OfCollection for Parts {}

impl<E: Entity, I: ProjectsAll> HeldBy<E, I> for Whole {}

impl<E: Entity, I: Source, P: ReadableFrom<I, Entity = E>> HeldBy<E, I> for Projected<P> {}

impl<E: Entity> Reads<E> for Whole {
    type Output = E;
    type Table = E::Table;
    type Read = EntityAs<E, E>;

    fn projection<I: Source>() -> Option<BTreeSet<&'static str>> {
        None
    }
}

impl<E: Entity, P: Projection<Entity = E>> Reads<E> for Projected<P> {
    type Output = P;
    type Table = E::Table;
    type Read = EntityAs<E, P>;

    /// The attributes of the projection; the keys, from which a cursor is made; and what tells whether the item
    /// counts, as far as the index holds it.
    fn projection<I: Source>() -> Option<BTreeSet<&'static str>> {
        let mut names: BTreeSet<&'static str> = P::ATTRIBUTES.iter().copied().collect();
        names.extend(key_names::<E::Table, I>());
        let marks = [E::Table::ENTITY_TYPE, E::Table::TTL].into_iter().flatten();
        names.extend(marks.filter(|name| holds::<I>(name)));
        names.remove("");
        Some(names)
    }
}

impl<C: ItemCollection> Reads<C> for Members {
    type Output = C::Item;
    type Table = C::Table;
    type Read = MembersOf<C>;

    fn projection<I: Source>() -> Option<BTreeSet<&'static str>> {
        None
    }
}

impl<C: ItemCollection> Reads<C> for Parts {
    type Output = C::Item;
    type Table = C::Table;
    type Read = MembersOf<C>;

    fn projection<I: Source>() -> Option<BTreeSet<&'static str>> {
        None
    }
}

/// The key attributes of the table and of the index, which make up a cursor.
pub(super) fn key_names<S: TableSchema, I: Source>() -> impl Iterator<Item = &'static str> {
    let index = I::INDEX.into_iter().flat_map(|index| index.partition_key.iter().chain(index.sort_key));
    let table = [Some(S::PARTITION_KEY), S::SORT_KEY].into_iter().flatten();
    table.chain(index.copied()).map(|attribute| attribute.name)
}

/// The key attributes that the key condition selects by: those of the index, or of the table if there is none.
pub(in crate::op) fn source_keys<S: TableSchema, I: Source>() -> impl Iterator<Item = &'static str> {
    let of_table = |keys| if I::INDEX.is_none() { keys } else { None };
    // A local index has the partition key of the table.
    let local = I::INDEX.is_none_or(|index| index.local).then_some(S::PARTITION_KEY);
    let table = [local, of_table(S::SORT_KEY)].into_iter().flatten();
    let index = I::INDEX.into_iter().flat_map(|index| index.partition_key.iter().chain(index.sort_key));
    table.chain(index.copied()).map(|attribute| attribute.name)
}
