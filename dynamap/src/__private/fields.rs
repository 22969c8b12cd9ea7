use crate::{
    error::{DecodeError, EncodeError},
    value::{self, FieldTable, FromAttribute, FromDocument, Members, Reader, ToDocument, Writer},
};
use serde::{Serialize, de::DeserializeOwned};
use std::marker::PhantomData;

/// The type of a field that is an attribute.
///
/// Generated code asks for all it needs by this one type, whose bound is the only one: a type that is no
/// attribute is one error, in the same words wherever the field is read or written.
pub struct Stored<T: FromAttribute>(PhantomData<T>);

impl<T: FromAttribute> Stored<T> {
    #[inline(never)]
    pub fn read_field<R: Reader>(field: &mut Option<T>, r: &mut R) -> Result<(), DecodeError> {
        *field = Some(T::read(r)?);
        Ok(())
    }

    pub fn take(field: Option<T>, name: &'static str) -> Result<T, DecodeError> {
        match field {
            Some(value) => Ok(value),
            None => T::absent().ok_or_else(|| absent(name)),
        }
    }

    pub fn write_field<W: Writer>(
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

    pub fn read<R: Reader>(r: &mut R) -> Result<T, DecodeError> {
        T::read(r)
    }

    pub fn write<W: Writer>(value: &T, w: &mut W) -> Result<(), EncodeError> {
        value.write(w)
    }

    pub fn absent() -> Option<T> {
        T::absent()
    }

    pub fn is_absent(value: &T) -> bool {
        value.is_absent()
    }
}

/// The type of a field that serde maps. As [`Stored`].
pub struct StoredBySerde<T: Serialize + DeserializeOwned>(PhantomData<T>);

impl<T: Serialize + DeserializeOwned> StoredBySerde<T> {
    pub fn read_field<R: Reader>(field: &mut Option<T>, r: &mut R) -> Result<(), DecodeError> {
        *field = Some(value::serde::read(r)?);
        Ok(())
    }

    pub fn take(field: Option<T>, name: &'static str) -> Result<T, DecodeError> {
        match field {
            Some(value) => Ok(value),
            None => value::serde::absent().ok_or_else(|| absent(name)),
        }
    }

    pub fn write_field<W: Writer>(
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

    pub fn read<R: Reader>(r: &mut R) -> Result<T, DecodeError> {
        value::serde::read(r)
    }

    pub fn write<W: Writer>(value: &T, w: &mut W) -> Result<(), EncodeError> {
        value::serde::write(value, w)
    }
}

/// A flattened field while it is read. As [`Stored`]; boxed, so that the size of what reads the entity does not
/// depend on the bound.
pub struct Flattened<T: FromDocument>(Box<T::Partial>);

impl<T: FromDocument> Flattened<T> {
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Self(Box::default())
    }

    /// Offers an attribute to the flattened document.
    pub fn read<R: Reader>(&mut self, name: &str, r: &mut R) -> Result<bool, DecodeError> {
        match T::FIELDS.find(name.as_bytes()) {
            Some(index) => T::read_field(&mut self.0, index, r).map(|()| true),
            None if T::OPEN => T::read_other(&mut self.0, name, r),
            None => Ok(false),
        }
    }

    pub fn finish(self) -> Result<T::Output, DecodeError> {
        T::finish(*self.0)
    }
}

pub fn read_field_with<T>(field: &mut Option<T>, value: Result<T, DecodeError>) -> Result<(), DecodeError> {
    *field = Some(value?);
    Ok(())
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
