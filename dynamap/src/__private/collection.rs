//! Functions that generated code calls for the members of an item collection.

use crate::{
    collection::{ItemCollection, Visitor, filter_of_member, put_one, required},
    entity::{Entity, KeyedBy, Member, PartitionPart},
    error::ItemCollectionError,
    expr::Condition,
    schema::{Source, TableSchema},
};

/// The source of an item collection: the table or an index. Its path is named here only, so that a mistake in it is
/// one error.
pub trait CollectionIn {
    type Source: Source;
}

/// The member at a position of an item collection. Generated code asks all of it by this trait: so a type that is
/// no member is one error, not one for each use.
pub trait MemberAt<const AT: usize>: CollectionIn + Sized {
    type Member: Member<Entity: KeyedBy<Self::Source>>;

    const PARTITION: &'static [PartitionPart] =
        <<Self::Member as Member>::Entity as KeyedBy<Self::Source>>::PARTITION;

    fn visit<T, V: Visitor<T>>(visitor: V, into: fn(Self::Member) -> T) -> V::Output {
        visitor.visit(into)
    }

    fn into_filter(condition: Condition<<Self::Member as Member>::Entity>) -> Condition<Self> {
        filter_of_member(condition)
    }

    fn put_one(field: &mut Option<Self::Member>, item: Self::Member) -> Result<(), ItemCollectionError>
    where
        Self: ItemCollection,
    {
        put_one::<Self, Self::Member>(field, item)
    }

    fn required(field: Option<Self::Member>) -> Result<Self::Member, ItemCollectionError>
    where
        Self: ItemCollection,
    {
        required::<Self, Self::Member>(field)
    }
}

/// The table `T`, in which the members `A` and `B` of the collection `C` are.
#[diagnostic::on_unimplemented(
    message = "`{A}` and `{B}` are in different tables, so no request reads both for `{C}`",
    label = "in another table"
)]
pub trait IsTable<T, C, A, B> {}

impl<T, C, A, B> IsTable<T, C, A, B> for T {}

/// The table `T`, of which the collection `C` holds all items. `E` is its first member.
#[diagnostic::on_unimplemented(
    message = "`{E}` is not in the table `{T}`, of which `{C}` is to hold all items",
    label = "in another table"
)]
pub trait IsWholeTable<T, C, E> {}

impl<T, C, E> IsWholeTable<T, C, E> for T {}

pub const fn assert_in_table<C, T: TableSchema, E: Entity>()
where
    E::Table: IsWholeTable<T, C, E>,
{
}

pub const fn assert_same_table<C, A: Entity, B: Entity>()
where
    B::Table: IsTable<A::Table, C, A, B>,
{
}
