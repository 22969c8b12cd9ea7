use super::item_reader::ItemReader;
use crate::{
    collection::{CollectionFrom, MemberKey},
    entity::{AnyKey, Entity, ReadableFrom},
    expr::ProjectionExpression,
    schema::{Primary, ProjectsAll, Source, TableSchema},
};
use std::marker::PhantomData;

/// Reads whole entities.
#[derive(Debug, Clone, Copy)]
pub enum Whole {}

/// Reads the projection `P`.
#[derive(Debug, Clone, Copy)]
pub struct Projected<P>(PhantomData<fn() -> P>);

/// Reads the primary keys of entities.
#[derive(Debug, Clone, Copy)]
pub enum KeysOnly {}

/// Reads the items of an item collection, each as the variant of its entity.
#[derive(Debug, Clone, Copy)]
pub enum Members {}

/// Reads the items of an item collection to put a struct together of them.
#[derive(Debug, Clone, Copy)]
pub enum Parts {}

/// A subject of a query or scan: an entity, or an item collection. Both derives implement it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither an entity nor an item collection",
    note = "derive `dynamap::Entity` or `dynamap::ItemCollection` for `{Self}`"
)]
pub trait Queryable: Sized + 'static {
    /// The table that holds the items.
    type Table: TableSchema;
    /// The default way to read each item.
    type ReadShape: ReadShape<Self, Table = Self::Table>;
    /// The primary key of an item.
    type Key: AnyKey;
    /// The name of the entity or item collection.
    #[doc(hidden)]
    const SUBJECT: &'static str;
    /// True if reads are strongly consistent by default.
    #[doc(hidden)]
    const IS_CONSISTENT: bool;
}

impl<E: Entity> Queryable for E {
    type Table = E::Table;
    type ReadShape = Whole;
    type Key = E::Key;
    const SUBJECT: &'static str = E::NAME;
    const IS_CONSISTENT: bool = E::CONSISTENT_READ;
}

/// An item collection of the table `S` that is an enum, whose items are read by their keys.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "no items of `{Self}` can be read by their keys from the table `{S}`",
    label = "not an enum that derives `ItemCollection`, whose members are in the table `{S}`",
    note = "an item collection that is a struct is put together of the items of a query: `.assemble()`"
)]
pub trait CollectionOf<S>:
    CollectionFrom<Primary> + Queryable<Table = S, ReadShape = Members, Key = MemberKey<Self>>
{
}

#[diagnostic::do_not_recommend]
impl<S: TableSchema, C> CollectionOf<S> for C where
    C: CollectionFrom<Primary> + Queryable<Table = S, ReadShape = Members, Key = MemberKey<C>>
{
}

/// The part that a query or scan reads of each item of `E`: the whole, or a projection.
pub trait ReadShape<E>: 'static {
    /// The type that each item is read as.
    type Output: Send + 'static;

    /// The table that the items are in.
    #[doc(hidden)]
    type Table: TableSchema;

    /// The reader of the items.
    #[doc(hidden)]
    type Read: ItemReader<Output = Self::Output, Table = Self::Table>;

    #[doc(hidden)]
    fn projection<I: Source>() -> Option<ProjectionExpression>;
}

/// A way to read items that the source `I` allows.
///
/// It stands apart from [`ReadShape`] so that a query that cannot be is one error, and not one for each step of a
/// future.
#[diagnostic::on_unimplemented(
    message = "items of `{E}` cannot be read from `{I}` as `{Self}`",
    note = "an index that does not hold whole items is read as a projection: `.project::<Summary>()`",
    note = "an item collection that is a struct is put together of its items: `.assemble()`"
)]
pub trait HeldBy<E, I: Source>: ReadShape<E> {}

impl<C: CollectionFrom<I>, I: Source> HeldBy<C, I> for Members {}

/// Reads items of an item collection.
pub trait OfCollection {}

impl OfCollection for Members {}

impl OfCollection for Parts {}

impl<E: Entity, I: ProjectsAll> HeldBy<E, I> for Whole {}

impl<E: Entity, I: Source, P: ReadableFrom<I, Entity = E>> HeldBy<E, I> for Projected<P> {}

impl<E: Entity, I: Source> HeldBy<E, I> for KeysOnly {}
