//! Values of any data type.

use super::{AttributeType, Bytes, DataType, FromAttribute, Number, Reader, ToAttribute, Writer, marker};
use crate::error::{DecodeError, EncodeError};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A value of any of DynamoDB's data types, for attributes whose type is not known.
///
/// Equality is DynamoDB's: numbers are compared by value, and the order of a set's members does not count.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Value {
    /// String.
    S(String),
    /// Number.
    N(Number),
    /// Binary.
    B(Bytes),
    /// Boolean.
    Bool(bool),
    /// Null.
    Null,
    /// Map.
    M(BTreeMap<String, Value>),
    /// List.
    L(Vec<Value>),
    /// String set.
    Ss(BTreeSet<String>),
    /// Number set.
    Ns(BTreeSet<Number>),
    /// Binary set.
    Bs(BTreeSet<Bytes>),
}

impl Value {
    /// The data type of the value.
    pub fn data_type(&self) -> DataType {
        match self {
            Self::S(_) => DataType::S,
            Self::N(_) => DataType::N,
            Self::B(_) => DataType::B,
            Self::Bool(_) => DataType::Bool,
            Self::Null => DataType::Null,
            Self::M(_) => DataType::M,
            Self::L(_) => DataType::L,
            Self::Ss(_) => DataType::Ss,
            Self::Ns(_) => DataType::Ns,
            Self::Bs(_) => DataType::Bs,
        }
    }
}

impl AttributeType for Value {
    type DataType = marker::Any;
}

/// A set without members is refused, as a field too.
impl ToAttribute for Value {
    fn write<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
        match self {
            Self::S(text) => text.write(w),
            Self::N(number) => number.write(w),
            Self::B(bytes) => bytes.write(w),
            Self::Bool(value) => value.write(w),
            Self::Null => w.null(),
            Self::M(members) => members.write(w),
            Self::L(elements) => elements.write(w),
            Self::Ss(members) => members.write(w),
            Self::Ns(members) => members.write(w),
            Self::Bs(members) => members.write(w),
        }
    }
}

impl FromAttribute for Value {
    fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError> {
        match r.data_type()? {
            DataType::S => FromAttribute::read(r).map(Self::S),
            DataType::N => FromAttribute::read(r).map(Self::N),
            DataType::B => FromAttribute::read(r).map(Self::B),
            DataType::Bool => FromAttribute::read(r).map(Self::Bool),
            DataType::Null => <()>::read(r).map(|()| Self::Null),
            DataType::M => FromAttribute::read(r).map(Self::M),
            DataType::L => FromAttribute::read(r).map(Self::L),
            DataType::Ss => FromAttribute::read(r).map(Self::Ss),
            DataType::Ns => FromAttribute::read(r).map(Self::Ns),
            DataType::Bs => FromAttribute::read(r).map(Self::Bs),
        }
    }
}

macro_rules! from {
    ($($source:ty => $value:ident: $form:expr;)*) => { $(
        impl From<$source> for Value {
            fn from($value: $source) -> Self {
                $form
            }
        }
    )* };
}

from! {
    String => text: Self::S(text);
    &str => text: Self::S(text.to_owned());
    bool => value: Self::Bool(value);
    Bytes => bytes: Self::B(bytes);
    Number => number: Self::N(number);
    i8 => number: Self::N(number.into());
    i16 => number: Self::N(number.into());
    i32 => number: Self::N(number.into());
    i64 => number: Self::N(number.into());
    u8 => number: Self::N(number.into());
    u16 => number: Self::N(number.into());
    u32 => number: Self::N(number.into());
    u64 => number: Self::N(number.into());
    () => _nothing: Self::Null;
    BTreeSet<String> => members: Self::Ss(members);
    BTreeSet<Number> => members: Self::Ns(members);
    BTreeSet<Bytes> => members: Self::Bs(members);
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(elements: Vec<T>) -> Self {
        Self::L(elements.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Value>> From<BTreeMap<String, T>> for Value {
    fn from(members: BTreeMap<String, T>) -> Self {
        Self::M(members.into_iter().map(|(name, value)| (name, value.into())).collect())
    }
}

impl<T: Into<Value>, H> From<HashMap<String, T, H>> for Value {
    fn from(members: HashMap<String, T, H>) -> Self {
        Self::M(members.into_iter().map(|(name, value)| (name, value.into())).collect())
    }
}
