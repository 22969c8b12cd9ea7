use crate::{
    error::EncodeError,
    value::{Counter, Timestamp},
    wire,
};
use aws_sdk_dynamodb::types::AttributeValue;
use std::time::SystemTime;

/// An attribute that dynamap writes by itself.
#[derive(Debug, Clone, Copy)]
pub struct Stamp {
    pub(crate) attribute: &'static str,
    pub(crate) kind: StampKind,
    /// The value of an item that is created now.
    pub(crate) first: fn(SystemTime) -> Result<AttributeValue, EncodeError>,
}

/// When an attribute is stamped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StampKind {
    /// With the time, when the item is created.
    Created,
    /// With the time, whenever the item is written.
    Updated,
    /// With one more, whenever the item is written.
    Counter,
}

/// How an entity is written as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WholeWrite {
    /// As a new item.
    Created,
    /// In the place of what is there.
    Replaced,
}

impl Stamp {
    /// A point in time.
    pub const fn time<T: Timestamp>(attribute: &'static str, kind: StampKind) -> Self {
        Self { attribute, kind, first: |now| wire::to_attribute_value(&at::<T>(now)?) }
    }

    /// A number of writes.
    pub const fn counter<T: Counter>(attribute: &'static str) -> Self {
        Self { attribute, kind: StampKind::Counter, first: |_| wire::to_attribute_value(&T::FIRST) }
    }
}

fn at<T: Timestamp>(now: SystemTime) -> Result<T, EncodeError> {
    T::from_system_time(now)
        .ok_or_else(|| EncodeError::new("the time is not one that the field's type can express"))
}

/// The time of a field of an entity that is written as a whole.
pub fn stamped_time<T: Timestamp>(now: SystemTime, attribute: &'static str) -> Result<T, EncodeError> {
    at(now).map_err(|error| error.in_field(attribute))
}

/// The count of a field of an entity that is written as a whole.
pub fn stamped_count<T: Counter>(count: &T, how: WholeWrite) -> T {
    match how {
        WholeWrite::Created => T::FIRST,
        WholeWrite::Replaced => count.next(),
    }
}
