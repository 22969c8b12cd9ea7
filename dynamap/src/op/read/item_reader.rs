use crate::{
    call::item_status::{ItemStatus, ReadFilter, marks},
    entity::{Entity, Item, read_item_of},
    error::DecodeError,
    schema::TableSchema,
    value::FromDocument,
    wire::JsonReader,
};
use std::marker::PhantomData;

/// How one item of a page is read, whichever way it travelled.
pub trait ItemReader: 'static {
    /// What is made of it.
    type Output: Send + 'static;
    /// The table that it is in.
    type Table: TableSchema;
    /// The entity or item collection, for errors.
    const NAME: &'static str;
    /// Whether an item that cannot be read leaves the others of its page what they are. If not, the page is an error.
    const PUTS_ASIDE: bool = true;
    /// What the next item is expected to be: what the one before it was.
    type MemberHint;

    /// Makes `r` note what tells an item's standing, and its `keys`.
    fn begin(r: &mut JsonReader<'_>, keys: impl Iterator<Item = &'static str>) -> Self::MemberHint;

    /// Reads the item that is the next value and gives it to `put`, if it counts.
    fn read(
        r: &mut JsonReader<'_>,
        how: ReadFilter,
        guess: &mut Self::MemberHint,
        put: impl FnOnce(Self::Output),
    ) -> Result<ItemStatus, DecodeError>;

    /// Passes over the item that is the next value, and tells its standing.
    fn look(r: &mut JsonReader<'_>, how: ReadFilter) -> Result<ItemStatus, DecodeError>;

    /// The standing of an item that the SDK has read.
    fn standing(item: &Item, how: ReadFilter) -> ItemStatus;

    /// Reads an item that counts and that the SDK has read.
    fn from_values(item: Item) -> Result<Self::Output, DecodeError>;

    /// What is made of the number of items that DynamoDB has counted, where it was asked for that only.
    fn of_count(_counted: usize) -> Option<Self::Output> {
        None
    }

    /// What is made of an item that cannot be read; an error unless that is kept.
    fn unread(error: DecodeError) -> Result<Self::Output, DecodeError> {
        Err(error)
    }
}

/// The error of an item of no member of a collection, where an item cannot be read.
#[cold]
pub(super) fn no_member<R: ItemReader>() -> DecodeError {
    DecodeError::new(format!("an item of the collection `{}`", R::NAME), "an item of another entity")
}

/// Reads items of the entity `E` as `D`, which is the entity or a projection of it.
#[derive(Debug)]
pub struct EntityAs<E, D>(PhantomData<fn() -> (E, D)>);

impl<E: Entity, D: FromDocument<Output: Send + 'static> + 'static> ItemReader for EntityAs<E, D> {
    type Output = D::Output;
    type Table = E::Table;
    const NAME: &'static str = E::NAME;
    /// Whether it is expected not to count.
    type MemberHint = bool;

    fn begin(r: &mut JsonReader<'_>, keys: impl Iterator<Item = &'static str>) -> bool {
        r.set_marks(marks::<E::Table>(D::FIELDS, keys));
        false
    }

    fn read(
        r: &mut JsonReader<'_>,
        how: ReadFilter,
        expect_other: &mut bool,
        put: impl FnOnce(D::Output),
    ) -> Result<ItemStatus, DecodeError> {
        let standing = how.read::<E, D>(r, *expect_other, put)?;
        *expect_other = !how.counts(standing);
        Ok(standing)
    }

    fn look(r: &mut JsonReader<'_>, how: ReadFilter) -> Result<ItemStatus, DecodeError> {
        how.look::<E>(r)
    }

    fn standing(item: &Item, how: ReadFilter) -> ItemStatus {
        ItemStatus::of::<E>(item, how.found_by, how.now)
    }

    fn from_values(item: Item) -> Result<D::Output, DecodeError> {
        read_item_of::<E, D>(item)
    }
}
