//! Item collections: the items that several entities have under one partition key, read by one request.

mod member_key;

pub use member_key::MemberKey;

use crate::{
    entity::{Entity, Item, KeyedBy, Member},
    error::ItemCollectionError,
    expr::Condition,
    key::{IntoKeyCondition, KeyCondition, PartialKey},
    schema::{Source, TableSchema},
};
use std::fmt;

#[doc = include_str!("../guide/collection.md")]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an item collection",
    note = "derive `dynamap::ItemCollection` for `{Self}`"
)]
#[doc(alias("join", "adjacency_list", "polymorphic"))]
pub trait ItemCollection: Sized + Send + 'static {
    /// The table that holds the items.
    type Table: TableSchema;
    /// The source that holds the items: the table ([`Primary`](crate::schema::Primary)) or an index.
    type Source: Source;
    /// The type that each item is read as: the enum itself; of a struct, the content of its fields.
    type Item: Send + 'static;
    /// The name of the type, for errors.
    const NAME: &'static str;
    /// The number of members.
    #[doc(hidden)]
    const MEMBERS: usize;
    /// The treatment of items that are of no member.
    #[doc(hidden)]
    const UNKNOWN: Unknown<Self::Item>;

    /// Shows a member to `visitor`; `None` if there is no such member.
    #[doc(hidden)]
    fn visit<V: Visitor<Self::Item>>(member: usize, visitor: V) -> Option<V::Output>;
}

/// An item collection that can be read from the source `I`, since all its members can. Derived with
/// [`ItemCollection`].
#[diagnostic::on_unimplemented(
    message = "the item collection `{Self}` cannot be read from `{I}`",
    note = "an index that does not hold whole items is read as projections: make the members types that derive `Projection` with `index = {I}`"
)]
pub trait CollectionFrom<I: Source>: ItemCollection {}

/// An entity that is a member of the item collection `C`. Derived with [`ItemCollection`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no member of the item collection `{C}`",
    label = "expected one of the entities that `{C}` holds"
)]
pub trait MemberOf<C> {
    /// Its position among the members.
    #[doc(hidden)]
    const MEMBER: usize;
}

/// An entity whose conditions can filter the items of `Q`: the entity itself, or an item collection that it is a
/// member of. Derived with [`ItemCollection`].
#[diagnostic::on_unimplemented(
    message = "a condition on `{Self}` is no filter of `{Q}`",
    label = "expected a condition on `{Q}`, or on one of its members if it is an item collection"
)]
pub trait FilterOf<Q>: Sized {
    #[doc(hidden)]
    fn into_filter(condition: Condition<Self>) -> Condition<Q>;
}

impl<E: Entity> FilterOf<E> for E {
    fn into_filter(condition: Condition<E>) -> Condition<E> {
        condition
    }
}

/// An item collection that is put together of all its items: a struct. Derived with [`ItemCollection`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not put together of items",
    label = "not a struct that derives `dynamap::ItemCollection`",
    note = "the items of an enum are read with `send`, `items` or `try_collect`"
)]
pub trait Assemble: ItemCollection {
    /// Puts the items into the fields, in the order in which they were read.
    ///
    /// # Errors
    /// There is none for a field that wants one, or more than one for a field that takes one.
    #[doc(hidden)]
    fn assemble(items: Vec<Self::Item>) -> Result<Self, ItemCollectionError>;
}

/// The treatment of items that are of no member of a collection.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub enum Unknown<T> {
    /// They are an error.
    Refused,
    /// They are passed over.
    Skipped,
    /// They are kept as they are stored.
    Kept(fn(Item) -> T),
}

/// A call that is made for one member of a collection whose items are read as `T`.
#[doc(hidden)]
pub trait Visitor<T> {
    type Output;

    /// `M` is the member, and `into` makes an item of it.
    fn visit<M: Member>(self, into: fn(M) -> T) -> Self::Output;
}

/// Tells the name of a member's entity.
pub(crate) struct EntityName;

impl<T> Visitor<T> for EntityName {
    type Output = &'static str;

    fn visit<M: Member>(self, _: fn(M) -> T) -> &'static str {
        M::Entity::NAME
    }
}

/// The key condition for one partition of an item collection: all its items, or after [`of`](Partition::of) some.
#[must_use = "a key condition does nothing until a query uses it"]
pub struct Partition<C, I>(PartialKey<C, I>);

impl<C: ItemCollection, I> Partition<C, I> {
    #[doc(hidden)]
    pub fn new(key: PartialKey<C, I>) -> Self {
        Self(key)
    }

    /// Narrows the query to the sort keys of one member, and to those below them.
    ///
    /// The next steps are the member's own condition, component by component. It selects items of all members whose
    /// sort keys are in the interval: `ORDER#7` and below it `ORDER#7#LINE#1`.
    pub fn of<M: MemberOf<C> + KeyedBy<I>>(self) -> M::Steps<C> {
        M::sort_key(self.0.and_below())
    }
}

impl<C, I> IntoKeyCondition for Partition<C, I> {
    type Entity = C;
    type Source = I;

    fn into_key_condition(self) -> KeyCondition<C, I> {
        self.0.into_condition()
    }
}

impl<C, I> IntoKeyCondition for &Partition<C, I> {
    type Entity = C;
    type Source = I;

    fn into_key_condition(self) -> KeyCondition<C, I> {
        self.0.clone().into_condition()
    }
}

impl<C, I> Clone for Partition<C, I> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<C, I> fmt::Debug for Partition<C, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Partition").field(&self.0).finish()
    }
}

/// The filter of a collection that a condition on one of its members is.
pub(crate) fn filter_of_member<M: Entity, C>(condition: Condition<M>) -> Condition<C> {
    condition.of_entity(M::Table::ENTITY_TYPE, M::NAME)
}

/// The only item that a field takes.
pub(crate) fn put_one<C: ItemCollection, M: Member>(
    field: &mut Option<M>,
    item: M,
) -> Result<(), ItemCollectionError> {
    match field.replace(item) {
        Some(_) => Err(ItemCollectionError::Several { collection: C::NAME, entity: M::Entity::NAME }),
        None => Ok(()),
    }
}

/// The item that a field wants.
pub(crate) fn required<C: ItemCollection, M: Member>(field: Option<M>) -> Result<M, ItemCollectionError> {
    field.ok_or(ItemCollectionError::Missing { collection: C::NAME, entity: M::Entity::NAME })
}
