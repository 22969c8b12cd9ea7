//! Conditions as DynamoDB evaluates them.

use super::{
    super::{
        operand::TermKind,
        path::{PathStep, Steps},
    },
    node::{Comparator, Node, data_type},
};
use crate::{entity::Item, value::Number};
use aws_sdk_dynamodb::types::AttributeValue;
use std::{borrow::Cow, cmp::Ordering};

pub(in crate::expr) fn matches(node: &Node, item: &Item) -> bool {
    match node {
        Node::Constant(truth) => *truth,
        Node::Compare(left, comparator, right) => compare(term(left, item), *comparator, term(right, item)),
        Node::Between(subject, lower, upper) => {
            compare(term(subject, item), Comparator::GreaterOrEqual, term(lower, item))
                && compare(term(subject, item), Comparator::LessOrEqual, term(upper, item))
        }
        Node::In(subject, operands) => operands
            .iter()
            .any(|operand| compare(term(subject, item), Comparator::Equal, term(operand, item))),
        Node::Exists(steps) => find(steps, item).is_some(),
        Node::NotExists(steps) => find(steps, item).is_none(),
        Node::IsType(steps, wanted) => find(steps, item).and_then(data_type) == Some(*wanted),
        Node::BeginsWith(subject, beginning) => {
            both(term(subject, item), term(beginning, item), |value, beginning| match (value, beginning) {
                (AttributeValue::S(text), AttributeValue::S(beginning)) => text.starts_with(beginning),
                (AttributeValue::B(bytes), AttributeValue::B(beginning)) => {
                    bytes.as_ref().starts_with(beginning.as_ref())
                }
                _ => false,
            })
        }
        Node::Contains(subject, element) => both(term(subject, item), term(element, item), contains),
        Node::All(members, _) => members.iter().all(|member| matches(member, item)),
        Node::Any(members, _) => members.iter().any(|member| matches(member, item)),
        Node::Not(inner, _) => !matches(inner, item),
    }
}

fn both(
    value: Option<Cow<'_, AttributeValue>>,
    operand: Option<Cow<'_, AttributeValue>>,
    test: impl FnOnce(&AttributeValue, &AttributeValue) -> bool,
) -> bool {
    value.zip(operand).is_some_and(|(value, operand)| test(&value, &operand))
}

/// The value at the end of a path.
pub(in crate::expr) fn find<'i>(steps: &Steps, item: &'i Item) -> Option<&'i AttributeValue> {
    let mut value = item.get(&*steps.attribute)?;
    for step in &steps.inner {
        value = match (step, value) {
            (PathStep::Name(name), AttributeValue::M(members)) => members.get(&**name)?,
            (PathStep::Index(index), AttributeValue::L(elements)) => {
                elements.get(usize::try_from(*index).ok()?)?
            }
            _ => return None,
        };
    }
    Some(value)
}

fn term<'i>(term: &'i TermKind, item: &'i Item) -> Option<Cow<'i, AttributeValue>> {
    match term {
        TermKind::Path(steps) => find(steps, item).map(Cow::Borrowed),
        TermKind::Size(steps) => {
            let size = size(find(steps, item)?)?;
            Some(Cow::Owned(AttributeValue::N(size.to_string())))
        }
        TermKind::Value(value) => Some(Cow::Borrowed(value)),
        TermKind::Nothing(_) | TermKind::Computed(_) => None,
    }
}

fn size(value: &AttributeValue) -> Option<usize> {
    match value {
        // DynamoDB: the size of a string is that of its UTF-16.
        AttributeValue::S(text) => Some(text.encode_utf16().count()),
        AttributeValue::B(bytes) => Some(bytes.as_ref().len()),
        AttributeValue::Ss(members) | AttributeValue::Ns(members) => Some(members.len()),
        AttributeValue::Bs(members) => Some(members.len()),
        AttributeValue::L(elements) => Some(elements.len()),
        AttributeValue::M(members) => Some(members.len()),
        _ => None,
    }
}

/// DynamoDB: what is absent equals nothing and differs from everything.
fn compare(
    left: Option<Cow<'_, AttributeValue>>,
    comparator: Comparator,
    right: Option<Cow<'_, AttributeValue>>,
) -> bool {
    let (Some(left), Some(right)) = (left, right) else { return comparator == Comparator::NotEqual };
    let ordering = || order(&left, &right);
    match comparator {
        Comparator::Equal => equal(&left, &right),
        Comparator::NotEqual => !equal(&left, &right),
        Comparator::Less => ordering().is_some_and(Ordering::is_lt),
        Comparator::LessOrEqual => ordering().is_some_and(Ordering::is_le),
        Comparator::Greater => ordering().is_some_and(Ordering::is_gt),
        Comparator::GreaterOrEqual => ordering().is_some_and(Ordering::is_ge),
    }
}

/// The order of two strings, numbers or binary values; none of anything else, nor of different data types.
pub(super) fn order(left: &AttributeValue, right: &AttributeValue) -> Option<Ordering> {
    match (left, right) {
        (AttributeValue::S(left), AttributeValue::S(right)) => Some(left.as_bytes().cmp(right.as_bytes())),
        (AttributeValue::N(left), AttributeValue::N(right)) => Some(number(left)?.cmp(&number(right)?)),
        (AttributeValue::B(left), AttributeValue::B(right)) => Some(left.as_ref().cmp(right.as_ref())),
        _ => None,
    }
}

/// DynamoDB: numbers are equal by value, at every level, and sets whatever the order of their members.
fn equal(left: &AttributeValue, right: &AttributeValue) -> bool {
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

pub(in crate::expr) fn number(text: &str) -> Option<Number> {
    text.parse().ok()
}

fn contains(value: &AttributeValue, element: &AttributeValue) -> bool {
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
