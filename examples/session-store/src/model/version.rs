use std::{fmt, str::FromStr};

use dynamap::{
    Attribute,
    value::{ByteArray, VersionValue},
};
use uuid::Uuid;

/// The version of a stored session: a random UUID, stored as a binary value (B) of 16 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Attribute)]
pub struct SessionVersion(ByteArray<16>);

impl VersionValue for SessionVersion {
    const COUNTS: bool = false;

    fn first() -> Self {
        Uuid::new_v4().into()
    }

    fn next(&self) -> Option<Self> {
        Some(Self::first())
    }
}

impl From<Uuid> for SessionVersion {
    fn from(uuid: Uuid) -> Self {
        Self(uuid.into_bytes().into())
    }
}

impl From<SessionVersion> for Uuid {
    fn from(version: SessionVersion) -> Self {
        Self::from_bytes(version.0.0)
    }
}

impl fmt::Display for SessionVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Uuid::from(*self).fmt(f)
    }
}

impl FromStr for SessionVersion {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse::<Uuid>().map(Into::into)
    }
}
