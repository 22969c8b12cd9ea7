use dynamap::Attribute;
use std::fmt;

use crate::clojure_hash::ClojureHash;

/// The hash of a password, as it is stored.
///
/// The two forms differ by their DynamoDB type, so that items of both need no further attribute.
#[derive(Clone, PartialEq, Eq, Attribute)]
#[dynamap(untagged)]
pub enum PasswordHash {
    /// Argon2id with its parameters and salt, as a PHC string (S).
    Argon2(String),
    /// Clojure's hash (N), which imported users have until their next login.
    Imported(ClojureHash),
}

impl fmt::Debug for PasswordHash {
    /// Leaves the hash out, so that no log has it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Argon2(_) => "Argon2(..)",
            Self::Imported(_) => "Imported(..)",
        })
    }
}
