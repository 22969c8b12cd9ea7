//! The key values directly above and below another one, in DynamoDB's order.
//!
//! DynamoDB takes one condition on a sort key, and `BETWEEN` includes its bounds. An excluded bound therefore
//! becomes an included one: its neighbor. There is one, because a sort key has at most 1024 bytes.

use super::KeyRole;

const LIMIT: usize = KeyRole::Sort.limit();

/// The greatest char of each length in UTF-8.
const GREATEST: [char; 4] = ['\u{7f}', '\u{7ff}', '\u{ffff}', '\u{10ffff}'];

/// The least sort key above `text`, if there is one.
pub(super) fn string_above(mut text: String) -> Option<String> {
    if text.len() < LIMIT {
        text.push('\0');
        return Some(text);
    }
    // No room for another char: the last one that has a greater one of its length takes that.
    while let Some(last) = text.pop() {
        if let Some(next) = char_above(last).filter(|next| text.len() + next.len_utf8() <= LIMIT) {
            text.push(next);
            return Some(text);
        }
    }
    None
}

/// The greatest sort key below `text`, if there is one.
pub(super) fn string_below(mut text: String) -> Option<String> {
    // Nothing is between a text and the same text with a NUL after it.
    match text.pop()? {
        '\0' => (!text.is_empty()).then_some(text),
        last => {
            text.push(char_below(last)?);
            Some(padded(text))
        }
    }
}

/// The greatest sort key that begins with `text`.
pub(super) fn padded(mut text: String) -> String {
    for greatest in GREATEST.into_iter().rev() {
        let room = LIMIT.saturating_sub(text.len());
        text.extend(std::iter::repeat_n(greatest, room / greatest.len_utf8()));
    }
    text
}

fn char_above(c: char) -> Option<char> {
    (c..=char::MAX).nth(1)
}

fn char_below(c: char) -> Option<char> {
    ('\0'..c).next_back()
}

/// The least binary sort key above `bytes`, if there is one.
pub(super) fn bytes_above(mut bytes: Vec<u8>) -> Option<Vec<u8>> {
    if bytes.len() < LIMIT {
        bytes.push(0);
        return Some(bytes);
    }
    while let Some(last) = bytes.pop() {
        if let Some(next) = last.checked_add(1) {
            bytes.push(next);
            return Some(bytes);
        }
    }
    None
}

/// The greatest binary sort key below `bytes`, if there is one.
pub(super) fn bytes_below(mut bytes: Vec<u8>) -> Option<Vec<u8>> {
    match bytes.pop()? {
        0 => (!bytes.is_empty()).then_some(bytes),
        last => {
            bytes.push(last - 1);
            bytes.resize(LIMIT.max(bytes.len()), u8::MAX);
            Some(bytes)
        }
    }
}
