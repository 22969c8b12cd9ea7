use crate::{
    entity::WholeWrite,
    error::EncodeError,
    value::{Counter, Timestamp},
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
