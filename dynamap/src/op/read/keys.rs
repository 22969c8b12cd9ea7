use super::item_reader::ItemReader;
use crate::{
    call::item_status::{FoundBy, ItemStatus, ReadFilter, marks, noted_key},
    entity::{self, Entity, Item},
    error::DecodeError,
    value::FieldTable,
    wire::JsonReader,
};
use std::marker::PhantomData;

/// Reads of each item of the entity `E` its primary key.
#[derive(Debug)]
pub struct KeyReader<E>(PhantomData<fn() -> E>);

impl<E: Entity> ItemReader for KeyReader<E> {
    type Output = E::Key;
    type Table = E::Table;
    const NAME: &'static str = E::NAME;
    type MemberHint = ();

    fn begin(r: &mut JsonReader<'_>, keys: impl Iterator<Item = &'static str>) {
        r.set_marks(marks::<E::Table>(&FieldTable::EMPTY, keys));
    }

    fn read(
        r: &mut JsonReader<'_>,
        how: ReadFilter,
        (): &mut (),
        put: impl FnOnce(E::Key),
    ) -> Result<ItemStatus, DecodeError> {
        let standing = how.look::<E>(r)?;
        if how.counts(standing) {
            let (partition_key, sort_key) = noted_key::<E::Table>(r);
            put(<E::Key as entity::Key>::from_attributes(partition_key, sort_key)
                .map_err(|error| error.in_entity(E::NAME))?);
        }
        Ok(standing)
    }

    fn look(r: &mut JsonReader<'_>, how: ReadFilter) -> Result<ItemStatus, DecodeError> {
        how.look::<E>(r)
    }

    fn standing(item: &Item, how: ReadFilter) -> ItemStatus {
        ItemStatus::of::<E>(item, FoundBy::Page, how.now)
    }

    fn from_values(item: Item) -> Result<E::Key, DecodeError> {
        entity::key_of::<E>(&item)
    }
}
