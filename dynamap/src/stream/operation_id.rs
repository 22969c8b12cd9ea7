use crate::{
    error::{DecodeError, EncodeError, InvalidPart},
    key::{KeyPart, KeyText, PartWriter},
    value::{AttributeType, FromAttribute, Reader, ToAttribute, Writer, marker},
};
use std::fmt;

/// The id of one change, the same in each delivery of it and another for every other change.
///
/// It is an attribute (a string) and a key component, so that an effect can be stored under the id of its change, and
/// happens once: see [`send_once`](crate::op::TransactWriteItems::send_once).
///
/// It is the id of the record's event, or its sequence number if there is none; of a record with two changes with `-insert`
/// or `-remove` behind it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OperationId(Box<str>);

impl OperationId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for OperationId {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for OperationId {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for OperationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for OperationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OperationId({})", self.0)
    }
}

impl AttributeType for OperationId {
    type DataType = marker::S;
}

impl ToAttribute for OperationId {
    fn write<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
        w.string(&self.0)
    }
}

impl FromAttribute for OperationId {
    const EXACT: bool = true;

    fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError> {
        Ok(Self(r.str()?.into()))
    }
}

impl KeyPart for OperationId {
    fn write_part(&self, w: &mut PartWriter<'_>) -> Result<(), InvalidPart> {
        self.0.write_part(w)
    }

    fn read_part(text: &str) -> Result<Self, InvalidPart> {
        Ok(Self(text.into()))
    }
}

impl KeyText for OperationId {}
