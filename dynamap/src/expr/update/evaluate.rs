//! Updates as DynamoDB applies them.

use super::{
    super::{
        condition::{find, number},
        operand::{Computed, TermKind},
        path::{PathStep, Steps},
    },
    UpdateAction,
};
use crate::{
    entity::Item,
    error::{ExpressionError, ExpressionErrorKind},
};
use aws_sdk_dynamodb::types::AttributeValue;
use std::borrow::Cow;

/// The item after the actions.
///
/// DynamoDB: every operand has the value that the item held before. Values are set first, lower elements of a list before
/// higher ones, and then elements are removed, which moves up those that follow.
pub(super) fn apply(actions: &[UpdateAction], item: &Item) -> Result<Item, ExpressionError> {
    let mut after = item.clone();
    let mut in_order: Vec<&UpdateAction> = actions.iter().collect();
    in_order.sort_by(|left, right| left.target().cmp(right.target()));
    for action in &in_order {
        match action {
            UpdateAction::Set(target, term) => {
                let value = operand(term, item).ok_or_else(|| inapplicable(target))?.into_owned();
                set(&mut after, target, value)?;
            }
            UpdateAction::Add(target, value) => {
                let sum = match find(target, item) {
                    Some(held) => add(held, value).ok_or_else(|| inapplicable(target))?,
                    None => value.clone(),
                };
                set(&mut after, target, sum)?;
            }
            UpdateAction::Delete(target, members) => {
                if let Some(held) = find(target, item) {
                    match delete(held, members).ok_or_else(|| inapplicable(target))? {
                        Some(rest) => set(&mut after, target, rest)?,
                        None => remove(&mut after, target, true)?,
                    }
                }
            }
            UpdateAction::Remove(_) => {}
        }
    }
    for action in in_order.iter().rev() {
        if let UpdateAction::Remove(target) = action {
            // An element that was not there is not removed, though one may have been appended since.
            remove(&mut after, target, find(target, item).is_some())?;
        }
    }
    Ok(after)
}

fn inapplicable(target: &Steps) -> ExpressionError {
    ExpressionError::new(ExpressionErrorKind::Inapplicable(target.redacted()))
}

/// The map or list that holds the end of a path, and the last step; none for an attribute.
fn holder<'i>(
    item: &'i mut Item,
    target: &'i Steps,
) -> Result<Option<(&'i mut AttributeValue, &'i PathStep)>, ExpressionError> {
    let Some((last, on_the_way)) = target.inner.split_last() else { return Ok(None) };
    let mut value = item.get_mut(&*target.attribute);
    for step in on_the_way {
        value = match (step, value) {
            (PathStep::Name(name), Some(AttributeValue::M(members))) => members.get_mut(&**name),
            (PathStep::Index(index), Some(AttributeValue::L(elements))) => elements.get_mut(*index as usize),
            _ => None,
        };
    }
    value.map(|value| Some((value, last))).ok_or_else(|| inapplicable(target))
}

fn set(item: &mut Item, target: &Steps, value: AttributeValue) -> Result<(), ExpressionError> {
    match holder(item, target)? {
        None => {
            item.insert(target.attribute.to_string(), value);
        }
        Some((AttributeValue::M(members), PathStep::Name(name))) => {
            members.insert(name.to_string(), value);
        }
        Some((AttributeValue::L(elements), PathStep::Index(index))) => {
            match elements.get_mut(*index as usize) {
                Some(element) => *element = value,
                // DynamoDB: past its end, a value is appended to the list.
                None => elements.push(value),
            }
        }
        Some(_) => return Err(inapplicable(target)),
    }
    Ok(())
}

fn remove(item: &mut Item, target: &Steps, is_there: bool) -> Result<(), ExpressionError> {
    match holder(item, target)? {
        None => {
            item.remove(&*target.attribute);
        }
        Some((AttributeValue::M(members), PathStep::Name(name))) => {
            members.remove(&**name);
        }
        Some((AttributeValue::L(elements), PathStep::Index(index))) => {
            if is_there && (*index as usize) < elements.len() {
                elements.remove(*index as usize);
            }
        }
        Some(_) => return Err(inapplicable(target)),
    }
    Ok(())
}

