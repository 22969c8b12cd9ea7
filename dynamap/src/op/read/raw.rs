use super::{HeldBy, ReadShape, item_reader::ItemReader};
use crate::{
    call::item_status::{ItemStatus, ReadFilter, marks},
    entity::Item,
    error::DecodeError,
    expr::ProjectionExpression,
    schema::{Primary, Source, TableSchema},
    value::FieldTable,
    wire::{self, JsonReader},
};
use std::marker::PhantomData;

/// Reads every item of the table as the JSON that it came in, whatever it is.
#[derive(Debug, Clone, Copy)]
pub enum Raw {}

/// Reads items of the table `S` as JSON.
#[derive(Debug)]
pub struct RawOf<S>(PhantomData<fn() -> S>);

impl<S: TableSchema> ReadShape<S> for Raw {
    type Output = Box<[u8]>;
    type Table = S;
    type Read = RawOf<S>;

    fn projection<I: Source>() -> Option<ProjectionExpression> {
        None
    }
}

impl<S: TableSchema> HeldBy<S, Primary> for Raw {}

impl<S: TableSchema> ItemReader for RawOf<S> {
    type Output = Box<[u8]>;
    type Table = S;
    const NAME: &'static str = "any";
    const PUTS_ASIDE: bool = false;
    type MemberHint = ();

    fn begin(r: &mut JsonReader<'_>, keys: impl Iterator<Item = &'static str>) {
        r.set_marks(marks::<S>(&FieldTable::EMPTY, keys));
    }

    fn read(
        r: &mut JsonReader<'_>,
        how: ReadFilter,
        (): &mut (),
        put: impl FnOnce(Box<[u8]>),
    ) -> Result<ItemStatus, DecodeError> {
        r.scanner.pass_whitespace();
        let start = r.scanner.offset();
        let standing = Self::look(r, how)?;
        put(r.scanner.bytes().get(start..r.scanner.offset()).unwrap_or_default().into());
        Ok(standing)
    }

    fn look(r: &mut JsonReader<'_>, _: ReadFilter) -> Result<ItemStatus, DecodeError> {
        r.reset_marks();
        r.skip_item()?;
        Ok(ItemStatus::Present)
    }

    fn standing(_: &Item, _: ReadFilter) -> ItemStatus {
        ItemStatus::Present
    }

    fn from_values(item: Item) -> Result<Box<[u8]>, DecodeError> {
        let json = wire::item_to_json(&item);
        let json = json.map_err(|error| DecodeError::new("an item that can be stored", error.to_string()))?;
        Ok(json.into())
    }
}
