//! The keys of a batch, each once.

use crate::entity::KeyBytes;
use std::{
    collections::HashMap,
    hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState},
};

/// Different keys, each with a position from 0.
///
/// They stand behind one another in one piece of memory, and a key is hashed once.
pub(super) struct KeySet<H = RandomState> {
    bytes: Vec<u8>,
    /// The end of the bytes of each key.
    ends: Vec<usize>,
    /// The position of each key by its hash, or by the next number that was free (open addressing: none is taken out).
    positions: HashMap<u64, usize, BuildHasherDefault<Hashed>>,
    hash: H,
}

impl<H: BuildHasher + Default> KeySet<H> {
    pub(super) fn new() -> Self {
        Self { bytes: Vec::new(), ends: Vec::new(), positions: HashMap::default(), hash: H::default() }
    }

    pub(super) fn reserve(&mut self, keys: usize) {
        self.ends.reserve(keys);
        self.positions.reserve(keys);
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn position(&self, key: &KeyBytes) -> Option<usize> {
        self.find(key.as_slice()).ok()
    }

    /// Adds a key. Returns its position, and true if it is new.
    pub(super) fn add(&mut self, key: &KeyBytes) -> (usize, bool) {
        match self.find(key.as_slice()) {
            Ok(position) => (position, false),
            Err(free) => {
                let position = self.ends.len();
                self.bytes.extend_from_slice(key.as_slice());
                self.ends.push(self.bytes.len());
                self.positions.insert(free, position);
                (position, true)
            }
        }
    }

    /// The position of a key, or the hash that it would get.
    fn find(&self, key: &[u8]) -> Result<usize, u64> {
        let mut hash = self.hash.hash_one(key);
        while let Some(&position) = self.positions.get(&hash) {
            if self.at(position) == key {
                return Ok(position);
            }
            hash = hash.wrapping_add(1);
        }
        Err(hash)
    }

    fn at(&self, position: usize) -> &[u8] {
        let start = position.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.bytes[start..self.ends[position]]
    }
}

/// A hasher of values that are hashes already: it returns the `u64` that it is given.
#[derive(Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The hash of every key is the same, and the last there is.
    #[derive(Default)]
    struct Same;

    impl Hasher for Same {
        fn finish(&self) -> u64 {
            u64::MAX
        }

        fn write(&mut self, _: &[u8]) {}
    }

    fn find_all<H: BuildHasher + Default>() {
        let keys: Vec<KeyBytes> = (0..1_000).map(|number| KeyBytes::of_text(&format!("k{number}"))).collect();
        let mut known = KeySet::<H>::new();
        known.reserve(keys.len());
        for (at, key) in keys.iter().enumerate() {
            assert_eq!(known.position(key), None);
            assert_eq!(known.add(key), (at, true));
            assert_eq!(known.add(key), (at, false));
        }
        assert_eq!(known.len(), keys.len());
        for (at, key) in keys.iter().enumerate() {
            assert_eq!(known.position(key), Some(at));
        }
        assert_eq!(known.position(&KeyBytes::of_text("k")), None);
    }

    #[test]
    fn every_key_has_its_position() {
        find_all::<RandomState>();
    }

    #[test]
    fn keys_of_one_hash_are_told_apart() {
        find_all::<BuildHasherDefault<Same>>();
    }
}
