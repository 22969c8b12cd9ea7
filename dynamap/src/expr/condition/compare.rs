//! Comparisons of attribute values as DynamoDB makes them.

use crate::value::{DataType, Number};
use aws_sdk_dynamodb::types::AttributeValue;
use std::cmp::Ordering;

/// The data type of a value.
pub(in crate::expr) fn data_type(value: &AttributeValue) -> Option<DataType> {
    Some(match value {
        AttributeValue::S(_) => DataType::S,
        AttributeValue::N(_) => DataType::N,
        AttributeValue::B(_) => DataType::B,
        AttributeValue::Bool(_) => DataType::Bool,
        AttributeValue::Null(_) => DataType::Null,
        AttributeValue::M(_) => DataType::M,
        AttributeValue::L(_) => DataType::L,
        AttributeValue::Ss(_) => DataType::Ss,
        AttributeValue::Ns(_) => DataType::Ns,
        AttributeValue::Bs(_) => DataType::Bs,
        _ => return None,
    })
}

/// The order of two strings, numbers or binary values; none of anything else, nor of different data types.
pub(in crate::expr) fn order(left: &AttributeValue, right: &AttributeValue) -> Option<Ordering> {
    match (left, right) {
        (AttributeValue::S(left), AttributeValue::S(right)) => Some(left.as_bytes().cmp(right.as_bytes())),
        (AttributeValue::N(left), AttributeValue::N(right)) => Some(number(left)?.cmp(&number(right)?)),
        (AttributeValue::B(left), AttributeValue::B(right)) => Some(left.as_ref().cmp(right.as_ref())),
        _ => None,
    }
}

/// DynamoDB: numbers are equal by value, at every level, and sets whatever the order of their members.
pub(crate) fn equal(left: &AttributeValue, right: &AttributeValue) -> bool {
    match (left, right) {
        (AttributeValue::N(left), AttributeValue::N(right)) => equal_numbers(left, right),
        (AttributeValue::L(left), AttributeValue::L(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| equal(left, right))
        }
        (AttributeValue::M(left), AttributeValue::M(right)) => {
            let same = |(name, left)| right.get(name).is_some_and(|right| equal(left, right));
            left.len() == right.len() && left.iter().all(same)
        }
        (AttributeValue::Ss(left), AttributeValue::Ss(right)) => equal_sets(left, right, |a, b| a == b),
        (AttributeValue::Ns(left), AttributeValue::Ns(right)) => {
            equal_sets(left, right, |a, b| equal_numbers(a, b))
        }
        (AttributeValue::Bs(left), AttributeValue::Bs(right)) => equal_sets(left, right, |a, b| a == b),
        (left, right) => left == right,
    }
}

fn equal_sets<T>(left: &[T], right: &[T], equal: impl Fn(&T, &T) -> bool) -> bool {
    left.len() == right.len() && left.iter().all(|left| right.iter().any(|right| equal(left, right)))
}

fn equal_numbers(left: &str, right: &str) -> bool {
    match (number(left), number(right)) {
        (Some(left), Some(right)) => left == right,
        _ => left == right,
    }
}

/// The number that a text is, if it is one that DynamoDB takes.
pub(in crate::expr) fn number(text: &str) -> Option<Number> {
    text.parse().ok()
}

/// True if a string or binary value has a part, a set a member, or a list an element.
pub(super) fn contains(value: &AttributeValue, element: &AttributeValue) -> bool {
    match (value, element) {
        (AttributeValue::S(text), AttributeValue::S(part)) => text.contains(part.as_str()),
        (AttributeValue::B(bytes), AttributeValue::B(part)) => {
            let (bytes, part) = (bytes.as_ref(), part.as_ref());
            part.is_empty() || bytes.windows(part.len()).any(|window| window == part)
        }
        (AttributeValue::Ss(members), AttributeValue::S(member)) => members.contains(member),
        (AttributeValue::Ns(members), AttributeValue::N(member)) => {
            members.iter().any(|known| equal_numbers(known, member))
        }
        (AttributeValue::Bs(members), AttributeValue::B(member)) => members.contains(member),
        (AttributeValue::L(elements), element) => elements.iter().any(|known| equal(known, element)),
        _ => false,
    }
}
