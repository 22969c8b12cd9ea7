//! Binary values (B).

use super::{AttributeType, FromAttribute, Reader, ToAttribute, Writer, marker};
use crate::error::{DecodeError, EncodeError};
use aws_sdk_dynamodb::primitives::Blob;
use std::{fmt, ops};

/// Bytes that are stored as a binary value (B).
///
/// `Vec<u8>` is a list of numbers, as every `Vec` is a list; this type is binary.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[doc(alias("blob", "B"))]
pub struct Bytes(pub Vec<u8>);

/// Bytes of a fixed number that are stored as a binary value (B), such as a hash.
///
/// `[u8; N]` is a list of numbers, as every array is a list; this type is binary.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ByteArray<const N: usize>(pub [u8; N]);

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bytes(b\"{}\")", self.0.escape_ascii())
    }
}

impl<const N: usize> fmt::Debug for ByteArray<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ByteArray(b\"{}\")", self.0.escape_ascii())
    }
}

impl ops::Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl<const N: usize> ops::Deref for ByteArray<N> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl From<&[u8]> for Bytes {
    fn from(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }
}

impl From<Bytes> for Vec<u8> {
    fn from(bytes: Bytes) -> Self {
        bytes.0
    }
}

impl From<Blob> for Bytes {
    fn from(blob: Blob) -> Self {
        Self(blob.into_inner())
    }
}

impl From<Bytes> for Blob {
    fn from(bytes: Bytes) -> Self {
        Self::new(bytes.0)
    }
}

impl<const N: usize> From<[u8; N]> for ByteArray<N> {
    fn from(bytes: [u8; N]) -> Self {
        Self(bytes)
    }
}

impl AttributeType for Bytes {
    type DataType = marker::B;
}

impl ToAttribute for Bytes {
    fn write<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
        w.bytes(&self.0)
    }
}

impl FromAttribute for Bytes {
    const EXACT: bool = true;

    fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError> {
        r.bytes().map(Self)
    }
}

impl<const N: usize> AttributeType for ByteArray<N> {
    type DataType = marker::B;
}

impl<const N: usize> ToAttribute for ByteArray<N> {
    fn write<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
        w.bytes(&self.0)
    }
}

impl<const N: usize> FromAttribute for ByteArray<N> {
    fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError> {
        match r.bytes()?.try_into() {
            Ok(bytes) => Ok(Self(bytes)),
            Err(other) => Err(DecodeError::new(
                format!("a binary value of {N} bytes"),
                format!("{} bytes", other.len()),
            )),
        }
    }
}

impl AttributeType for Blob {
    type DataType = marker::B;
}

impl ToAttribute for Blob {
    fn write<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
        w.bytes(self.as_ref())
    }
}

impl FromAttribute for Blob {
    const EXACT: bool = true;

    fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError> {
        r.bytes().map(Self::new)
    }
}

impl serde::Serialize for Bytes {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for Bytes {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_byte_buf(BytesVisitor)
    }
}

struct BytesVisitor;

impl<'de> serde::de::Visitor<'de> for BytesVisitor {
    type Value = Bytes;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("bytes")
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Bytes, E> {
        Ok(bytes.into())
    }

    fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Bytes, E> {
        Ok(Bytes(bytes))
    }

    // For formats without bytes, which write them as a sequence of numbers.
    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut elements: A) -> Result<Bytes, A::Error> {
        let mut bytes = Vec::new();
        while let Some(byte) = elements.next_element()? {
            bytes.push(byte);
        }
        Ok(Bytes(bytes))
    }
}
