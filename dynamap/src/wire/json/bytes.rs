//! Comparisons of many bytes at once.

const EACH_BYTE: u64 = 0x0101_0101_0101_0101;
const HIGH_BITS: u64 = 0x8080_8080_8080_8080;

/// Sets the high bit of each byte of `word` that is `"`, `\` or a control character.
///
/// The lowest bit that is set is exact; those above it may be carries.
#[inline(always)]
pub(super) fn special_bytes(word: u64) -> u64 {
    let quotes = word ^ (EACH_BYTE * b'"' as u64);
    let backslashes = word ^ (EACH_BYTE * b'\\' as u64);
    below(quotes, 1) | below(backslashes, 1) | below(word, 0x20)
}

/// Sets the high bit of each byte of `word` that is less than `limit`, which is at most 128.
#[inline(always)]
fn below(word: u64, limit: u64) -> u64 {
    word.wrapping_sub(EACH_BYTE * limit) & !word & HIGH_BITS
}

/// Sets the high bit of each byte of `word` that is `"`; as [`special_bytes`] otherwise.
#[inline(always)]
pub(super) fn quotes(word: u64) -> u64 {
    below(word ^ (EACH_BYTE * b'"' as u64), 1)
}

/// Without an early exit, and many bytes in a step, so that the compiler can compare them at once.
pub(super) fn has_control_character(bytes: &[u8]) -> bool {
    let (chunks, rest) = bytes.as_chunks::<64>();
    let mut least = [u8::MAX; 64];
    for chunk in chunks {
        for (least, byte) in least.iter_mut().zip(chunk) {
            *least = (*least).min(*byte);
        }
    }
    least.iter().chain(rest).fold(u8::MAX, |least, &byte| least.min(byte)) < 0x20
}
