use super::{
    collection_reader::MembersOf,
    item_reader::{EntityAs, ItemReader},
    keys::KeyOf,
};
use crate::{
    call::item_status::holds,
    collection::{CollectionFrom, ItemCollection, MemberKey, Unknown, Visitor},
    entity::{AnyKey, Entity, Member, ProjectedAttribute, Projection, ReadableFrom},
    expr::ProjectionExpression,
    schema::{Primary, ProjectsAll, Source, TableSchema, primary_key},
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
    type ReadShape: ReadShape<Self, Table = Self::Table>;
    /// The primary key of an item.
    type Key: AnyKey;
    /// The name of the entity or item collection.
    #[doc(hidden)]
    const SUBJECT: &'static str;
    /// Whether reads are strongly consistent if nothing is said.
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

/// What a query or scan reads of each item of `E`: the whole, or a projection.
pub trait ReadShape<E>: 'static {
    /// What is made of each item.
    type Output: Send + 'static;

    /// The table that the items are in.
    #[doc(hidden)]
    type Table: TableSchema;

    /// What reads it.
    #[doc(hidden)]
    type Read: ItemReader<Output = Self::Output, Table = Self::Table>;

    #[doc(hidden)]
    fn projection<I: Source>() -> Option<ProjectionExpression>;
}

/// What can be read of the items in the source `I`.
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

impl<E: Entity> ReadShape<E> for Whole {
    type Output = E;
    type Table = E::Table;
    type Read = EntityAs<E, E>;

    fn projection<I: Source>() -> Option<ProjectionExpression> {
        None
    }
}

impl<E: Entity, P: Projection<Entity = E>> ReadShape<E> for Projected<P> {
    type Output = P;
    type Table = E::Table;
    type Read = EntityAs<E, P>;

    fn projection<I: Source>() -> Option<ProjectionExpression> {
        let mut asked = needed::<E::Table, I>();
        asked.add(P::ATTRIBUTES);
        Some(asked)
    }
}

impl<E: Entity> ReadShape<E> for KeysOnly {
    type Output = E::Key;
    type Table = E::Table;
    type Read = KeyOf<E>;

    fn projection<I: Source>() -> Option<ProjectionExpression> {
        Some(needed::<E::Table, I>())
    }
}

/// What a page needs of its items, whatever is read of them: the keys, from which a cursor is made, and what tells
/// whether an item counts, as far as the index holds it.
pub(super) fn needed<S: TableSchema, I: Source>() -> ProjectionExpression {
    let mut asked = ProjectionExpression::default();
    key_names::<S, I>().for_each(|name| asked.add_whole(name));
    let marks = [S::ENTITY_TYPE, S::TTL].into_iter().flatten();
    marks.filter(|name| holds::<I>(name)).for_each(|name| asked.add_whole(name));
    asked
}

/// What the members of an item collection need together; `None` where one of them is read whole, or where items of
/// no member are kept as the source has them.
fn of_members<C: ItemCollection, I: Source>() -> Option<ProjectionExpression> {
    let mut asked = needed::<C::Table, I>();
    ask_members::<C>(&mut asked).then_some(asked)
}

/// Adds what the members of an item collection need; false where that is all there is.
pub(super) fn ask_members<C: ItemCollection>(asked: &mut ProjectionExpression) -> bool {
    if matches!(C::UNKNOWN, Unknown::Kept(_)) {
        return false;
    }
    (0..C::MEMBERS).all(|member| {
        let attributes = C::visit(member, Attributes).flatten();
        attributes.is_some_and(|attributes| {
            asked.add(attributes);
            true
        })
    })
}

struct Attributes;

impl<T> Visitor<T> for Attributes {
    type Output = Option<&'static [ProjectedAttribute]>;

    fn visit<M: Member>(self, _: fn(M) -> T) -> Self::Output {
        M::ATTRIBUTES
    }
}

impl<C: ItemCollection> ReadShape<C> for Members {
    type Output = C::Item;
    type Table = C::Table;
    type Read = MembersOf<C>;

    fn projection<I: Source>() -> Option<ProjectionExpression> {
        of_members::<C, I>()
    }
}

impl<C: ItemCollection> ReadShape<C> for Parts {
    type Output = C::Item;
    type Table = C::Table;
    type Read = MembersOf<C>;

    fn projection<I: Source>() -> Option<ProjectionExpression> {
        of_members::<C, I>()
    }
}

/// The names of the table's key attributes, which every index holds.
pub(super) fn table_key<S: TableSchema>() -> Vec<&'static str> {
    primary_key::<S>().map(|attribute| attribute.name).collect()
}

/// The key attributes of the table and of the index, which make up a cursor.
pub(super) fn key_names<S: TableSchema, I: Source>() -> impl Iterator<Item = &'static str> {
    let index = I::INDEX.into_iter().flat_map(|index| index.partition_key.iter().chain(index.sort_key));
    let table = primary_key::<S>();
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
