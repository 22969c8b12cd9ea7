//! Reads of one item by its primary key: whole, or as a projection.

use super::read::{Projected, Whole};
use crate::{
    call::item_status::{FoundBy, ItemStatus, ReadFilter},
    entity::{Entity, Item, Member, Projection, is_checked, read_item_of},
    error::DecodeError,
    expr::ProjectionExpression,
    schema::TableSchema,
    value::FieldTable,
    wire::JsonReader,
};
use std::marker::PhantomData;

/// A way to read an item of `E` by its primary key.
///
/// `at` is the position of the member whose key it is, where `E` is an item collection.
pub trait ReadShapeOne<E>: 'static {
    /// The type that the item is read as.
    type Output: Send + 'static;

    /// The table that the item is in.
    #[doc(hidden)]
    type Table: TableSchema;

    /// Adds the attributes that it reads; false if that is the whole item.
    #[doc(hidden)]
    fn ask(asked: &mut ProjectionExpression) -> bool;

    /// The table by which the fields of most items are read.
    #[doc(hidden)]
    fn fields(at: usize) -> &'static FieldTable;

    /// True if the key that was read is compared with that of the item.
    #[doc(hidden)]
    fn is_checked() -> bool;

    /// Reads the item that is the next value into `read`, if it counts.
    #[doc(hidden)]
    fn read(
        at: usize,
        how: ReadFilter,
        r: &mut JsonReader<'_>,
        read: &mut Option<Self::Output>,
    ) -> Result<ItemStatus, DecodeError>;

    /// Makes `read` of an item that the SDK has read, if it counts.
    #[doc(hidden)]
    fn take(
        at: usize,
        how: ReadFilter,
        item: Item,
        read: &mut Option<Self::Output>,
    ) -> Result<ItemStatus, DecodeError>;

    /// An item that does not count is absent, unless it is of another entity: that is an error.
    #[doc(hidden)]
    fn check_absent(standing: ItemStatus) -> Result<(), DecodeError>;
}

/// Reads an item of the entity `$E` as `$D`.
macro_rules! reads_one {
    ($([$($generics:tt)*] $ReadShape:ty as $D:ident, $attributes:expr;)*) => { $(
        impl<E: Entity, $($generics)*> ReadShapeOne<E> for $ReadShape {
            type Output = $D;
            type Table = E::Table;

            fn ask(asked: &mut ProjectionExpression) -> bool {
                let attributes: Option<&[_]> = $attributes;
                attributes.is_some_and(|attributes| {
                    asked.add(attributes);
                    true
                })
            }

            fn fields(_: usize) -> &'static FieldTable {
                $D::FIELDS
            }

            fn is_checked() -> bool {
                is_checked::<E, $D>()
            }

            fn read(
                _: usize,
                how: ReadFilter,
                r: &mut JsonReader<'_>,
                read: &mut Option<$D>,
            ) -> Result<ItemStatus, DecodeError> {
                how.read::<E, $D>(r, false, |one| *read = Some(one))
            }

            fn take(
                _: usize,
                how: ReadFilter,
                item: Item,
                read: &mut Option<$D>,
            ) -> Result<ItemStatus, DecodeError> {
                let standing = ItemStatus::of::<E>(&item, FoundBy::Key, how.now);
                if how.counts(standing) {
                    *read = Some(read_item_of::<E, $D>(item)?);
                }
                Ok(standing)
            }

            fn check_absent(standing: ItemStatus) -> Result<(), DecodeError> {
                match standing {
                    ItemStatus::OtherEntity => Err(DecodeError::other_entity(E::NAME)),
                    _ => Ok(()),
                }
            }
        }
    )* };
}

reads_one! {
    [] Whole as E, None;
    [P: Projection<Entity = E>] Projected<P> as P, Some(P::ATTRIBUTES);
    [M: Member<Entity = E>] AsMember<M> as M, M::ATTRIBUTES;
}

/// Reads the entity or projection `M`.
pub struct AsMember<M>(PhantomData<fn() -> M>);

/// The attributes that tell that there is an item, and its entity, when only some attributes are requested.
pub(super) fn marks_of_one<S: TableSchema>() -> impl Iterator<Item = &'static str> {
    [Some(S::PARTITION_KEY.name), S::ENTITY_TYPE, S::TTL].into_iter().flatten()
}
