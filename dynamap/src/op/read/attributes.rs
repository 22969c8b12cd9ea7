//! The attributes that a page needs of its items, and those that it is selected by.

use crate::{
    call::item_status::holds,
    collection::{ItemCollection, Unknown, Visitor},
    entity::{Member, ProjectedAttribute},
    expr::ProjectionExpression,
    schema::{Source, TableSchema, primary_key},
};

/// The attributes that a page needs of its items, whatever is read of them: the keys, from which a cursor is made, and
/// the entity type and time to live, as far as the index holds them.
pub(super) fn needed<S: TableSchema, I: Source>() -> ProjectionExpression {
    let mut asked = ProjectionExpression::default();
    key_names::<S, I>().for_each(|name| asked.add_whole(name));
    let marks = [S::ENTITY_TYPE, S::TTL].into_iter().flatten();
    marks.filter(|name| holds::<I>(name)).for_each(|name| asked.add_whole(name));
    asked
}

/// The attributes that the members of an item collection need together; `None` where one of them is read whole, or
/// where items of no member are kept as they are stored.
pub(super) fn of_members<C: ItemCollection, I: Source>() -> Option<ProjectionExpression> {
    let mut asked = needed::<C::Table, I>();
    ask_members::<C>(&mut asked).then_some(asked)
}

/// Adds the attributes that the members of an item collection need; false if these are all attributes.
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

/// The names of the table's key attributes, which every index holds.
pub(in crate::op) fn table_key<S: TableSchema>() -> Vec<&'static str> {
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
