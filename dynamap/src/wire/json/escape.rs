use super::bytes::special_bytes;

/// Appends `text` as a JSON string.
#[inline]
pub(crate) fn push_string(out: &mut Vec<u8>, text: &str) {
    push_string_between(out, b"\"", text, b"\"");
}

/// Appends `text` between `opening`, which ends with the quote of a JSON string, and `closing`, which begins with
/// one.
#[inline(always)]
pub(super) fn push_string_between(out: &mut Vec<u8>, opening: &[u8], text: &str, closing: &[u8]) {
    out.reserve(opening.len() + text.len() + closing.len());
    out.extend_from_slice(opening);
    if needs_escapes(text.as_bytes()) {
        push_escaped(out, text);
    } else {
        out.extend_from_slice(text.as_bytes());
    }
    out.extend_from_slice(closing);
}

/// Appends `bytes` in base64 as a JSON string.
pub(super) fn push_base64(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(b'"');
    base64_simd::STANDARD.encode_append(bytes, out);
    out.push(b'"');
}

#[inline(always)]
fn needs_escapes(text: &[u8]) -> bool {
    if let Some(last) = text.last_chunk() {
        // The last chunk overlaps the one before it.
        for chunk in text.as_chunks().0 {
            if has_escaped(chunk) {
                return true;
            }
        }
        return has_escaped(last);
    }
    let word = |bytes: &[u8; 8]| special_bytes(u64::from_le_bytes(*bytes));
    if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) {
        return word(first) | word(last) != 0;
    }
    if let (Some([a, b, c, d]), Some([e, f, g, h])) = (text.first_chunk(), text.last_chunk()) {
        return word(&[*a, *b, *c, *d, *e, *f, *g, *h]) != 0;
    }
    text.iter().any(|byte| is_escaped(*byte))
}

#[inline(always)]
fn has_escaped(chunk: &[u8; 16]) -> bool {
    // Without an early exit, so that the compiler can compare all bytes at once.
    chunk.iter().fold(false, |found, byte| found | is_escaped(*byte))
}

#[inline(always)]
fn is_escaped(byte: u8) -> bool {
    (byte < 0x20) | (byte == b'"') | (byte == b'\\')
}

#[cold]
#[inline(never)]
fn push_escaped(out: &mut Vec<u8>, text: &str) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            0..0x20 => {
                out.extend_from_slice(b"\\u00");
                out.extend_from_slice(&[HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
            }
            _ => out.push(byte),
        }
    }
}
