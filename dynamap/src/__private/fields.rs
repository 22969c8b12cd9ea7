use crate::{
    entity::{NestedProjection, ProjectedAttribute},
    error::{DecodeError, EncodeError},
    value::{
        self, AttributeType, DataType, FieldTable, Flat, FromAttribute, FromDocument, Members, Reader,
        ToAttribute, ToDocument, Writer, marker::Marker,
    },
};
use serde::{Serialize, de::DeserializeOwned};

/// The type of the field at a position of a variant (0 in a struct), which is an attribute.
///
/// Generated code names the type here and asks for all it needs by this trait. So a type that is no attribute is
/// one error at one place, not one wherever the field is read or written.
pub trait FieldOf<const VARIANT: usize, const AT: usize> {
    type Type: FromAttribute;

    const EXACT: bool = <Self::Type as FromAttribute>::EXACT;

    const DATA_TYPE: Option<DataType> = <<Self::Type as AttributeType>::DataType as Marker>::DATA_TYPE;

    fn read_field<R: Reader>(field: &mut Option<Self::Type>, r: &mut R) -> Result<(), DecodeError> {
        read_field(field, r)
    }

    fn take(field: Option<Self::Type>, name: &'static str) -> Result<Self::Type, DecodeError> {
        match field {
            Some(value) => Ok(value),
            None => Self::absent().ok_or_else(|| absent(name)),
        }
    }

    fn write_field<W: Writer>(
        w: &mut W,
        table: &'static FieldTable,
        index: usize,
        value: &Self::Type,
    ) -> Result<(), EncodeError> {
        write_field(w, table, index, value)
    }

    fn read<R: Reader>(r: &mut R) -> Result<Self::Type, DecodeError> {
        Self::Type::read(r)
    }

    fn write<W: Writer>(value: &Self::Type, w: &mut W) -> Result<(), EncodeError> {
        value.write(w)
    }

    fn absent() -> Option<Self::Type> {
        Self::Type::absent()
    }

    fn is_absent(value: &Self::Type) -> bool {
        value.is_absent()
    }
}

/// The type of a field that is a part of the struct in an attribute. As [`FieldOf`].
pub trait NestedFieldOf<const VARIANT: usize, const AT: usize> {
    type Type: NestedProjection;

    const ATTRIBUTES: &'static [ProjectedAttribute] = Self::Type::ATTRIBUTES;

    fn read_field<R: Reader>(field: &mut Option<Self::Type>, r: &mut R) -> Result<(), DecodeError> {
        *field = Some(Self::Type::read(r)?);
        Ok(())
    }

    fn take(field: Option<Self::Type>, name: &'static str) -> Result<Self::Type, DecodeError> {
        match field {
            Some(value) => Ok(value),
            None => Self::Type::absent().map_err(|error| error.in_field(name)),
        }
    }
}

