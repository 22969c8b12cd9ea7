//! The one interval of sort keys that a range of a component's values is.
//!
//! Let P be the key text before the component. The keys of a value x are P + x and those below it, P + x + `#`
//! and anything. All other keys of greater values are above them, all of lesser values below: `#` sorts below
//! every char of a component. P + x + `$` is above all keys of x and below all of greater values, and is no key
//! itself: a `$` is never the last char of a component.

use super::{KeyRole, SortKeyOperator, neighbor};
use crate::error::KeyErrorKind;
use aws_sdk_dynamodb::types::AttributeValue;
use std::ops::Bound::{self, Excluded, Included, Unbounded};

/// The form of the component that the range is of.
#[derive(Debug, Clone, Copy)]
pub(super) enum ComponentForm {
    /// Written as it displays, at the end of the key.
    Plain,
    /// Escaped.
    Escaped {
        /// All values have the same number of chars.
        fixed_width: bool,
        /// The greatest value's own key is included, but no key below it.
        exact_end: bool,
    },
}

/// The condition for the keys between two bounds, given as the text before the component and with it.
///
/// `None` asks for no condition.
pub(super) fn range(
    prefix: &str,
    form: ComponentForm,
    from: Bound<String>,
    to: Bound<String>,
) -> Result<Option<SortKeyOperator>, KeyErrorKind> {
    if is_empty(&from, &to) {
        return Err(KeyErrorKind::EmptyRange);
    }
    let operator = match (lower(form, from)?, to) {
        (None, Unbounded) => return Ok(begins_with(prefix)),
        (None, Excluded(to)) if prefix.is_empty() => SortKeyOperator::Less(string(to)?),
        (None, Included(to)) if prefix.is_empty() => SortKeyOperator::LessOrEqual(string(end(form, to))?),
        (Some(from), Unbounded) if prefix.is_empty() => SortKeyOperator::GreaterOrEqual(string(from)?),
        (from, to) => {
            let from = from.unwrap_or_else(|| prefix.to_owned());
            let to = upper(prefix, form, to)?;
            // Nothing is below the component's least value, or between neighbors.
            if from > to {
                return Err(KeyErrorKind::EmptyRange);
            }
            SortKeyOperator::Between(string(from)?, string(to)?)
        }
    };
    Ok(Some(operator))
}

/// The condition for all keys that begin so.
pub(super) fn begins_with(prefix: &str) -> Option<SortKeyOperator> {
    (!prefix.is_empty()).then(|| SortKeyOperator::BeginsWith(AttributeValue::S(prefix.to_owned())))
}

/// The text above all keys of the value with this text and below all keys of greater values.
pub(super) fn above_all_below(mut text: String) -> String {
    // A key of the greatest length has no other below it.
    if text.len() < KeyRole::Sort.limit() {
        text.push('$');
    }
    text
}

fn is_empty(from: &Bound<String>, to: &Bound<String>) -> bool {
    match (from, to) {
        (Included(from), Included(to)) => from > to,
        (Included(from) | Excluded(from), Included(to) | Excluded(to)) => from >= to,
        (Unbounded, _) | (_, Unbounded) => false,
    }
}

fn lower(form: ComponentForm, from: Bound<String>) -> Result<Option<String>, KeyErrorKind> {
    Ok(match (from, form) {
        (Unbounded, _) => None,
        // The least text of all: no key is empty.
        (Included(text), _) if text.is_empty() => None,
        (Included(text), _) => Some(text),
        (Excluded(text), ComponentForm::Escaped { .. }) if text.len() < KeyRole::Sort.limit() => {
            Some(above_all_below(text))
        }
        (Excluded(text), _) => Some(neighbor::string_above(text).ok_or(KeyErrorKind::EmptyRange)?),
    })
}

fn upper(prefix: &str, form: ComponentForm, to: Bound<String>) -> Result<String, KeyErrorKind> {
    match to {
        Included(text) => Ok(end(form, text)),
        Excluded(text) => below(form, text).ok_or(KeyErrorKind::EmptyRange),
        Unbounded => Ok(match prefix.strip_suffix('#') {
            Some(stem) => format!("{stem}$"),
            None => neighbor::padded(prefix.to_owned()),
        }),
    }
}

fn end(form: ComponentForm, text: String) -> String {
    match form {
        ComponentForm::Plain | ComponentForm::Escaped { exact_end: true, .. } => text,
        ComponentForm::Escaped { exact_end: false, .. } => above_all_below(text),
    }
}

/// A text above all keys of lesser values and below all of this one.
fn below(form: ComponentForm, mut text: String) -> Option<String> {
    let fixed_width = matches!(form, ComponentForm::Escaped { fixed_width: true, .. });
    match text.chars().next_back() {
        // With equal widths, the values that differ in the last char alone end directly below it. (The char
        // below `%` is `$`, which is written as two.)
        Some(last) if fixed_width && last.is_ascii() && last > '%' => {
            text.pop();
            text.push(char::from(last as u8 - 1));
            Some(above_all_below(text))
        }
        // A lesser value can begin with any char below the last, and go on with the greatest chars up to the
        // greatest length of a key.
        _ => neighbor::string_below(text),
    }
}

fn string(text: String) -> Result<AttributeValue, KeyErrorKind> {
    if text.is_empty() { Err(KeyErrorKind::EmptyRange) } else { Ok(AttributeValue::S(text)) }
}
