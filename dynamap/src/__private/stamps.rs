use crate::{
    entity::{StampKind, WholeWrite},
    error::EncodeError,
    value::{Counter, Timestamp, VersionField, VersionValue},
    wire,
};
use aws_sdk_dynamodb::types::AttributeValue;
use std::time::SystemTime;

/// The type of a field that is stamped with the time. As [`FieldOf`](super::FieldOf).
pub trait TimeOf<const AT: usize> {
    type Type: Timestamp;

    fn at(now: SystemTime, attribute: &'static str) -> Result<Self::Type, EncodeError> {
        Self::Type::from_system_time(now).ok_or_else(|| {
            EncodeError::new("the time is not one that the field's type can express").in_field(attribute)
        })
    }

    fn first(now: SystemTime, attribute: &'static str) -> Result<AttributeValue, EncodeError> {
        wire::to_attribute_value(&Self::at(now, attribute)?)
    }
}

/// The type of a field that counts writes. As [`FieldOf`](super::FieldOf).
pub trait CounterOf<const AT: usize> {
    type Type: Counter;

    fn next(count: &Self::Type, how: WholeWrite) -> Self::Type {
        match how {
            WholeWrite::Created => Self::Type::FIRST,
            WholeWrite::Replaced => count.next(),
        }
    }

    fn first(_: SystemTime, _: &'static str) -> Result<AttributeValue, EncodeError> {
        wire::to_attribute_value(&Self::Type::FIRST)
    }
}

/// The type of a field that is a version. As [`FieldOf`](super::FieldOf).
pub trait VersionOf<const AT: usize> {
    type Type: VersionField;

    const KIND: StampKind = match <<Self::Type as VersionField>::Value as VersionValue>::COUNTS {
        true => StampKind::VersionCount,
        false => StampKind::VersionUnique,
    };

    /// What is added to a version that counts, or takes the place of one that does not.
    fn first(_: SystemTime, _: &'static str) -> Result<AttributeValue, EncodeError> {
        match Self::KIND {
            StampKind::VersionCount => Ok(AttributeValue::N("1".into())),
            _ => wire::to_attribute_value(&<Self::Type as VersionField>::Value::first()),
        }
    }
}
