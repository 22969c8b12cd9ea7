use dynamap::{
    error::{DecodeError, EncodeError},
    value::{AttributeType, FromAttribute, Reader, ToAttribute, Writer},
};
use serde::{Deserialize, Serialize};

/// A slice or a map of Go. `None` is `nil`: NULL in the table, where an `Option` would be no attribute, and `null` in
/// JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Nilable<T>(pub Option<T>);

impl<T> From<T> for Nilable<T> {
    fn from(value: T) -> Self {
        Self(Some(value))
    }
}

impl<T: AttributeType> AttributeType for Nilable<T> {
    type DataType = T::DataType;
}

impl<T: ToAttribute> ToAttribute for Nilable<T> {
    fn write<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
        self.0.write(w)
    }
}

impl<T: FromAttribute> FromAttribute for Nilable<T> {
    fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError> {
        FromAttribute::read(r).map(Self)
    }
}