#[inline(never)]
pub fn read_field<T: FromAttribute, R: Reader>(field: &mut Option<T>, r: &mut R) -> Result<(), DecodeError> {
    *field = Some(T::read(r)?);
    Ok(())
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

/// The type of a field that serde maps. As [`FieldOf`].
pub trait SerdeFieldOf<const VARIANT: usize, const AT: usize> {
    type Type: Serialize + DeserializeOwned;

    fn read_field<R: Reader>(field: &mut Option<Self::Type>, r: &mut R) -> Result<(), DecodeError> {
        *field = Some(value::serde::read(r)?);
        Ok(())
    }

    fn take(field: Option<Self::Type>, name: &'static str) -> Result<Self::Type, DecodeError> {
        match field {
            Some(value) => Ok(value),
            None => value::serde::absent().ok_or_else(|| absent(name)),
        }
    }

    fn write_field<W: Writer>(
        w: &mut W,
        table: &'static FieldTable,
        index: usize,
        value: &Self::Type,
    ) -> Result<(), EncodeError> {
        if value::serde::is_absent(value) {
            return Ok(());
        }
        w.field(table, index)?;
        value::serde::write(value, w).map_err(|error| error.in_field(table.name(index)))
    }

    fn read<R: Reader>(r: &mut R) -> Result<Self::Type, DecodeError> {
        value::serde::read(r)
    }

    fn write<W: Writer>(value: &Self::Type, w: &mut W) -> Result<(), EncodeError> {
        value::serde::write(value, w)
    }
}

/// The type of a flattened field, or of what a tagged variant holds. As [`FieldOf`].
pub trait FlatFieldOf<const VARIANT: usize, const AT: usize>: Sized {
    type Type: Flat;

    const TAKES_ANY: bool = <Self::Type as FromDocument>::TAKES_ANY;

    const NAMES: &'static [&'static str] = <Self::Type as FromDocument>::FIELDS.names();

    fn each_name(name: &mut dyn FnMut(&'static str)) {
        Self::Type::each_name(name);
    }

    /// True if the document has an attribute of this name, whatever it takes besides.
    fn knows(name: &str) -> bool {
        let mut is_known = false;
        Self::each_name(&mut |known| is_known |= known == name);
        is_known
    }

    /// Offers an attribute to the flattened document.
    fn offer<R: Reader>(
        read: &mut Flattened<Self, VARIANT, AT>,
        name: &str,
        r: &mut R,
    ) -> Result<bool, DecodeError> {
        match Self::Type::FIELDS.find(name.as_bytes()) {
            Some(index) => Self::Type::read_field(&mut read.0, index, r).map(|()| true),
            None if Self::Type::OPEN => Self::Type::read_other(&mut read.0, name, r),
            None => Ok(false),
        }
    }

    fn finish(read: Flattened<Self, VARIANT, AT>) -> Result<Self::Type, DecodeError> {
        Self::Type::finish(*read.0)
    }

    /// Writes the document beside attributes whose names are `taken`.
    fn write<W: Writer>(
        document: &Self::Type,
        w: &mut W,
        taken: &dyn Fn(&str) -> bool,
    ) -> Result<(), EncodeError> {
        document.check_beside(taken)?;
        document.write_fields(w)
    }

    fn check_beside(document: &Self::Type, taken: &dyn Fn(&str) -> bool) -> Result<(), EncodeError> {
        document.check_beside(taken)
    }

    fn read_tagged<R: Reader>(r: &mut R, tag: &str) -> Result<Self::Type, DecodeError> {
        value::read_tagged_document::<Self::Type, R>(r, tag)
    }

    fn start() -> Flattened<Self, VARIANT, AT> {
        Flattened(Box::default())
    }
}

/// A flattened field while it is read; boxed, so that its size does not depend on the type.
pub struct Flattened<S: FlatFieldOf<VARIANT, AT>, const VARIANT: usize, const AT: usize>(
    Box<<S::Type as FromDocument>::Partial>,
);

/// Reads a field that has a default: NULL is as if there were no attribute, where the type has no value for it.
pub fn read_or_null<T, R: Reader>(
    field: &mut Option<T>,
    r: &mut R,
    mut read: impl FnMut(&mut R) -> Result<T, DecodeError>,
) -> Result<(), DecodeError> {
    if r.data_type()? != DataType::Null {
        *field = Some(read(r)?);
        return Ok(());
    }
    match r.attempt(read) {
        Ok(value) => *field = Some(value),
        Err(_) => r.skip()?,
    }
    Ok(())
}

pub fn read_field_with<T>(field: &mut Option<T>, value: Result<T, DecodeError>) -> Result<(), DecodeError> {
    *field = Some(value?);
    Ok(())
}

/// A field that functions of the user's map; `default` is what an absent attribute is read as, if it may be absent.
pub fn take_with<T>(field: Option<T>, default: Option<T>, name: &'static str) -> Result<T, DecodeError> {
    field.or(default).ok_or_else(|| absent(name))
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
