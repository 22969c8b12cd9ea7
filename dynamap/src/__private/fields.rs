use crate::{
    error::{DecodeError, EncodeError},
    value::{
        self, FieldTable, FromAttribute, FromDocument, Members, Reader, ToAttribute, ToDocument, Writer,
    },
};

#[inline(never)]
pub fn read_field<T: FromAttribute, R: Reader>(field: &mut Option<T>, r: &mut R) -> Result<(), DecodeError> {
    *field = Some(T::read(r)?);
    Ok(())
}

pub fn read_serde_field<T: serde::de::DeserializeOwned, R: Reader>(
    field: &mut Option<T>,
    r: &mut R,
) -> Result<(), DecodeError> {
    *field = Some(value::serde::read(r)?);
    Ok(())
}

pub fn read_field_with<T>(field: &mut Option<T>, value: Result<T, DecodeError>) -> Result<(), DecodeError> {
    *field = Some(value?);
    Ok(())
}

/// Offers an attribute to a flattened document.
pub fn read_flattened<T: FromDocument, R: Reader>(
    partial: &mut T::Partial,
    name: &str,
    r: &mut R,
) -> Result<bool, DecodeError> {
    match T::FIELDS.find(name.as_bytes()) {
        Some(index) => T::read_field(partial, index, r).map(|()| true),
        None if T::OPEN => T::read_other(partial, name, r),
        None => Ok(false),
    }
}

pub fn take<T: FromAttribute>(field: Option<T>, name: &'static str) -> Result<T, DecodeError> {
    match field {
        Some(value) => Ok(value),
        None => T::absent().ok_or_else(|| absent(name)),
    }
}

pub fn take_serde<T: serde::de::DeserializeOwned>(
    field: Option<T>,
    name: &'static str,
) -> Result<T, DecodeError> {
    match field {
        Some(value) => Ok(value),
        None => value::serde::absent().ok_or_else(|| absent(name)),
    }
}

pub fn take_required<T>(field: Option<T>, name: &'static str) -> Result<T, DecodeError> {
    field.ok_or_else(|| absent(name))
}

pub fn take_or<T>(field: Option<T>, default: impl FnOnce() -> T) -> T {
    field.unwrap_or_else(default)
}

#[cold]
fn absent(name: &'static str) -> DecodeError {
    DecodeError::new("an attribute", "none").in_field(name)
}

pub fn write_field<T: ToAttribute, W: Writer>(
    w: &mut W,
    table: &'static FieldTable,
    index: usize,
    value: &T,
) -> Result<(), EncodeError> {
    if value.is_absent() {
        return Ok(());
    }
    w.field(table, index)?;
    value.write(w).map_err(|error| error.in_field(table.name(index)))
}

pub fn write_serde_field<T: serde::Serialize, W: Writer>(
    w: &mut W,
    table: &'static FieldTable,
    index: usize,
    value: &T,
) -> Result<(), EncodeError> {
    if value::serde::is_absent(value) {
        return Ok(());
    }
    w.field(table, index)?;
    value::serde::write(value, w).map_err(|error| error.in_field(table.name(index)))
}

pub fn write_field_with<W: Writer>(
    w: &mut W,
    table: &'static FieldTable,
    index: usize,
    absent: bool,
    write: impl FnOnce(&mut W) -> Result<(), EncodeError>,
) -> Result<(), EncodeError> {
    if absent {
        return Ok(());
    }
    w.field(table, index)?;
    write(w).map_err(|error| error.in_field(table.name(index)))
}

pub fn write_document<T: ToDocument, W: Writer>(document: &T, w: &mut W) -> Result<(), EncodeError> {
    w.begin_map()?;
    document.write_fields(w)?;
    w.end_map()
}

/// Reads the element at `index` of a list that must have `count`.
pub fn read_element<T, R: Reader>(
    r: &mut R,
    list: &mut Members,
    index: usize,
    count: usize,
    read: impl FnOnce(&mut R) -> Result<T, DecodeError>,
) -> Result<T, DecodeError> {
    if !r.next_element(list)? {
        return Err(list_length(count, "fewer"));
    }
    read(r).map_err(|error| error.at_index(index))
}

pub fn end_elements<R: Reader>(r: &mut R, list: &mut Members, count: usize) -> Result<(), DecodeError> {
    if r.next_element(list)? {
        return Err(list_length(count, "more"));
    }
    Ok(())
}

#[cold]
fn list_length(count: usize, found: &'static str) -> DecodeError {
    DecodeError::new(format!("a list of {count} elements"), found)
}

pub fn write_element<W: Writer>(
    w: &mut W,
    index: usize,
    write: impl FnOnce(&mut W) -> Result<(), EncodeError>,
) -> Result<(), EncodeError> {
    w.element()?;
    write(w).map_err(|error| error.at_index(index))
}
