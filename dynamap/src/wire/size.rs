//! The size of an item as DynamoDB counts it, from which its capacity units are computed.

use aws_sdk_dynamodb::types::AttributeValue;
use std::collections::HashMap;

/// The size of an item in bytes, as DynamoDB counts it for its limit of 409,600 bytes (400 KB), and for capacity.
///
/// On a table with vector indexes capacity counts vectors otherwise:
/// [`billed_item_size`](crate::capacity::billed_item_size) is the size for capacity there.
///
/// Names count with the bytes of their UTF-8, numbers with one byte for two digits and one more, lists and maps with
/// three bytes and one for each element.
///
/// ```
/// # use aws_sdk_dynamodb::types::AttributeValue;
/// let item = [("id".to_owned(), AttributeValue::N("12.50".into()))].into();
/// assert_eq!(dynamap::wire::item_size(&item), 2 + 3);
/// ```
pub fn item_size(item: &HashMap<String, AttributeValue>) -> usize {
    item.iter().map(|(name, value)| attribute_size(name, value)).sum()
}

/// The size of an attribute: its name and its value.
pub(crate) fn attribute_size(name: &str, value: &AttributeValue) -> usize {
    name.len() + value_size(value)
}

fn value_size(value: &AttributeValue) -> usize {
    match value {
        AttributeValue::S(text) => text.len(),
        AttributeValue::N(text) => number_size(text),
        AttributeValue::B(bytes) => bytes.as_ref().len(),
        AttributeValue::Ss(members) => members.iter().map(String::len).sum(),
        AttributeValue::Ns(members) => members.iter().map(|member| number_size(member)).sum(),
        AttributeValue::Bs(members) => members.iter().map(|member| member.as_ref().len()).sum(),
        AttributeValue::L(elements) => {
            3 + elements.iter().map(|element| 1 + value_size(element)).sum::<usize>()
        }
        AttributeValue::M(members) => {
            3 + members.iter().map(|(name, value)| name.len() + 1 + value_size(value)).sum::<usize>()
        }
        _ => 1,
    }
}

/// DynamoDB: a byte for two digits, before and after the point, one for the exponent, and one for a minus sign. Zeros at
/// either end are no digits.
fn number_size(text: &str) -> usize {
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |text| (true, text));
    let (digits, exponent) = text.split_once(['E', 'e']).unwrap_or((text, "0"));
    let (integer, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all = || integer.bytes().chain(fraction.bytes());
    let Some(first) = all().position(|digit| digit != b'0') else { return 1 };
    let last = all().count() - all().rev().position(|digit| digit != b'0').unwrap_or_default();
    // How many of the digits that count stand before the point.
    let point = integer.len() as i64 + exponent.parse::<i64>().unwrap_or_default();
    let before = (point - first as i64).clamp(0, (last - first) as i64) as usize;
    before.div_ceil(2) + (last - first - before).div_ceil(2) + 1 + usize::from(negative)
}

#[cfg(test)]
mod tests {
    use super::{item_size, number_size};
    use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};

    #[test]
    fn numbers_are_as_large_as_their_digits() {
        for (text, size) in [
            ("0", 1),
            ("-0.00", 1),
            ("1", 2),
            ("100", 2),
            ("1010", 3),
            ("1.5", 3),
            ("-42", 3),
            ("1E125", 2),
            ("12345678901234567890123456789012345678", 20),
            ("0.0012", 2),
            ("1.20", 3),
            ("12E-1", 3),
            ("12e-1", 3),
            ("0.5E1", 2),
        ] {
            assert_eq!(number_size(text), size, "{text}");
        }
    }

    #[test]
    fn each_data_type_has_its_own_size() {
        let s = |text: &str| AttributeValue::S(text.into());
        let n = |text: &str| AttributeValue::N(text.into());
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        let map = |name: &str, value| AttributeValue::M([(name.to_owned(), value)].into());
        for (value, size) in [
            (s(""), 0),
            (s("ü1"), 3),
            (n("12345"), 4),
            (AttributeValue::B(Blob::new([1, 2, 3])), 3),
            (AttributeValue::Bool(true), 1),
            (AttributeValue::Null(true), 1),
            (AttributeValue::Ss(texts(&["ab", "ü"])), 4),
            (AttributeValue::Ns(texts(&["12345", "70"])), 6),
            (AttributeValue::Bs(vec![Blob::new([1, 2]), Blob::new([3])]), 3),
            (AttributeValue::L(Vec::new()), 3),
            (AttributeValue::L(vec![s("ab"), n("7")]), 3 + 1 + 2 + 1 + 2),
            (AttributeValue::M([].into()), 3),
            (map("né", s("ab")), 3 + 3 + 1 + 2),
            (map("a", AttributeValue::L(vec![s("b")])), 3 + 1 + 1 + 3 + 1 + 1),
        ] {
            let item = [("näme".to_owned(), value.clone())].into();
            assert_eq!(item_size(&item), 5 + size, "{value:?}");
        }
        assert_eq!(item_size(&[].into()), 0);
    }
}
