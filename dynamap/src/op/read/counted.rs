use super::{
    attributes::needed,
    collection_reader::MembersOf,
    item_reader::ItemReader,
    reads::{Queryable, ReadShape},
};
use crate::{
    call::item_status::{ItemStatus, ReadFilter, marks},
    collection::ItemCollection,
    entity::Item,
    error::DecodeError,
    expr::ProjectionExpression,
    schema::{Source, TableSchema},
    value::FieldTable,
    wire::JsonReader,
};
use std::marker::PhantomData;

/// Reads of each page how many items DynamoDB has counted.
#[derive(Debug, Clone, Copy)]
pub(in crate::op) enum Numbers {}

/// Reads the numbers of items of the table `S`.
#[derive(Debug)]
pub(in crate::op) struct NumberOf<S>(PhantomData<fn() -> S>);

impl<E: Queryable> ReadShape<E> for Numbers {
    type Output = u64;
    type Table = E::Table;
    type Read = NumberOf<E::Table>;

    fn projection<I: Source>() -> Option<ProjectionExpression> {
        None
    }
}

/// No items come with the number.
impl<S: TableSchema> ItemReader for NumberOf<S> {
    type Output = u64;
    type Table = S;
    const NAME: &'static str = "any";
    type MemberHint = ();

    fn begin(r: &mut JsonReader<'_>, keys: impl Iterator<Item = &'static str>) {
        r.set_marks(marks::<S>(&FieldTable::EMPTY, keys));
    }

    fn read(
        r: &mut JsonReader<'_>,
        how: ReadFilter,
        (): &mut (),
        _: impl FnOnce(u64),
    ) -> Result<ItemStatus, DecodeError> {
        Self::look(r, how)
    }

    fn look(r: &mut JsonReader<'_>, _: ReadFilter) -> Result<ItemStatus, DecodeError> {
        r.reset_marks();
        r.skip_item()?;
        Ok(ItemStatus::OtherEntity)
    }

    fn standing(_: &Item, _: ReadFilter) -> ItemStatus {
        ItemStatus::OtherEntity
    }

    fn from_values(_: Item) -> Result<u64, DecodeError> {
        Ok(0)
    }

    fn of_count(counted: usize) -> Option<u64> {
        Some(counted as u64)
    }
}

/// Reads of each item of an item collection only that it counts.
#[derive(Debug, Clone, Copy)]
pub enum MemberStandings {}

/// Looks at items of the item collection `C`.
#[derive(Debug)]
pub struct StatusOf<C>(PhantomData<fn() -> C>);

impl<C: ItemCollection> ReadShape<C> for MemberStandings {
    type Output = ();
    type Table = C::Table;
    type Read = StatusOf<C>;

    fn projection<I: Source>() -> Option<ProjectionExpression> {
        Some(needed::<C::Table, I>())
    }
}

impl<C: ItemCollection> ItemReader for StatusOf<C> {
    type Output = ();
    type Table = C::Table;
    const NAME: &'static str = C::NAME;
    type MemberHint = ();

    fn begin(r: &mut JsonReader<'_>, keys: impl Iterator<Item = &'static str>) {
        r.set_marks(marks::<C::Table>(&FieldTable::EMPTY, keys));
    }

    fn read(
        r: &mut JsonReader<'_>,
        how: ReadFilter,
        (): &mut (),
        put: impl FnOnce(()),
    ) -> Result<ItemStatus, DecodeError> {
        let standing = Self::look(r, how)?;
        if how.counts(standing) {
            put(());
        }
        Ok(standing)
    }

    fn look(r: &mut JsonReader<'_>, how: ReadFilter) -> Result<ItemStatus, DecodeError> {
        <MembersOf<C>>::look(r, how)
    }

    fn standing(item: &Item, how: ReadFilter) -> ItemStatus {
        <MembersOf<C>>::standing(item, how)
    }

    fn from_values(_: Item) -> Result<(), DecodeError> {
        Ok(())
    }
}
