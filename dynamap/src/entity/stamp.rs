use crate::error::EncodeError;
use aws_sdk_dynamodb::types::AttributeValue;
use std::time::SystemTime;

/// An attribute that dynamap writes by itself.
#[derive(Debug, Clone, Copy)]
pub struct StampedAttribute {
    /// Its name.
    pub attribute: &'static str,
    /// The writes that stamp the attribute, and with what.
    pub kind: StampKind,
    /// The value of an item that is created now.
    pub first: fn(SystemTime, &'static str) -> Result<AttributeValue, EncodeError>,
    /// More of one that is a version.
    pub version: Option<VersionStamp>,
}

/// An attribute that is the version of an item.
#[derive(Debug, Clone, Copy)]
pub struct VersionStamp {
    /// The attribute that holds the ids of the last writes, if the entity has one.
    pub lineage: Option<&'static str>,
    /// The version after this one, or the first.
    pub following: fn(Option<AttributeValue>) -> Result<AttributeValue, EncodeError>,
    /// The version that is made of these random bytes, if it can be.
    pub from_random: fn([u8; 16]) -> Result<Option<AttributeValue>, EncodeError>,
}

/// The values that an update stamps with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stamping {
    pub(crate) now: SystemTime,
    /// The random bytes of a version that is unique, if it does not draw them by itself.
    pub(crate) random: Option<[u8; 16]>,
}

impl Stamping {
    /// The value of an item that is created now.
    pub(crate) fn first(self, stamp: &StampedAttribute) -> Result<AttributeValue, EncodeError> {
        let drawn = match (stamp.version, self.random) {
            (Some(version), Some(random)) => (version.from_random)(random)?,
            _ => None,
        };
        drawn.map_or_else(|| (stamp.first)(self.now, stamp.attribute), Ok)
    }
}

/// The occasion of a stamp, and its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StampKind {
    /// With the time, when the item is created.
    Created,
    /// With the time, whenever the item is written.
    Updated,
    /// With one more, whenever the item is written.
    Counter,
    /// With the version after the last, which is one more.
    VersionCount,
    /// With a version that no other item has.
    VersionUnique,
}

impl StampKind {
    /// True if only the stored item tells what a save leaves there.
    pub(crate) fn is_known_to_item(self) -> bool {
        matches!(self, Self::Created | Self::Counter)
    }

    /// True if a request that stamps the attribute can be applied twice, with other writes between, and do no harm.
    ///
    /// A unique version would be there a second time, and a reader of the first would take the item for unchanged. A
    /// version that counts goes on.
    pub(crate) fn can_be_repeated(self) -> bool {
        !matches!(self, Self::Counter | Self::VersionUnique)
    }
}

/// The two writes of a whole entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WholeWrite {
    /// A put of a new item.
    Created,
    /// A put that replaces the stored item.
    Replaced,
}
