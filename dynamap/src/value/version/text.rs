//! Versions as text and by serde, for an `ETag` or a form that goes to a client and comes back.

use super::{FromZero, Version, VersionState};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{fmt, str::FromStr};

/// The stored version; `new` or `none` where there is none.
impl<V: fmt::Display> fmt::Display for Version<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.state {
            VersionState::New => f.write_str("new"),
            VersionState::Loaded(None) => f.write_str("none"),
            VersionState::Loaded(Some(version)) => version.fmt(f),
        }
    }
}

/// Parses a stored version, as [`from_stored`](Version::from_stored) takes one.
impl<V: FromStr> FromStr for Version<V> {
    type Err = V::Err;

    fn from_str(text: &str) -> Result<Self, V::Err> {
        text.parse().map(Self::from_stored)
    }
}

/// The stored version; nothing where there is none.
impl<V: Serialize> Serialize for Version<V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.stored().serialize(serializer)
    }
}

/// Deserializes a stored version, as [`from_stored`](Version::from_stored) takes one. Nothing is a new version.
impl<'de, V: Deserialize<'de>> Deserialize<'de> for Version<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let stored = Option::<V>::deserialize(deserializer)?;
        Ok(stored.map_or(Self::NEW, Self::from_stored))
    }
}

impl<N: fmt::Display> fmt::Display for FromZero<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<N: FromStr> FromStr for FromZero<N> {
    type Err = N::Err;

    fn from_str(text: &str) -> Result<Self, N::Err> {
        text.parse().map(Self)
    }
}

impl<N: Serialize> Serialize for FromZero<N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, N: Deserialize<'de>> Deserialize<'de> for FromZero<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        N::deserialize(deserializer).map(Self)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{FromZero, Version};

    #[test]
    fn a_version_is_read_from_what_it_is_written_as() {
        let version = Version::from_stored(7_u64);
        assert_eq!(version.to_string().parse::<Version>().unwrap(), version);
        assert_eq!(serde_json::to_string(&version).unwrap(), "7");
        assert_eq!(serde_json::from_str::<Version>("7").unwrap(), version);
        let zero = Version::from_stored(FromZero(0_i64));
        assert_eq!(zero.to_string().parse::<Version<FromZero<i64>>>().unwrap(), zero);
        assert_eq!(serde_json::to_string(&zero).unwrap(), "0");
        let new = Version::<u64>::NEW;
        assert_eq!(
            (new.to_string().as_str(), serde_json::to_string(&new).unwrap().as_str()),
            ("new", "null")
        );
        assert!(serde_json::from_str::<Version>("null").unwrap().is_new());
        assert!("new".parse::<Version>().is_err());
    }
}
