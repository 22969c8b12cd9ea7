//! The states of a head.

use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::{
    capacity::entity_size,
    value::{EpochSeconds, Version},
};
use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    Revision, Shard,
    error::{Result, StoreError},
    model::{Head, HeadKey, Kind, LogEnd, Manifest},
};

/// The largest item.
const MAX_ITEM: usize = 400 << 10;

impl Head {
    /// The key of a head.
    pub(crate) fn at(key: &str) -> HeadKey {
        Self::key(Shard::of(key), key)
    }

    fn new(key: &str, kind: Kind) -> Self {
        Self {
            shard: Shard::of(key),
            key: key.to_owned(),
            kind,
            revision: Revision::fresh(),
            value: None,
            manifest: None,
            log: None,
            // The table sets it.
            last_write: Timestamp::UNIX_EPOCH,
            expires: None,
            version: Version::NEW,
        }
    }

    /// A head with a value of a serde type.
    pub(crate) fn of_value(key: &str, value: AttributeValue) -> Self {
        Self { value: Some(value), ..Self::new(key, Kind::Value) }
    }

    /// A head of a binary value.
    pub(crate) fn of_binary(key: &str, manifest: Manifest) -> Self {
        Self { manifest: Some(manifest), ..Self::new(key, Kind::Binary) }
    }

    /// A head of a log.
    pub(crate) fn of_log(key: &str, log: LogEnd) -> Self {
        Self { log: Some(log), ..Self::new(key, Kind::Log) }
    }

    /// A head without a value, which DynamoDB may delete from this time on.
    ///
    /// It stays for as long as an attempt to create the key can be late: on no item at all, that would succeed.
    pub(crate) fn removed(key: &str, expires: EpochSeconds) -> Self {
        Self { expires: Some(expires), ..Self::new(key, Kind::Removed) }
    }

    /// The head, unless the key was removed.
    pub(crate) fn unless_removed(self) -> Option<Self> {
        (self.kind != Kind::Removed).then_some(self)
    }

    /// The generation of the chunks or entries, if there are any.
    pub(crate) fn generation(&self) -> Option<Uuid> {
        let of_binary = self.manifest.as_ref().map(|manifest| manifest.generation);
        of_binary.or(self.log.as_ref().map(|log| log.generation))
    }

    /// The value of a serde type.
    ///
    /// # Errors
    /// [`StoreError::OtherKind`] if the key has bytes or a log.
    pub(crate) fn into_value(self) -> Result<AttributeValue> {
        match self.kind {
            // NULL is read as no attribute.
            Kind::Value => Ok(self.value.unwrap_or(AttributeValue::Null(true))),
            _ => Err(self.other_kind(Kind::Value)),
        }
    }

    /// The manifest of a binary value.
    ///
    /// # Errors
    /// [`StoreError::OtherKind`] if the key has another kind of value.
    pub(crate) fn into_manifest(self) -> Result<Manifest> {
        let error = self.other_kind(Kind::Binary);
        self.manifest.ok_or(error)
    }

    /// The end of a log.
    ///
    /// # Errors
    /// [`StoreError::OtherKind`] if the key has another kind of value.
    pub(crate) fn into_log(self) -> Result<LogEnd> {
        let error = self.other_kind(Kind::Log);
        self.log.ok_or(error)
    }

    fn other_kind(&self, expected: Kind) -> StoreError {
        StoreError::OtherKind { key: self.key.clone(), found: self.kind, expected }
    }

    /// The size of the item.
    ///
    /// # Errors
    /// [`StoreError::ItemTooLarge`] if DynamoDB would not take it.
    pub(crate) fn size(&self) -> Result<usize> {
        match entity_size(self).map_err(dynamap::Error::from)? {
            size if size > MAX_ITEM => {
                Err(StoreError::ItemTooLarge { key: self.key.clone(), size, limit: MAX_ITEM })
            }
            size => Ok(size),
        }
    }
}
