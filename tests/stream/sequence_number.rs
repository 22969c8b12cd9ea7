//! Sequence numbers, which are compared as numbers.

use dynamap::stream::SequenceNumber;
use dynamap::wire;
use proptest::prelude::*;
use std::cmp::Ordering;
use std::hash::{DefaultHasher, Hash, Hasher};

fn number(text: &str) -> SequenceNumber {
    text.parse().unwrap()
}

fn hash(number: &SequenceNumber) -> u64 {
    let mut hasher = DefaultHasher::new();
    number.hash(&mut hasher);
    hasher.finish()
}

/// The order of numbers by their digits, one after another from the end.
fn order(left: &str, right: &str) -> Ordering {
    let width = left.len().max(right.len());
    format!("{left:0>width$}").cmp(&format!("{right:0>width$}"))
}

proptest! {
    #[test]
    fn the_order_is_that_of_numbers(left in "0{0,5}[0-9]{1,60}", right in "0{0,5}[0-9]{1,60}", zeros in 0..9_usize) {
        let (a, b) = (number(&left), number(&right));
        prop_assert_eq!(a.cmp(&b), order(&left, &right));
        prop_assert_eq!(a == b, a.cmp(&b).is_eq());
        prop_assert_eq!(a.to_string(), left.clone());
        let padded = number(&format!("{}{left}", "0".repeat(zeros)));
        prop_assert_eq!(padded.cmp(&b), a.cmp(&b));
        prop_assert_eq!((&padded, hash(&padded)), (&a, hash(&a)));
        let stored = wire::to_attribute_value(&a).unwrap();
        prop_assert_eq!(wire::from_attribute_value::<SequenceNumber>(stored).unwrap().to_string(), left);
    }

    #[test]
    fn other_texts_are_no_numbers(text in "\\PC{0,4}") {
        let digits = !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
        prop_assert_eq!(text.parse::<SequenceNumber>().is_ok(), digits);
    }
}

#[test]
fn longer_than_any_integer() {
    assert!(number("9") < number("10") && number("99999999999999999999") < number("100000000000000000000"));
    assert!(number(&"9".repeat(56)) < number(&format!("1{}", "0".repeat(56))));
    assert_eq!(number("0"), number("000"));
    assert!("".parse::<SequenceNumber>().is_err());
    let error = "-1".parse::<SequenceNumber>().unwrap_err();
    assert_eq!(error.to_string(), "a sequence number has digits only, and at least one");
}
