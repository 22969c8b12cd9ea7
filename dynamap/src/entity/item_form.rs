//! Entities as items: what is written of one, and what is read.

use super::{Entity, Item, KeyBytes, check_key, is_checked};
use crate::{
    error::{DecodeError, ItemError},
    schema::TableSchema,
    value::{FromDocument, Writer},
    wire,
};

/// Writes a whole item: keys, entity type, then the fields.
pub fn write_item<E: Entity, W: Writer>(entity: &E, w: &mut W) -> Result<(), ItemError> {
    w.begin_item()?;
    entity.write_keys(w)?;
    if let Some(attribute) = E::Table::ENTITY_TYPE {
        w.key(attribute)?;
        w.string(E::NAME)?;
    }
    if let Some(shape) = E::SHAPE {
        shape.write(w)?;
    }
    entity.write_shape(w).map_err(|error| error.in_entity(E::NAME))?;
    w.end_item()?;
    Ok(())
}

/// The item that stores `entity`.
///
/// # Errors
/// A value cannot be stored, or a key is not valid.
pub fn to_item<E: Entity>(entity: &E) -> Result<Item, ItemError> {
    let mut w = wire::AttributeValueWriter::new();
    write_item(entity, &mut w)?;
    Ok(w.finish_item()?)
}

/// The entity that `item` stores.
///
/// # Errors
/// The item says that it is of another entity, has another key than its attributes give, or an attribute is absent or has
/// another form than the entity's field.
pub fn from_item<E: Entity>(item: Item) -> Result<E, DecodeError> {
    read_item_of::<E, E>(item)
}

/// Reads `item` of the entity `E` as `D`, which is the entity or a projection of it.
pub(crate) fn read_item_of<E: Entity, D: FromDocument<Output: 'static>>(
    item: Item,
) -> Result<D::Output, DecodeError> {
    if entity_type::<E::Table>(&item).is_some_and(|name| name != E::NAME) {
        return Err(DecodeError::other_entity(E::NAME));
    }
    let key = is_checked::<E, D::Output>().then(|| KeyBytes::of_item::<E::Table>(&item));
    let read = wire::item_from_attribute_values::<D>(item).map_err(|error| error.in_entity(E::NAME))?;
    if let Some(key) = key {
        check_key::<E, _>(&read, &mut KeyBytes::default(), &key)?;
    }
    Ok(read)
}

/// The name of the entity that an item says it is.
pub(crate) fn entity_type<S: TableSchema>(item: &Item) -> Option<&str> {
    item.get(S::ENTITY_TYPE?)?.as_s().ok().map(String::as_str)
}

/// The attributes of an item that have these names.
pub(crate) fn attributes_of<'n>(item: &Item, names: impl IntoIterator<Item = &'n str>) -> Item {
    let present = names.into_iter().filter_map(|name| item.get_key_value(name));
    present.map(|(name, value)| (name.clone(), value.clone())).collect()
}
