use std::fmt;

use dynamap::Attribute;

/// The number of partitions that share the heads.
const SHARDS: u8 = 16;

/// One of the partitions that share the heads of all keys.
///
/// A listing of the keys queries these partitions, and reads no chunk and no entry of a log on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Attribute)]
pub struct Shard(u8);

impl Shard {
    /// The partition of a key: the same in each release, since it is part of the item's key.
    #[must_use]
    pub fn of(key: &str) -> Self {
        // FNV-1a. The hasher of the standard library may change.
        let hash = key
            .bytes()
            .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        Self((hash % u32::from(SHARDS)) as u8)
    }

    /// All partitions.
    pub fn all() -> impl DoubleEndedIterator<Item = Self> {
        (0..SHARDS).map(Self)
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
