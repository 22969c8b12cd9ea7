//! The text of a cursor.

use super::Fingerprint;
use crate::error::CursorError;

/// FNV-1a of what stands before it, folded to 32 bits, and CRC-32 of all that stands before it.
///
/// The CRC stands last, least significant byte first, so that the whole token is a code word: it finds every damage that
/// lies within 32 bits with certainty, which is one to five neighbouring characters of the text. Damage at several
/// places, and text that is cut, doubled or swapped, passes one in 2^32. The other half is no linear function of
/// the bits, and so independent of the first, where a second CRC with another start would pass exactly what the first
/// passes: together one damage in 2^64 passes. None of this keeps out who makes up a token: that takes a key.
const CHECKSUM: usize = 8;

/// The text of a cursor: a version of its form, the query that it belongs to, the place, and a checksum of all three.
///
/// The version stands first and is read before anything else, so that a form with another checksum, or a sealed one, can
/// be told apart.
pub(super) fn encoded(version: u8, query: Fingerprint, place: &[u8]) -> String {
    let mut bytes = [&[version], query.0.to_be_bytes().as_slice(), place].concat();
    let hash = folded_hash(&bytes);
    bytes.extend(hash.to_le_bytes());
    let checksum = crc32fast::hash(&bytes);
    bytes.extend(checksum.to_le_bytes());
    base64_simd::URL_SAFE_NO_PAD.encode_to_string(bytes)
}

/// Decodes the text of a cursor of at most `limit` bytes: the fingerprint of its query, and the place.
pub(super) fn decoded(text: &str, version: u8, limit: usize) -> Result<(Fingerprint, Vec<u8>), CursorError> {
    if text.len() > limit {
        return Err(CursorError::Malformed);
    }
    let mut bytes = base64_simd::URL_SAFE_NO_PAD.decode_to_vec(text).map_err(|_| CursorError::Malformed)?;
    if *bytes.first().ok_or(CursorError::Malformed)? != version {
        return Err(CursorError::Version);
    }
    let end = bytes.len().checked_sub(CHECKSUM).ok_or(CursorError::Malformed)?;
    let (checked, crc) = bytes.split_last_chunk::<4>().ok_or(CursorError::Malformed)?;
    let (body, hash) = checked.split_last_chunk::<4>().ok_or(CursorError::Malformed)?;
    if crc32fast::hash(checked) != u32::from_le_bytes(*crc) || folded_hash(body) != u32::from_le_bytes(*hash)
    {
        return Err(CursorError::Malformed);
    }
    let query = body.get(1..).and_then(<[u8]>::first_chunk::<8>).ok_or(CursorError::Malformed)?;
    let query = Fingerprint(u64::from_be_bytes(*query));
    bytes.truncate(end);
    bytes.drain(..9);
    Ok((query, bytes))
}

fn folded_hash(bytes: &[u8]) -> u32 {
    let hash = bytes.iter().fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01B3)
    });
    // The low bits of FNV-1a depend on the low bits of the bytes only.
    (hash ^ (hash >> 32)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each half of the checksum finds damage that the other one may pass.
    #[test]
    fn both_halves_of_the_checksum_are_checked() {
        let token = |place: &[u8], damage_hash: u32, damage_crc: u32| {
            let mut bytes = [&[2], 7_u64.to_be_bytes().as_slice(), place].concat();
            bytes.extend((folded_hash(&bytes) ^ damage_hash).to_le_bytes());
            bytes.extend((crc32fast::hash(&bytes) ^ damage_crc).to_le_bytes());
            decoded(&base64_simd::URL_SAFE_NO_PAD.encode_to_string(bytes), 2, 100)
        };
        assert_eq!(token(b"place", 0, 0), Ok((Fingerprint(7), b"place".to_vec())));
        assert_eq!(token(b"place", 1, 0), Err(CursorError::Malformed));
        assert_eq!(token(b"place", 0, 1), Err(CursorError::Malformed));
        assert_eq!(token(b"", 0, 0), Ok((Fingerprint(7), Vec::new())));
    }
}
