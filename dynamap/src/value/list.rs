//! Sequences, as lists (L).

use super::{AttributeType, FromAttribute, Reader, ToAttribute, Writer, marker};
use crate::error::{DecodeError, EncodeError};
use std::collections::VecDeque;

fn write_list<'a, T, W>(elements: impl IntoIterator<Item = &'a T>, w: &mut W) -> Result<(), EncodeError>
where
    T: ToAttribute + 'a,
    W: Writer,
{
    w.begin_list()?;
    for (index, element) in elements.into_iter().enumerate() {
        let written = w.element().and_then(|()| element.write(w));
        written.map_err(|error| error.at_index(index))?;
    }
    w.end_list()
}

impl<T: AttributeType> AttributeType for [T] {
    type DataType = marker::L;
}

impl<T: ToAttribute> ToAttribute for [T] {
    fn write<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
        write_list(self, w)
    }
}

impl<T: AttributeType> AttributeType for Vec<T> {
    type DataType = marker::L;
}

impl<T: ToAttribute> ToAttribute for Vec<T> {
    fn write<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
        write_list(self, w)
    }
}

impl<T: FromAttribute> FromAttribute for Vec<T> {
    fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError> {
        let mut members = r.begin_list()?;
        let mut elements = Self::new();
        let at_end = |error: DecodeError, elements: &Self| error.at_index(elements.len());
        while r.next_element(&mut members).map_err(|error| at_end(error, &elements))? {
            let element = T::read(r).map_err(|error| at_end(error, &elements))?;
            elements.push(element);
        }
        Ok(elements)
    }
}

impl<T: AttributeType> AttributeType for VecDeque<T> {
    type DataType = marker::L;
}

impl<T: ToAttribute> ToAttribute for VecDeque<T> {
    fn write<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
        write_list(self, w)
    }
}

impl<T: FromAttribute> FromAttribute for VecDeque<T> {
    fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError> {
        Vec::read(r).map(Self::from)
    }
}

impl<T: AttributeType, const N: usize> AttributeType for [T; N] {
    type DataType = marker::L;
}

/// An array is a list; bytes that are to be a binary value are a [`ByteArray`](super::ByteArray).
impl<T: ToAttribute, const N: usize> ToAttribute for [T; N] {
    fn write<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
        write_list(self, w)
    }
}

/// Reads a list of exactly `N` elements.
impl<T: FromAttribute, const N: usize> FromAttribute for [T; N] {
    fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError> {
        let elements = Vec::read(r)?;
        elements.try_into().map_err(|elements: Vec<T>| {
            DecodeError::new(format!("a list of {N} elements"), format!("{} elements", elements.len()))
        })
    }
}
