//! Sequence numbers: decimal numbers, written with 21 to 40 digits.

/// The number of digits that DynamoDB's sequence numbers have at least, and at most.
const DIGITS: std::ops::RangeInclusive<usize> = 21..=40;

/// Returns the number as DynamoDB writes it.
pub(crate) fn text(number: u128) -> String {
    format!("{number:021}")
}

/// Reads a sequence number. None if the text is not one.
pub(crate) fn parse(text: &str) -> Option<u128> {
    let is_number = DIGITS.contains(&text.len()) && text.bytes().all(|digit| digit.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}
