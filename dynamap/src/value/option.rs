//! Values that may be absent, and the value that is nothing.

use super::{AttributeType, DataType, FromAttribute, Reader, ToAttribute, Writer, marker};
use crate::error::{DecodeError, EncodeError};

impl<T: AttributeType> AttributeType for Option<T> {
    type DataType = T::DataType;
}

/// As a field, `None` is no attribute; where a value has to stand, as in a list, it is NULL.
impl<T: ToAttribute> ToAttribute for Option<T> {
    #[inline]
    fn write<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
        match self {
            Some(value) => value.write(w),
            None => w.null(),
        }
    }

    #[inline]
    fn is_absent(&self) -> bool {
        self.as_ref().is_none_or(T::is_absent)
    }
}

/// No attribute and NULL are `None`.
impl<T: FromAttribute> FromAttribute for Option<T> {
    #[inline]
    fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError> {
        if r.null()? { Ok(None) } else { T::read(r).map(Some) }
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl AttributeType for () {
    type DataType = marker::Null;
}

impl ToAttribute for () {
    fn write<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
        w.null()
    }
}

impl FromAttribute for () {
    fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError> {
        if r.null()? {
            return Ok(());
        }
        Err(DecodeError::new(DataType::Null.phrase(), r.data_type()?.phrase()))
    }
}