/// The value of an operand, if the item has the attributes that it is computed from.
fn operand<'i>(term: &'i TermKind, item: &'i Item) -> Option<Cow<'i, AttributeValue>> {
    let computed = match term {
        TermKind::Value(value) => return Some(Cow::Borrowed(value)),
        TermKind::Path(steps) => return find(steps, item).map(Cow::Borrowed),
        TermKind::Size(_) | TermKind::Nothing(_) => return None,
        TermKind::Computed(computed) => &**computed,
    };
    let value = match computed {
        Computed::IfNotExists(steps, value) => {
            return find(steps, item).map(Cow::Borrowed).or_else(|| operand(value, item));
        }
        Computed::ListAppend(first, second) => match (&*operand(first, item)?, &*operand(second, item)?) {
            (AttributeValue::L(first), AttributeValue::L(second)) => {
                AttributeValue::L(first.iter().chain(second).cloned().collect())
            }
            _ => return None,
        },
        Computed::Plus(left, right) => sum(&*operand(left, item)?, &*operand(right, item)?, false)?,
        Computed::Minus(left, right) => sum(&*operand(left, item)?, &*operand(right, item)?, true)?,
    };
    Some(Cow::Owned(value))
}

fn sum(left: &AttributeValue, right: &AttributeValue, negated: bool) -> Option<AttributeValue> {
    let (AttributeValue::N(left), AttributeValue::N(right)) = (left, right) else { return None };
    let (left, right) = (number(left)?, number(right)?);
    let sum = if negated { left.checked_sub(right) } else { left.checked_add(right) };
    Some(AttributeValue::N(sum.ok()?.to_string()))
}

fn add(held: &AttributeValue, value: &AttributeValue) -> Option<AttributeValue> {
    fn union<T: Clone>(held: &[T], added: &[T], equal: impl Fn(&T, &T) -> bool) -> Vec<T> {
        let new = added.iter().filter(|new| !held.iter().any(|held| equal(held, new)));
        held.iter().chain(new).cloned().collect()
    }
    Some(match (held, value) {
        (AttributeValue::N(_), AttributeValue::N(_)) => return sum(held, value, false),
        (AttributeValue::Ss(held), AttributeValue::Ss(new)) => {
            AttributeValue::Ss(union(held, new, |a, b| a == b))
        }
        (AttributeValue::Ns(held), AttributeValue::Ns(new)) => {
            AttributeValue::Ns(union(held, new, |a, b| number(a) == number(b)))
        }
        (AttributeValue::Bs(held), AttributeValue::Bs(new)) => {
            AttributeValue::Bs(union(held, new, |a, b| a == b))
        }
        _ => return None,
    })
}

/// The rest of the set; none if no member is left, as DynamoDB stores no empty set.
fn delete(held: &AttributeValue, members: &AttributeValue) -> Option<Option<AttributeValue>> {
    fn rest<T: Clone>(
        held: &[T],
        deleted: &[T],
        set: fn(Vec<T>) -> AttributeValue,
        equal: impl Fn(&T, &T) -> bool,
    ) -> Option<AttributeValue> {
        let rest = held.iter().filter(|held| !deleted.iter().any(|deleted| equal(held, deleted)));
        let rest: Vec<T> = rest.cloned().collect();
        (!rest.is_empty()).then(|| set(rest))
    }
    match (held, members) {
        (AttributeValue::Ss(held), AttributeValue::Ss(members)) => {
            Some(rest(held, members, AttributeValue::Ss, |a, b| a == b))
        }
        (AttributeValue::Ns(held), AttributeValue::Ns(members)) => {
            Some(rest(held, members, AttributeValue::Ns, |a, b| number(a) == number(b)))
        }
        (AttributeValue::Bs(held), AttributeValue::Bs(members)) => {
            Some(rest(held, members, AttributeValue::Bs, |a, b| a == b))
        }
        _ => None,
    }
}
