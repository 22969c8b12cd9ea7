//! DynamoDB-JSON as serde_json reads it: slow, plain, and with no line in common with dynamap's reader.

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::cell::Cell;
use std::collections::HashMap;
use std::fmt;

/// The deepest level of an attribute value. What is deeper is read all the same, as far as serde_json goes.
const MAX_LEVEL: u32 = 32;

/// What a document holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Known<T> {
    pub(super) value: T,
    /// True if an item or map has two members of one name: the last counts.
    pub(super) repeats: bool,
    /// True if it nests deeper than DynamoDB allows.
    pub(super) deep: bool,
}

impl<T> Known<T> {
    /// The value, if DynamoDB-JSON may hold it.
    pub(super) fn valid(&self) -> Option<&T> {
        Some(&self.value).filter(|_| !self.deep)
    }
}

/// The item that `json` is, or why it is none.
pub(super) fn item(json: &[u8]) -> Result<Known<HashMap<String, AttributeValue>>, String> {
    read(json, |seed, json| json.deserialize_map(Members(seed)))
}

/// The attribute value that `json` is, or why it is none.
pub(super) fn value(json: &[u8]) -> Result<Known<AttributeValue>, String> {
    read(json, |seed, json| seed.deserialize(json))
}

type Json<'a> = serde_json::Deserializer<serde_json::de::SliceRead<'a>>;

fn read<'a, T>(
    json: &'a [u8],
    read: impl FnOnce(Attribute<'_>, &mut Json<'a>) -> serde_json::Result<T>,
) -> Result<Known<T>, String> {
    let (repeats, deep) = (Cell::new(false), Cell::new(false));
    let mut json = serde_json::Deserializer::from_slice(json);
    let value = read(Attribute { level: 1, repeats: &repeats, deep: &deep }, &mut json);
    let value = value.and_then(|value| json.end().map(|()| value)).map_err(|error| error.to_string())?;
    Ok(Known { value, repeats: repeats.get(), deep: deep.get() })
}

/// An object of one member, which is named for the data type.
#[derive(Clone, Copy)]
struct Attribute<'a> {
    level: u32,
    repeats: &'a Cell<bool>,
    deep: &'a Cell<bool>,
}

impl Attribute<'_> {
    fn below(self) -> Self {
        Self { level: self.level + 1, ..self }
    }
}

impl<'de> DeserializeSeed<'de> for Attribute<'_> {
    type Value = AttributeValue;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<AttributeValue, D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Attribute<'_> {
    type Value = AttributeValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an attribute value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<AttributeValue, A::Error> {
        if self.level > MAX_LEVEL {
            self.deep.set(true);
        }
        let value = match object.next_key::<String>()?.as_deref() {
            Some("S") => AttributeValue::S(object.next_value()?),
            Some("N") => AttributeValue::N(object.next_value()?),
            Some("B") => AttributeValue::B(blob(object.next_value()?)?),
            Some("BOOL") => AttributeValue::Bool(object.next_value()?),
            Some("NULL") => object.next_value::<bool>().map(|_| AttributeValue::Null(true))?,
            Some("M") => AttributeValue::M(object.next_value_seed(Members(self.below()))?),
            Some("L") => AttributeValue::L(object.next_value_seed(Elements(self.below()))?),
            Some("SS") => AttributeValue::Ss(object.next_value()?),
            Some("NS") => AttributeValue::Ns(object.next_value()?),
            Some("BS") => {
                let members: Vec<String> = object.next_value()?;
                AttributeValue::Bs(members.into_iter().map(blob).collect::<Result<_, _>>()?)
            }
            _ => return Err(A::Error::custom("no data type")),
        };
        match object.next_key::<IgnoredAny>()? {
            None => Ok(value),
            Some(_) => Err(A::Error::custom("two data types")),
        }
    }
}

/// The members of an item or map.
struct Members<'a>(Attribute<'a>);

impl<'de> DeserializeSeed<'de> for Members<'_> {
    type Value = HashMap<String, AttributeValue>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Members<'_> {
    type Value = HashMap<String, AttributeValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("members of a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        let mut members = HashMap::new();
        while let Some(name) = object.next_key::<String>()? {
            let value = object.next_value_seed(self.0)?;
            if members.insert(name, value).is_some() {
                self.0.repeats.set(true);
            }
        }
        Ok(members)
    }
}

/// The elements of a list.
struct Elements<'a>(Attribute<'a>);

impl<'de> DeserializeSeed<'de> for Elements<'_> {
    type Value = Vec<AttributeValue>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Elements<'_> {
    type Value = Vec<AttributeValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("elements of a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Self::Value, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = array.next_element_seed(self.0)? {
            elements.push(element);
        }
        Ok(elements)
    }
}

/// Base64 with its padding, and no bits that stand for nothing.
fn blob<E: Error>(text: String) -> Result<Blob, E> {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits = text.trim_end_matches('=');
    let padding = text.len() - digits.len();
    if !text.len().is_multiple_of(4) || padding > 2 {
        return Err(E::custom("no base64: length"));
    }
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0_u32, 0);
    for letter in digits.bytes() {
        let digit = LETTERS.iter().position(|&known| known == letter);
        let digit = digit.ok_or_else(|| E::custom("no base64: letter"))?;
        bits = bits << 6 | digit as u32;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    if bits != 0 || count >= 6 {
        return Err(E::custom("no base64: rest"));
    }
    Ok(Blob::new(bytes))
}
