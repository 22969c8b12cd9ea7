//! Strings, numbers and binary values without a data type around them: the members of sets.

mod reader;
mod writer;

pub(crate) use reader::ScalarReader;
pub(crate) use writer::{ScalarSink, ScalarWriter};

use super::{AttributeType, DataType, FromAttribute, Reader, ToAttribute, Writer, marker};
use crate::error::{DecodeError, EncodeError};
use std::borrow::Cow;

/// A string, the text of a number, or a binary value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Scalar<'a> {
    S(Cow<'a, str>),
    N(Cow<'a, str>),
    B(Cow<'a, [u8]>),
}

impl Scalar<'_> {
    pub(crate) fn data_type(&self) -> DataType {
        match self {
            Self::S(_) => DataType::S,
            Self::N(_) => DataType::N,
            Self::B(_) => DataType::B,
        }
    }

    pub(crate) fn into_owned(self) -> Scalar<'static> {
        match self {
            Self::S(text) => Scalar::S(Cow::Owned(text.into_owned())),
            Self::N(text) => Scalar::N(Cow::Owned(text.into_owned())),
            Self::B(bytes) => Scalar::B(Cow::Owned(bytes.into_owned())),
        }
    }
}

impl AttributeType for Scalar<'_> {
    type DataType = marker::Any;
}

impl ToAttribute for Scalar<'_> {
    fn write<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
        match self {
            Self::S(text) => w.string(text),
            Self::N(text) => w.number(text),
            Self::B(bytes) => w.bytes(bytes),
        }
    }
}

impl FromAttribute for Scalar<'static> {
    fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError> {
        match r.data_type()? {
            DataType::S => Ok(Self::S(Cow::Owned(r.string()?))),
            DataType::N => Ok(Self::N(Cow::Owned(r.number()?.into_owned()))),
            DataType::B => Ok(Self::B(Cow::Owned(r.bytes()?))),
            other => Err(DecodeError::new("a string, a number or a binary value", other.phrase())),
        }
    }
}
