//! The keys that cursors are sealed with.

use crate::error::NoRandomBytes;
use chacha20poly1305::{
    AeadCore, KeyInit, XChaCha20Poly1305,
    aead::{Aead, Payload, array::Array},
};
use sha2::{Digest, Sha256};
use std::{fmt, str::FromStr};

/// A secret key of 256 bits, with which a [`CursorSealer`](super::CursorSealer) seals cursors.
///
/// It has to be random: take it from a secret store, the same for all servers of an API. What it was made of is not kept, and it
/// is erased from memory when the last copy is dropped. `parse` reads it from base64, as in an environment variable.
///
/// ```
/// use dynamap::cursor::CursorKey;
///
/// // `openssl rand -base64 32`
/// let key: CursorKey = "3q2+7wABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhs=".parse()?;
/// assert!("3q2+7w==".parse::<CursorKey>().is_err());
/// assert_eq!(format!("{key:?}"), "CursorKey { .. }");
/// # Ok::<(), dynamap::cursor::InvalidCursorKey>(())
/// ```
#[derive(Clone)]
pub struct CursorKey {
    id: KeyId,
    cipher: XChaCha20Poly1305,
}

/// The first bytes of a hash of a key, which tell a token's key from others.
pub(super) type KeyId = [u8; 4];

/// The bytes that stand before each ciphertext, new for each: no two of 2^80 are likely to be equal.
pub(super) const NONCE: usize = 24;

impl CursorKey {
    /// The key of these bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        let hash: [u8; 32] =
            Sha256::new().chain_update(b"dynamap cursor key").chain_update(bytes).finalize().into();
        let [a, b, c, d, ..] = hash;
        Self { id: [a, b, c, d], cipher: XChaCha20Poly1305::new(&Array(bytes)) }
    }

    /// A new key, by the random bytes of the operating system: for a test, or a server whose cursors may end with its process.
    ///
    /// # Errors
    /// The operating system has no random bytes.
    pub fn random() -> Result<Self, NoRandomBytes> {
        Ok(Self::from_bytes(random_bytes()?))
    }

    pub(super) fn id(&self) -> KeyId {
        self.id
    }

    /// The nonce, the ciphertext and its tag.
    pub(super) fn encrypt(&self, text: &[u8], associated: &[u8]) -> Result<Vec<u8>, NoRandomBytes> {
        let nonce: [u8; NONCE] = random_bytes()?;
        let sealed = self.cipher.encrypt(&Array(nonce), Payload { msg: text, aad: associated });
        // The cipher refuses only texts of 256 GB.
        Ok([nonce.as_slice(), &sealed.map_err(|_| NoRandomBytes::new())?].concat())
    }

    /// The text that was encrypted with the same associated data; `None` if anything of it was changed.
    pub(super) fn decrypt(&self, nonce: [u8; NONCE], sealed: &[u8], associated: &[u8]) -> Option<Vec<u8>> {
        self.cipher.decrypt(&Array(nonce), Payload { msg: sealed, aad: associated }).ok()
    }
}

fn random_bytes<const N: usize>() -> Result<[u8; N], NoRandomBytes> {
    let mut bytes = [0; N];
    // No source that was given: a simulation that repeats its random bytes would seal two texts with one nonce.
    getrandom::fill(&mut bytes).map_err(|_| NoRandomBytes::new())?;
    Ok(bytes)
}

/// A text that is no [`CursorKey`]: it is not the base64 of 32 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a cursor key is 32 bytes, as base64")]
pub struct InvalidCursorKey(());

impl FromStr for CursorKey {
    type Err = InvalidCursorKey;

    /// Reads the base64 of 32 bytes, with either alphabet, with or without padding.
    fn from_str(text: &str) -> Result<Self, InvalidCursorKey> {
        let text = text.trim().trim_end_matches('=');
        let with = match text.contains(['-', '_']) {
            true => base64_simd::URL_SAFE_NO_PAD,
            false => base64_simd::STANDARD_NO_PAD,
        };
        let bytes = with.decode_to_vec(text).ok().and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self::from_bytes).ok_or(InvalidCursorKey(()))
    }
}

/// Shows nothing of the key.
impl fmt::Debug for CursorKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CursorKey").finish_non_exhaustive()
    }
}

/// The size of the tag that a ciphertext ends with.
const _: () = assert!(std::mem::size_of::<Array<u8, <XChaCha20Poly1305 as AeadCore>::TagSize>>() == 16);
