//! Attribute values: their sizes, their order and the rules for them.

use std::cmp::Ordering;
use std::collections::HashSet;

use serde_json::{Map, Value};

use super::findings::Findings;
use super::number::Number;
use super::rule::Rule;

/// DynamoDB: the most levels of lists and maps; a value in an item is on the first.
const MAX_LEVELS: usize = 32;

/// The type and the content of an attribute value.
pub(super) fn typed(value: &Value) -> Option<(&str, &Value)> {
    let (data_type, content) = value.as_object()?.iter().next()?;
    Some((data_type, content))
}

pub(super) fn item_size(item: &Map<String, Value>) -> usize {
    item.iter().map(|(name, value)| name.len() + size(value)).sum()
}

/// DynamoDB: names count with their bytes, lists and maps with 3 bytes and 1 for each element.
pub(super) fn size(value: &Value) -> usize {
    let Some((data_type, content)) = typed(value) else { return 0 };
    match (data_type, content) {
        ("SS" | "NS" | "BS", Value::Array(members)) => {
            members.iter().map(|member| scalar_size(&data_type[..1], member)).sum()
        }
        ("L", Value::Array(elements)) => 3 + elements.iter().map(|element| 1 + size(element)).sum::<usize>(),
        ("M", Value::Object(members)) => {
            3 + members.iter().map(|(name, value)| name.len() + 1 + size(value)).sum::<usize>()
        }
        _ => scalar_size(data_type, content),
    }
}

fn scalar_size(data_type: &str, content: &Value) -> usize {
    let text = content.as_str().unwrap_or_default();
    match data_type {
        "S" => text.len(),
        "N" => Number::parse(text).map_or(text.len(), |number| number.size()),
        "B" => sextets(text).count() * 6 / 8,
        _ => 1,
    }
}

/// The digits of base64, whose order is that of the bytes that they stand for.
fn sextets(base64: &str) -> impl Iterator<Item = u8> {
    base64.bytes().filter_map(|digit| match digit {
        b'A'..=b'Z' => Some(digit - b'A'),
        b'a'..=b'z' => Some(digit - b'a' + 26),
        b'0'..=b'9' => Some(digit - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    })
}

/// Compares two values. None if the types differ or have no order.
pub(super) fn compare(one: &Value, other: &Value) -> Option<Ordering> {
    let ((data_type, one), (other_type, other)) = (typed(one)?, typed(other)?);
    let (one, other) = (one.as_str()?, other.as_str()?);
    if data_type != other_type {
        return None;
    }
    match data_type {
        "S" => Some(one.cmp(other)),
        "N" => Some(Number::parse(one)?.cmp(&Number::parse(other)?)),
        "B" => Some(sextets(one).cmp(sextets(other))),
        _ => None,
    }
}

/// A text that is the same for all spellings of one key value.
pub(super) fn identity(value: &Value) -> String {
    let Some((data_type, content)) = typed(value) else { return String::new() };
    let text = content.as_str().unwrap_or_default();
    match data_type {
        "N" => Number::parse(text).map_or_else(|| text.to_owned(), |number| number.identity()),
        _ => text.to_owned(),
    }
}

/// Checks numbers, sets and nesting.
pub(super) fn check(value: &Value, findings: &mut Findings) {
    check_level(value, 1, findings);
}

fn check_level(value: &Value, level: usize, findings: &mut Findings) {
    let Some((data_type, content)) = typed(value) else { return };
    if level > MAX_LEVELS {
        if !findings.iter().any(|(rule, _)| *rule == Rule::Nesting) {
            findings.push((
                Rule::Nesting,
                "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond \
                 supported limit"
                    .to_owned(),
            ));
        }
        return;
    }
    match (data_type, content) {
        ("N", content) => check_number(content, findings),
        ("SS" | "NS" | "BS", Value::Array(members)) => {
            if data_type == "NS" {
                members.iter().for_each(|member| check_number(member, findings));
            }
            check_set(data_type, members, findings);
        }
        ("L", Value::Array(elements)) => {
            elements.iter().for_each(|element| check_level(element, level + 1, findings));
        }
        ("M", Value::Object(members)) => {
            members.values().for_each(|member| check_level(member, level + 1, findings));
        }
        _ => {}
    }
}

fn check_number(content: &Value, findings: &mut Findings) {
    let number = content.as_str().and_then(Number::parse);
    if number.is_some_and(|number| !number.is_in_range()) {
        findings.push((
            Rule::Number,
            "Attempting to store more than 38 significant digits in a Number, or a number out of its range"
                .to_owned(),
        ));
    }
}

fn check_set(data_type: &str, members: &[Value], findings: &mut Findings) {
    if members.is_empty() {
        findings.push((
            Rule::Set,
            "One or more parameter values were invalid: An set  may not be empty".to_owned(),
        ));
    }
    let mut seen = HashSet::new();
    let twice = members.iter().any(|member| {
        let text = member.as_str().unwrap_or_default();
        let number = (data_type == "NS").then(|| Number::parse(text)).flatten();
        !seen.insert(number.map_or_else(|| text.to_owned(), |number| number.identity()))
    });
    if twice {
        findings.push((
            Rule::Set,
            "One or more parameter values were invalid: Input collection contains duplicates".to_owned(),
        ));
    }
}
