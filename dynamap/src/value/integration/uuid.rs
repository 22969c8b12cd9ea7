use crate::{
    error::{DecodeError, EncodeError},
    value::{AttributeType, FromAttribute, Reader, ToAttribute, Writer, marker},
};
use uuid::Uuid;

impl AttributeType for Uuid {
    type DataType = marker::S;
}

/// A string with hyphens, in lower case.
impl ToAttribute for Uuid {
    fn write<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
        w.string(self.hyphenated().encode_lower(&mut Uuid::encode_buffer()))
    }
}

/// Takes every form that a UUID is written in.
impl FromAttribute for Uuid {
    fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError> {
        Self::try_parse(&r.str()?).map_err(|_| DecodeError::new("a string that is a UUID", "another string"))
    }
}
