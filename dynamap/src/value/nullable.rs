use super::{AttributeType, FromAttribute, Reader, ToAttribute, Writer};
use crate::error::{DecodeError, EncodeError};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A value or NULL, for attributes that are always there. `None` of an [`Option`] is no attribute instead.
///
/// It is the form of programs that write nothing as NULL: `serde_dynamo`, Java's enhanced client in nested beans, Go's `nil`
/// slices and maps. A NULL that was read is written as NULL again. An item without the attribute is an error, unless the field
/// says `#[dynamap(default)]`.
///
/// ```
/// use dynamap::{Attribute, value::Nullable, wire};
///
/// #[derive(Debug, PartialEq, Attribute)]
/// struct Address {
///     street: Nullable<String>,
///     door: Option<u16>,
/// }
///
/// let address = Address { street: Nullable(None), door: None };
/// let json = wire::to_json(&address)?;
/// assert_eq!(json, br#"{"M":{"street":{"NULL":true}}}"#);
/// assert_eq!(wire::from_json::<Address>(&json)?, address);
///
/// // A value is compared and set as the type inside, and NULL as what it is.
/// assert_eq!(Address::STREET.inner().set("Esplanadi").to_string(), "SET street = ?");
/// assert_eq!(Address::STREET.eq(Nullable(None)).to_string(), "street = ?");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Serde has it as an `Option`: `null` in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[doc(alias("NULL", "null"))]
pub struct Nullable<T>(pub Option<T>);

/// NULL.
impl<T> Default for Nullable<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> From<T> for Nullable<T> {
    fn from(value: T) -> Self {
        Self(Some(value))
    }
}

impl<T: AttributeType> AttributeType for Nullable<T> {
    type DataType = T::DataType;
}

/// Never absent, so that a field writes its attribute also for `None`.
impl<T: ToAttribute> ToAttribute for Nullable<T> {
    #[inline]
    fn write<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
        self.0.write(w)
    }
}

impl<T: FromAttribute> FromAttribute for Nullable<T> {
    #[inline]
    fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError> {
        Option::read(r).map(Self)
    }
}

impl<T: Serialize> Serialize for Nullable<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Nullable<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(Self)
    }
}
