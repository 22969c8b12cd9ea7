//! Shapes of stored items, and what becomes of older ones when they are read.

use crate::{
    entity::{Entity, EntityShape, OlderShape, Versioned},
    error::{DecodeError, EncodeError},
    schema::{ProjectingIndex, TableSchema},
    value::{FromDocument, Lineage, Reader, Writer, read_members},
};
use std::any::Any;

/// The shapes of `E` in the attribute that its table names.
pub const fn shape_of<E: Entity>(known: u32, written: u32) -> EntityShape {
    let attribute = match <E::Table as TableSchema>::SHAPE {
        Some(attribute) => attribute,
        None => "",
    };
    EntityShape { attribute, known, written }
}

/// True if the table names the attribute of the shape.
pub const fn has_shape_attribute<S: TableSchema>() -> bool {
    S::SHAPE.is_some() || S::PARTITION_KEY.name.is_empty()
}

/// True if the index holds the attribute of the shape, where `E` has one.
pub const fn tells_shape<I: ProjectingIndex, E: Entity>() -> bool {
    match E::SHAPE {
        Some(shape) => super::holds::<I>(shape.attribute),
        None => true,
    }
}

/// True if an item of the shape `D` holds the attribute, under its name of today.
pub const fn shape_holds<D: FromDocument>(attribute: &str) -> bool {
    super::is_among(attribute, <D as FromDocument>::FIELDS.names())
}

/// The number of the shape of the item that is the next value, which stays unread.
pub fn stored_shape<E: Entity, R: Reader>(r: &mut R) -> Result<u32, DecodeError> {
    let Some(shape) = E::SHAPE else { return Ok(EntityShape::FIRST) };
    let stored = r.find_attribute::<u32>(shape.attribute).map_err(|error| error.in_field(shape.attribute))?;
    Ok(stored.unwrap_or(EntityShape::FIRST))
}

/// Reads the item that is the next value, which has the shape of the entity.
#[inline]
pub fn read_current<T: FromDocument, R: Reader>(r: &mut R) -> Result<T::Output, DecodeError> {
    let members = r.begin_item()?;
    read_members::<T, R>(r, members)
}

/// Reads the item that is the next value, which has an older shape.
pub fn read_older<T: OlderShape, R: Reader>(r: &mut R) -> Result<T, DecodeError> {
    r.by_other_names(|r| read_current::<T, R>(r))
}

/// Makes the shape `T` of an older one.
pub fn upgrade<F: OlderShape, T: TryFrom<F, Error: 'static>>(
    older: F,
    number: u32,
) -> Result<T, DecodeError> {
    T::try_from(older).map_err(|error| refused(&error, number))
}

#[cold]
fn refused(error: &dyn Any, number: u32) -> DecodeError {
    // Any other error may show values.
    match error.downcast_ref::<DecodeError>() {
        Some(error) => error.clone(),
        None => DecodeError::new(
            format!("an item that can become shape {number}"),
            "one for which the conversion returned an error",
        ),
    }
}

/// The error of an item that is stored in a shape which `E` does not read.
#[cold]
pub fn no_upgrade<E: Entity>(stored: u32) -> DecodeError {
    DecodeError::other_shape(stored, E::SHAPE.map_or(EntityShape::FIRST, |shape| shape.known))
}

/// The lineage of the item that is the next value, which stays unread: an older shape need not have it.
pub fn stored_lineage<E: Versioned, R: Reader>(r: &mut R) -> Result<Option<Lineage>, DecodeError> {
    match E::LINEAGE {
        Some(attribute) => r.find_attribute::<Lineage>(attribute).map_err(|error| error.in_field(attribute)),
        None => Ok(None),
    }
}

/// Gives the version of an entity that was made of an older shape the lineage of its item.
pub fn with_lineage<E: Versioned>(mut entity: E, lineage: Option<Lineage>) -> E {
    if E::LINEAGE.is_some() {
        let version = entity.version_mut();
        *version = version.clone().with_lineage(Some(lineage.unwrap_or(Lineage::NONE)));
    }
    entity
}

/// Reads the item that is the next value as a projection of `E`, whose fields are those of the entity's own shape.
#[inline]
pub fn read_projected<T: FromDocument, E: Entity, R: Reader>(r: &mut R) -> Result<T::Output, DecodeError> {
    if let Some(shape) = E::SHAPE {
        let stored = stored_shape::<E, R>(r)?;
        if stored != shape.known {
            return Err(no_upgrade::<E>(stored));
        }
    }
    read_current::<T, R>(r)
}

/// Gives the names of the attributes of another shape.
pub fn names_of_shape<T: OlderShape>(name: &mut dyn FnMut(&'static str)) {
    T::each_name(name);
}

/// Writes the fields of an entity in an older shape.
pub fn write_older<'e, E, T, W>(entity: &'e E, w: &mut W) -> Result<(), EncodeError>
where
    T: OlderShape + From<&'e E>,
    W: Writer,
{
    T::from(entity).write_fields(w)
}
