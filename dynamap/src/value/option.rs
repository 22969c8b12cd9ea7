//! Values that may be absent, and the value that is nothing.

use super::{
    AttributeType, DataType, Document, FieldTable, FromAttribute, FromDocument, Reader, ToAttribute,
    ToDocument, Writer, marker,
};
use crate::error::{DecodeError, EncodeError};

impl<T: AttributeType> AttributeType for Option<T> {
    type DataType = T::DataType;
}

/// A field that is `None` is no attribute. Where a value has to stand, as in a list, `None` is NULL.
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

/// A flattened `None` is none of the attributes.
impl<D: Document> ToDocument for Option<D> {
    fn write_fields<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
        match self {
            Some(document) => document.write_fields(w),
            None => Ok(()),
        }
    }

    fn check_beside(&self, taken: &dyn Fn(&str) -> bool) -> Result<(), EncodeError> {
        match self {
            Some(document) => document.check_beside(taken),
            None => Ok(()),
        }
    }
}

/// Reads `None` where none of the attributes is there.
impl<D: Document> FromDocument for Option<D> {
    type Output = Self;
    type Partial = Option<D::Partial>;
    const FIELDS: &'static FieldTable = D::FIELDS;
    const OPEN: bool = D::OPEN;
    const TAKES_ANY: bool = D::TAKES_ANY;

    fn each_name(name: &mut dyn FnMut(&'static str)) {
        D::each_name(name);
    }

    fn read_field<R: Reader>(
        partial: &mut Self::Partial,
        index: usize,
        r: &mut R,
    ) -> Result<(), DecodeError> {
        D::read_field(partial.get_or_insert_default(), index, r)
    }

    fn read_other<R: Reader>(
        partial: &mut Self::Partial,
        name: &str,
        r: &mut R,
    ) -> Result<bool, DecodeError> {
        if let Some(partial) = partial {
            return D::read_other(partial, name, r);
        }
        let mut first = D::Partial::default();
        let is_read = D::read_other(&mut first, name, r)?;
        *partial = is_read.then_some(first);
        Ok(is_read)
    }

    fn finish(partial: Self::Partial) -> Result<Self, DecodeError> {
        partial.map(D::finish).transpose()
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
