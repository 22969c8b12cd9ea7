use crate::{
    error::{DecodeError, EncodeError, InvalidPart},
    key::PartWriter,
    value::{FromAttribute, FromDocument, Reader, ShortText, Writer},
    wire,
};
use aws_sdk_dynamodb::types::AttributeValue;
use std::collections::HashMap;

/// The attributes of a flattened enum while they are read: which variant it is, only all of them tell.
#[derive(Default)]
pub struct FlatMembers(HashMap<String, AttributeValue>);

impl FlatMembers {
    pub fn read<R: Reader>(&mut self, name: &str, r: &mut R) -> Result<(), DecodeError> {
        self.0.insert(name.to_owned(), AttributeValue::read(r)?);
        Ok(())
    }

    /// Reads an attribute that the content of some variant has, or leaves it unread.
    pub fn offer<D: FromDocument, R: Reader>(&mut self, name: &str, r: &mut R) -> Result<bool, DecodeError> {
        let mut is_known = D::TAKES_ANY;
        D::each_name(&mut |known| is_known |= known == name);
        if is_known {
            self.read(name, r)?;
        }
        Ok(is_known)
    }

    pub fn finish<T: FromAttribute>(self) -> Result<T, DecodeError> {
        wire::from_attribute_value(AttributeValue::M(self.0))
    }
}

#[cold]
pub fn unknown_variant(enumeration: &'static str) -> DecodeError {
    DecodeError::new(format!("a variant of `{enumeration}`"), "another name")
}

#[cold]
pub fn variant_without_content(enumeration: &'static str) -> DecodeError {
    DecodeError::new(format!("a variant of `{enumeration}` with its content"), "only its name")
}

#[cold]
pub fn no_variant_fits(enumeration: &'static str) -> DecodeError {
    DecodeError::new(format!("a value of `{enumeration}`"), "a value that fits none of its variants")
}

#[cold]
pub fn absent_content(name: &'static str) -> DecodeError {
    DecodeError::new("an attribute", "none").in_field(name)
}

/// The tag of the map that is the next value.
pub fn read_tag<R: Reader>(r: &mut R, tag: &'static str) -> Result<ShortText, DecodeError> {
    r.find_string(tag)?.ok_or_else(|| DecodeError::new("a string (S)", "none").in_field(tag))
}

/// Reads a map of one member, whose name and value go to `read`; one of the variants that are `declared`.
pub fn read_single_member<T, R: Reader>(
    r: &mut R,
    declared: &[&'static str],
    read: impl FnOnce(&str, &mut R) -> Result<T, DecodeError>,
) -> Result<T, DecodeError> {
    let mut members = r.begin_map()?;
    let name = match r.next_key(&mut members)? {
        Some(name) => name.into_owned(),
        None => return Err(DecodeError::new("a map with one member", "an empty map")),
    };
    let value =
        read(&name, r).map_err(|error| match declared.iter().find(|declared| **declared == name) {
            Some(declared) => error.in_field(declared),
            None => error.in_key(name),
        })?;
    match r.next_key(&mut members)? {
        Some(_) => Err(DecodeError::new("a map with one member", "more")),
        None => Ok(value),
    }
}

/// Reads the member `name` of the map that is the next value; other members are passed over.
pub fn read_member<T, R: Reader>(
    r: &mut R,
    name: &'static str,
    mut read: impl FnMut(&mut R) -> Result<T, DecodeError>,
) -> Result<Option<T>, DecodeError> {
    let mut members = r.begin_map()?;
    let mut found = None;
    while let Some(key) = r.next_key(&mut members)? {
        if key == name {
            found = Some(read(r).map_err(|error| error.in_field(name))?);
        } else {
            r.skip()?;
        }
    }
    Ok(found)
}

/// Writes the member `name` of a map.
pub fn write_member<W: Writer>(
    w: &mut W,
    name: &'static str,
    write: impl FnOnce(&mut W) -> Result<(), EncodeError>,
) -> Result<(), EncodeError> {
    w.key(name)?;
    write(w).map_err(|error| error.in_field(name))
}

pub fn read_null<R: Reader>(r: &mut R) -> Result<(), DecodeError> {
    match r.null()? {
        true => Ok(()),
        false => Err(DecodeError::new("a null (NULL)", r.data_type()?.phrase())),
    }
}

pub fn write_variant_part(name: &'static str, w: &mut PartWriter<'_>) -> Result<(), InvalidPart> {
    w.text(name);
    Ok(())
}

#[cold]
pub fn unknown_variant_part(_enumeration: &'static str) -> InvalidPart {
    InvalidPart::new("not the name of a variant")
}
