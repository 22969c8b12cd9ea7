//! Strings and characters, as strings (S), and booleans (BOOL).

use super::{AttributeType, FromAttribute, Reader, ToAttribute, Writer, marker};
use crate::error::{DecodeError, EncodeError};
use std::{rc::Rc, sync::Arc};

impl AttributeType for str {
    type DataType = marker::S;
}

impl ToAttribute for str {
    #[inline]
    fn write<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
        w.string(self)
    }
}

impl AttributeType for String {
    type DataType = marker::S;
}

impl ToAttribute for String {
    #[inline]
    fn write<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
        w.string(self)
    }
}

impl FromAttribute for String {
    const EXACT: bool = true;

    #[inline]
    fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError> {
        r.string()
    }
}

macro_rules! shared_strings {
    ($($pointer:ident)*) => { $(
        impl FromAttribute for $pointer<str> {
            const EXACT: bool = true;

            fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError> {
                Ok(r.str()?.into())
            }
        }
    )* };
}

shared_strings! { Box Arc Rc }

impl AttributeType for char {
    type DataType = marker::S;
}

impl ToAttribute for char {
    fn write<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
        w.string(self.encode_utf8(&mut [0; 4]))
    }
}

impl FromAttribute for char {
    const EXACT: bool = true;

    fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError> {
        one_character(&r.str()?)
    }
}

pub(crate) fn one_character(text: &str) -> Result<char, DecodeError> {
    let mut characters = text.chars();
    match (characters.next(), characters.next()) {
        (Some(character), None) => Ok(character),
        (None, _) => Err(DecodeError::new("a string of one character", "an empty string")),
        (Some(_), Some(_)) => Err(DecodeError::new("a string of one character", "a longer string")),
    }
}

impl AttributeType for bool {
    type DataType = marker::Bool;
}

impl ToAttribute for bool {
    #[inline]
    fn write<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
        w.boolean(*self)
    }
}

impl FromAttribute for bool {
    #[inline]
    fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError> {
        r.boolean()
    }
}
