//! Conditions as DynamoDB evaluates them.

use super::{
    super::{
        operand::TermKind,
        path::{PathStep, Steps},
    },
    compare::{contains, data_type, equal, order},
    node::{Comparator, Node},
};
use crate::entity::Item;
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
    find_inside(steps, item.get(&*steps.attribute)?)
}

/// The value at the end of a path, in the value of its attribute.
pub(in crate::expr) fn find_inside<'v>(
    steps: &Steps,
    attribute: &'v AttributeValue,
) -> Option<&'v AttributeValue> {
    let mut value = attribute;
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
