use super::{HeldBy, Reads, read_item::ReadItem};
use crate::{
    call::item_status::{ReadItems, Standing, marks},
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

impl<S: TableSchema> Reads<S> for Raw {
    type Output = Box<[u8]>;
    type Table = S;
    type Read = RawOf<S>;

    fn projection<I: Source>() -> Option<ProjectionExpression> {
        None
    }
}

impl<S: TableSchema> HeldBy<S, Primary> for Raw {}

impl<S: TableSchema> ReadItem for RawOf<S> {
    type Output = Box<[u8]>;
    type Table = S;
    const NAME: &'static str = "any";
    const PUTS_ASIDE: bool = false;
    type Guess = ();

    fn begin(r: &mut JsonReader<'_>, keys: impl Iterator<Item = &'static str>) {
        r.set_marks(marks::<S>(&FieldTable::EMPTY, keys));
    }

    fn read(
        r: &mut JsonReader<'_>,
        how: ReadItems,
        (): &mut (),
        put: impl FnOnce(Box<[u8]>),
    ) -> Result<Standing, DecodeError> {
        r.scanner.pass_whitespace();
        let start = r.scanner.offset();
        let standing = Self::look(r, how)?;
        put(r.scanner.bytes().get(start..r.scanner.offset()).unwrap_or_default().into());
        Ok(standing)
    }

    fn look(r: &mut JsonReader<'_>, _: ReadItems) -> Result<Standing, DecodeError> {
        r.reset_marks();
        r.skip_item()?;
        Ok(Standing::Present)
    }

    fn standing(_: &Item, _: ReadItems) -> Standing {
        Standing::Present
    }

    fn from_values(item: Item) -> Result<Box<[u8]>, DecodeError> {
        let json = wire::item_to_json(&item);
        let json = json.map_err(|error| DecodeError::new("an item that can be stored", error.to_string()))?;
        Ok(json.into())
    }
}
