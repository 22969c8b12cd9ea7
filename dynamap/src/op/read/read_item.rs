use crate::{
    entity::{Entity, Item},
    error::DecodeError,
    op::standing::{ReadItems, Standing, marks},
    schema::TableSchema,
    value::FromDocument,
    wire::{self, JsonReader},
};
use std::marker::PhantomData;

/// How one item of a page is read, whichever way it travelled.
pub trait ReadItem: 'static {
    /// What is made of it.
    type Output: Send + 'static;
    /// The table that it is in.
    type Table: TableSchema;
    /// The entity or item collection, for errors.
    const NAME: &'static str;

    /// Makes `r` note what tells an item's standing, and its `keys`.
    fn set_marks(r: &mut JsonReader<'_>, keys: impl Iterator<Item = &'static str>);

    /// Reads the item that is the next value and gives it to `put`, if it counts. A caller who expects that it
    /// does not can say so.
    fn read(
        r: &mut JsonReader<'_>,
        how: ReadItems,
        expect_other: bool,
        put: impl FnOnce(Self::Output),
    ) -> Result<Standing, DecodeError>;

    /// Passes over the item that is the next value, and tells its standing.
    fn look(r: &mut JsonReader<'_>, how: ReadItems) -> Result<Standing, DecodeError>;

    /// The standing of an item that the SDK has read.
    fn standing(item: &Item, how: ReadItems) -> Standing;

    /// Reads an item that counts and that the SDK has read.
    fn from_values(item: Item) -> Result<Self::Output, DecodeError>;
}

/// Reads items of the entity `E` as `D`, which is the entity or a projection of it.
#[derive(Debug)]
pub struct EntityAs<E, D>(PhantomData<fn() -> (E, D)>);

impl<E: Entity, D: FromDocument<Output: Send + 'static> + 'static> ReadItem for EntityAs<E, D> {
    type Output = D::Output;
    type Table = E::Table;
    const NAME: &'static str = E::NAME;

    fn set_marks(r: &mut JsonReader<'_>, keys: impl Iterator<Item = &'static str>) {
        r.set_marks(marks::<E::Table>(D::FIELDS, keys));
    }

    fn read(
        r: &mut JsonReader<'_>,
        how: ReadItems,
        expect_other: bool,
        put: impl FnOnce(D::Output),
    ) -> Result<Standing, DecodeError> {
        how.read::<E, D>(r, expect_other, put)
    }

    fn look(r: &mut JsonReader<'_>, how: ReadItems) -> Result<Standing, DecodeError> {
        how.look::<E>(r)
    }

    fn standing(item: &Item, how: ReadItems) -> Standing {
        Standing::of::<E>(item, how.found_by, how.now)
    }

    fn from_values(item: Item) -> Result<D::Output, DecodeError> {
        wire::item_from_attribute_values::<D>(item).map_err(|error| error.in_entity(E::NAME))
    }
}
