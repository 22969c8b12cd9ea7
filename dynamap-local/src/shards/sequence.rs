//! Sequence numbers: decimal numbers, written with 21 to 40 digits.

use super::error::ShardModelError;

/// The number of digits that DynamoDB's sequence numbers have at least, and at most.
const DIGITS: std::ops::RangeInclusive<usize> = 21..=40;

/// The first number of a stream without a database: soon its numbers get a digit more, which a comparison as text
/// puts into the wrong order.
pub(super) const FIRST: u128 = 999_999_999_999_999_999_000;

/// Returns the number as DynamoDB writes it.
pub(super) fn text(number: u128) -> String {
    format!("{number:021}")
}

/// Reads a sequence number. None if the text is not one.
pub(super) fn parse(text: &str) -> Option<u128> {
    let is_number = DIGITS.contains(&text.len()) && text.bytes().all(|digit| digit.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

pub(super) fn required(text: &str) -> Result<u128, ShardModelError> {
    parse(text).ok_or_else(|| ShardModelError::SequenceNumber(text.to_owned()))
}
