//! JSON of the command line, with all digits of its numbers.
//!
//! `serde_json::Value` has numbers in 64 bits, which are less than DynamoDB stores.

use std::{
    collections::{BTreeMap, HashMap},
    str::FromStr,
};

use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::value::Number;
use serde_json::{Value, value::RawValue};

use crate::value::{decode, encode};

/// The deepest nesting.
///
/// DynamoDB: attributes are nested up to 32 levels, of which the attribute of the value is one.
const DEPTH: usize = 32;

type Error = Box<dyn std::error::Error + Send + Sync>;

/// A JSON value, as the attribute value that the store has for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Json(pub(super) AttributeValue);

/// Several JSON values by their names: a JSON object.
#[derive(Debug, Clone, PartialEq)]
pub struct JsonObject(pub(super) HashMap<String, AttributeValue>);

impl FromStr for Json {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        parse(serde_json::from_str(text)?, DEPTH).map(Self)
    }
}

impl FromStr for JsonObject {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        object(serde_json::from_str(text)?, DEPTH).map(Self)
    }
}

fn parse(json: &RawValue, depth: usize) -> Result<AttributeValue, Error> {
    let text = json.get();
    match text.as_bytes().first() {
        Some(b'{' | b'[') if depth == 0 => Err(format!("nested more than {DEPTH} levels deep").into()),
        Some(b'{') => Ok(AttributeValue::M(object(json, depth - 1)?)),
        Some(b'[') => {
            let elements: Vec<&RawValue> = serde_json::from_str(text)?;
            let elements = elements.into_iter().map(|element| parse(element, depth - 1));
            Ok(AttributeValue::L(elements.collect::<Result<_, _>>()?))
        }
        Some(b'-' | b'0'..=b'9') => {
            let number: Number = text.parse().map_err(|error| format!("{text}: {error}"))?;
            Ok(AttributeValue::N(number.to_string()))
        }
        _ => Ok(encode(&serde_json::from_str::<Value>(text)?)?),
    }
}

fn object(json: &RawValue, depth: usize) -> Result<HashMap<String, AttributeValue>, Error> {
    let members: HashMap<String, &RawValue> = serde_json::from_str(json.get())?;
    members.into_iter().map(|(name, member)| Ok((name, parse(member, depth)?))).collect()
}

/// The JSON text of what is stored at a key.
pub(super) fn text(key: &str, value: &AttributeValue) -> crate::Result<String> {
    Ok(match value {
        AttributeValue::N(number) => number_text(number),
        AttributeValue::Ns(numbers) => list(numbers.iter().map(|number| Ok(number_text(number))))?,
        AttributeValue::L(elements) => list(elements.iter().map(|element| text(key, element)))?,
        AttributeValue::M(map) => {
            let sorted: BTreeMap<_, _> = map.iter().collect();
            members(sorted.into_iter().map(|(name, member)| Ok((name, text(key, member)?))))?
        }
        other => decode::<Value>(key, other.clone())?.to_string(),
    })
}

/// The JSON text of the values of several keys.
pub(super) fn object_text(values: &BTreeMap<String, AttributeValue>) -> crate::Result<String> {
    members(values.iter().map(|(key, value)| Ok((key, text(key, value)?))))
}

/// A number as JSON has it: other programs may have stored it in another form, such as `+.5`.
fn number_text(number: &str) -> String {
    number.parse::<Number>().map_or_else(|_| number.to_owned(), |number| number.to_string())
}

fn list(elements: impl Iterator<Item = crate::Result<String>>) -> crate::Result<String> {
    Ok(format!("[{}]", elements.collect::<crate::Result<Vec<_>>>()?.join(",")))
}

fn members<'a>(members: impl Iterator<Item = crate::Result<(&'a String, String)>>) -> crate::Result<String> {
    let members =
        members.map(|member| member.map(|(name, value)| format!("{}:{value}", Value::from(&**name))));
    Ok(format!("{{{}}}", members.collect::<crate::Result<Vec<_>>>()?.join(",")))
}
