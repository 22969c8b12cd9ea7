//! The tokens of JSON, also where it is damaged: where to cut a document so that something is left of it.

use std::ops::Range;

/// The places of the tokens: strings, runs of letters and digits, single characters.
pub(crate) fn tokens(json: &[u8]) -> Vec<Range<usize>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(&byte) = json.get(at) {
        let end = match byte {
            b' ' | b'\n' | b'\r' | b'\t' => {
                at += 1;
                continue;
            }
            b'"' => end_of_string(json, at),
            _ if is_word(byte) => {
                json[at..].iter().position(|&byte| !is_word(byte)).map_or(json.len(), |n| at + n)
            }
            _ => at + 1,
        };
        tokens.push(at..end);
        at = end;
    }
    tokens
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.')
}

fn end_of_string(json: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(&byte) = json.get(at) {
        at += match byte {
            b'"' => return at + 1,
            b'\\' => 2,
            _ => 1,
        };
    }
    json.len()
}

/// A member of an object.
pub(crate) struct Member {
    /// The name, the colon and the value.
    pub(crate) whole: Range<usize>,
    pub(crate) value: Range<usize>,
}

/// The members of all objects.
pub(crate) fn members(json: &[u8], tokens: &[Range<usize>]) -> Vec<Member> {
    let is =
        |index: usize, byte| tokens.get(index).is_some_and(|token: &Range<usize>| json[token.start] == byte);
    let mut members = Vec::new();
    for name in 0..tokens.len() {
        if !is(name, b'"') || !is(name + 1, b':') {
            continue;
        }
        if let Some(value) = value_from(json, tokens.get(name + 2..).unwrap_or_default()) {
            members.push(Member { whole: tokens[name].start..value.end, value });
        }
    }
    members
}

/// The value that begins with the first token.
fn value_from(json: &[u8], tokens: &[Range<usize>]) -> Option<Range<usize>> {
    let mut depth = 0_u32;
    for token in tokens {
        match json[token.start] {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth == 0 {
            return Some(tokens[0].start..token.end);
        }
    }
    None
}
