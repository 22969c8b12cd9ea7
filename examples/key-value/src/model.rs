//! The table of the store and its entities.

use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::{
    Attribute, Entity, Projection, TableSchema,
    value::{ByteArray, Bytes, EpochSeconds, Version},
};
use jiff::Timestamp;
use uuid::Uuid;

use crate::{revision::Revision, shard::Shard};

/// The table: heads, the chunks of binary values, the entries of logs, and leftovers.
#[derive(Debug, Clone, Copy, TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", ttl = "expires", entities(Head, Chunk, Entry, Leftover))]
pub struct KeyValue;

/// The kind of value that a key has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Attribute)]
#[dynamap(rename_all = "lowercase")]
pub enum Kind {
    /// A value of a serde type.
    Value,
    /// Bytes, in chunks.
    Binary,
    /// A log that is appended to.
    Log,
    /// Nothing: the key was removed.
    Removed,
}

/// A key, with its value or with the place of its value: the one item that a write of the key changes.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = KeyValue, pk = "KEYS#{shard}", sk = "KEY#{key}")]
pub struct Head {
    /// The partition of the key.
    #[dynamap(key_only)]
    pub shard: Shard,
    /// The key.
    #[dynamap(key_only)]
    pub key: String,
    /// The kind of the value.
    pub kind: Kind,
    /// The revision, another one with each write.
    pub revision: Revision,
    /// The value, if it is of a serde type.
    pub value: Option<AttributeValue>,
    /// The place of the bytes, if the value is binary.
    pub manifest: Option<Manifest>,
    /// The place of the entries, if the value is a log.
    pub log: Option<LogEnd>,
    /// The time of the last write.
    #[dynamap(updated_at)]
    pub last_write: Timestamp,
    /// The time at which DynamoDB may delete the item, if the key was removed.
    #[dynamap(ttl)]
    pub expires: Option<EpochSeconds>,
    /// Every write expects the version that it has read.
    #[dynamap(version)]
    pub version: Version,
}

/// The manifest of a binary value.
#[derive(Debug, Clone, PartialEq, Attribute)]
pub struct Manifest {
    /// The generation that its chunks are of.
    pub generation: Uuid,
    /// The number of chunks.
    pub chunks: u32,
    /// The number of bytes.
    pub size: u64,
    /// The SHA-256 of the bytes.
    pub digest: ByteArray<32>,
}

/// The end of a log.
#[derive(Debug, Clone, PartialEq, Attribute)]
pub struct LogEnd {
    /// The generation that its entries are of.
    pub generation: Uuid,
    /// The number of entries.
    pub entries: u64,
    /// The last entry. It becomes an item of its own before the next one takes its place.
    pub last: AttributeValue,
}

/// The head without its value: what is told of a key.
#[derive(Debug, Clone, PartialEq, Projection)]
#[dynamap(entity = Head)]
pub struct Meta {
    /// The key.
    #[dynamap(key)]
    pub key: String,
    /// The kind of the value.
    pub kind: Kind,
    /// The revision.
    pub revision: Revision,
    /// The time of the last write.
    pub last_write: Timestamp,
}

/// A chunk of a binary value. Each is in a partition of its own, so that many are written at once.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = KeyValue, pk = "CHUNK#{generation}#{number}", sk = "CHUNK")]
pub struct Chunk {
    /// The generation.
    #[dynamap(key_only)]
    pub generation: Uuid,
    /// The number of the chunk, from 0.
    #[dynamap(key_only)]
    pub number: u32,
    /// The bytes.
    pub bytes: Bytes,
}

/// An entry of a log that is not the last one.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = KeyValue, pk = "LOG#{generation}", sk = "ENTRY#{number}")]
pub struct Entry {
    /// The generation.
    #[dynamap(key_only)]
    pub generation: Uuid,
    /// The number of the entry, from 1.
    #[dynamap(key_only)]
    pub number: u64,
    /// The entry.
    pub value: AttributeValue,
}

/// A generation that no head refers to yet, or soon none refers to: its chunks or entries are left over if the writer
/// ends.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = KeyValue, pk = "LEFTOVERS#{shard}", sk = "{generation}")]
pub struct Leftover {
    /// The partition of the key.
    #[dynamap(key_only)]
    pub shard: Shard,
    /// The key.
    pub key: String,
    /// The generation.
    #[dynamap(key_only)]
    pub generation: Uuid,
    /// The kind of the value.
    pub kind: Kind,
    /// The number of chunks that there can be.
    pub chunks: u32,
    /// The time at which the writer was last known to be at work.
    pub since: Timestamp,
    /// True from when the chunks are deleted on: the writer must not publish them any more.
    pub condemned: bool,
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Value => "value",
            Self::Binary => "binary value",
            Self::Log => "log",
            Self::Removed => "removed key",
        })
    }
}
