use crate::{
    call::item_status::{ItemStatus, ReadFilter, marks},
    entity::{Entity, Item, declared_names, read_item_of},
    error::{DecodeError, ItemCollectionError, Redacted},
    schema::TableSchema,
    value::FromDocument,
    wire::JsonReader,
};
use std::marker::PhantomData;

/// A reader of one item of a page, by either mapping.
pub trait ItemReader: 'static {
    /// The type that an item is read as.
    type Output: Send + 'static;
    /// The table that it is in.
    type Table: TableSchema;
    /// The entity or item collection, for errors.
    const NAME: &'static str;
    /// True if an item that cannot be read leaves the other items of its page as they are. Otherwise the page is an
    /// error.
    const PUTS_ASIDE: bool = true;
    /// The expectation of the next item, taken from the one before it.
    type MemberHint;

    /// Makes `r` note the attributes that tell an item's status, and its `keys`.
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

    /// The position of the member that the item which `r` read last is of, among those of an item collection; none of
    /// an item that is of no member.
    fn noted_member(_r: &JsonReader<'_>) -> Option<usize> {
        Some(0)
    }

    /// The position of the member that an item is of, which the SDK has read.
    fn member(_item: &Item) -> Option<usize> {
        Some(0)
    }

    /// The name of the entity of the member at this position.
    fn entity_name(_member: usize) -> &'static str {
        Self::NAME
    }

    /// The attributes that items of the member at this position have under names known when it was compiled.
    fn declared_names(_member: usize) -> Vec<&'static str> {
        Vec::new()
    }

    /// The output for the number of items that DynamoDB has counted, if only that was requested.
    fn of_count(_counted: usize) -> Option<Self::Output> {
        None
    }

    /// The output for an item that cannot be read; an error unless that is kept.
    fn unread(error: DecodeError) -> Result<Self::Output, DecodeError> {
        Err(error)
    }
}

/// The error of an item of no member of a collection, where an item cannot be read.
#[cold]
pub(super) fn no_member<R: ItemReader>() -> DecodeError {
    DecodeError::new(format!("an item of the collection `{}`", R::NAME), "an item of another entity")
}

/// An item of no member of the collection that `R` reads.
#[cold]
pub(crate) fn unknown_entity<R: ItemReader>(entity_type: Option<&str>) -> ItemCollectionError {
    let found = entity_type.map(|name| {
        let end = (0..=name.len().min(255)).rev().find(|end| name.is_char_boundary(*end));
        Redacted::new("{entity type}", &name[..end.unwrap_or_default()])
    });
    ItemCollectionError::UnknownEntity { collection: R::NAME, found }
}

/// Reads items of the entity `E` as `D`, which is the entity or a projection of it.
#[derive(Debug)]
pub struct EntityAs<E, D>(PhantomData<fn() -> (E, D)>);

impl<E: Entity, D: FromDocument<Output: Send + 'static> + 'static> ItemReader for EntityAs<E, D> {
    type Output = D::Output;
    type Table = E::Table;
    const NAME: &'static str = E::NAME;
    /// True if the item is expected not to count.
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

    fn declared_names(_: usize) -> Vec<&'static str> {
        declared_names::<E>()
    }
}
