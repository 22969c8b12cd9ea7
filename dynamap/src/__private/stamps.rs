use crate::{
    entity::{Item, StampKind, WholeWrite},
    error::EncodeError,
    value::{
        Counter, FieldTable, FromAttribute, Lineage, Timestamp, ToAttribute, VersionField, VersionValue,
        Writer,
    },
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

    /// The value that is added to a version that counts, or that replaces one that does not.
    fn first(_: SystemTime, _: &'static str) -> Result<AttributeValue, EncodeError> {
        match Self::KIND {
            // Of an item that is created it is added to the number before the first.
            StampKind::VersionCount => Ok(AttributeValue::N("1".into())),
            _ => wire::to_attribute_value(&<Self::Type as VersionField>::Value::first()),
        }
    }

    /// The version after this one. What cannot be read, such as none at all, is followed by the first.
    fn following(version: Option<AttributeValue>) -> Result<AttributeValue, EncodeError> {
        let version = version.and_then(|version| {
            wire::from_attribute_value::<<Self::Type as VersionField>::Value>(version).ok()
        });
        let following = match version {
            Some(version) => version.next().ok_or_else(EncodeError::last_version)?,
            None => VersionValue::first(),
        };
        wire::to_attribute_value(&following)
    }

    /// The version that is made of these random bytes, if it can be.
    fn from_random(random: [u8; 16]) -> Result<Option<AttributeValue>, EncodeError> {
        let version = <<Self::Type as VersionField>::Value as VersionValue>::from_random(random);
        version.as_ref().map(wire::to_attribute_value).transpose()
    }

    /// The version of an item with this lineage.
    fn with_lineage(mut version: Self::Type, lineage: Option<Lineage>) -> Self::Type {
        let known = version.as_version_mut();
        *known = known.clone().with_lineage(Some(lineage.unwrap_or(Lineage::NONE)));
        version
    }

    fn write_lineage<W: Writer>(
        w: &mut W,
        table: &'static FieldTable,
        index: usize,
        version: &Self::Type,
    ) -> Result<(), EncodeError> {
        match version.as_version().lineage().filter(|lineage| !lineage.is_absent()) {
            Some(lineage) => super::write_field(w, table, index, &lineage),
            None => Ok(()),
        }
    }
}

/// Takes a stamp as it is stored, if it is in the item and can be read.
pub fn restamp<T: FromAttribute>(stamp: &mut T, item: &Item, attribute: &str) {
    if let Some(Ok(stored)) = item.get(attribute).map(|value| wire::from_attribute_value(value.clone())) {
        *stamp = stored;
    }
}
