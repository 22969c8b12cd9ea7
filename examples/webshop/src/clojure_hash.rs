//! Clojure's `hash` of a string, because the passwords of imported users are stored as that.
//!
//! **This is no password hash.** It has 32 bits, no salt and no cost: anyone finds a password that fits within a
//! second. It is here because the user data of the shop that is imported was made with it, and for nothing
//! else. A shop of your own wants Argon2id.

use dynamap::Attribute;

/// The result of Clojure's `(hash password)`: MurmurHash3 of Java's `String.hashCode`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Attribute)]
pub struct ClojureHash(pub i32);

impl ClojureHash {
    /// The hash of `text`.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self(murmur3(java_hash_code(text)).cast_signed())
    }
}

/// `String.hashCode`, which is over UTF-16 units.
fn java_hash_code(text: &str) -> u32 {
    text.encode_utf16().fold(0, |hash: u32, unit| hash.wrapping_mul(31).wrapping_add(unit.into()))
}

/// `clojure.lang.Murmur3.hashInt`, with seed 0.
fn murmur3(input: u32) -> u32 {
    if input == 0 {
        return 0;
    }
    let mixed = input.wrapping_mul(0xcc9e_2d51).rotate_left(15).wrapping_mul(0x1b87_3593);
    let mut hash = mixed.rotate_left(13).wrapping_mul(5).wrapping_add(0xe654_6b64);
    hash ^= 4; // the input's length in bytes
    hash = (hash ^ (hash >> 16)).wrapping_mul(0x85eb_ca6b);
    hash = (hash ^ (hash >> 13)).wrapping_mul(0xc2b2_ae35);
    hash ^ (hash >> 16)
}

#[cfg(test)]
mod tests {
    use super::ClojureHash;

    #[test]
    fn the_hashes_are_those_that_clojure_gave_the_users() {
        for (password, hash) in [("Kari", 1_340_477_763), ("Timo", -36_072_128), ("Erkka", 1_655_387_230)] {
            assert_eq!(ClojureHash::of(password), ClojureHash(hash), "{password}");
        }
    }

    #[test]
    fn the_empty_string_and_utf_16_units() {
        assert_eq!(ClojureHash::of(""), ClojureHash(0));
        // A surrogate pair counts as two units, as in Java.
        assert_ne!(ClojureHash::of("😀"), ClojureHash::of("😁"));
        assert_eq!(super::java_hash_code("😀"), 0xd83d * 31 + 0xde00);
    }
}
