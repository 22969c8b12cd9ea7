//! `#[serde(..)]` beside `#[dynamap(..)]`: what is equal passes, and what is for another format is ignored.

use crate::forms::{plain, stored};
use crate::stored::item;
use dynamap::{Attribute, Entity, Projection, TableSchema};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::fmt::Debug;

/// The stored form is serde's.
#[track_caller]
fn as_serde<T: dynamap::value::FromAttribute + Serialize + PartialEq + Debug>(value: &T) {
    assert_eq!(plain(&stored(value)), serde_json::to_value(value).unwrap());
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Attribute)]
#[serde(rename_all = "camelCase", deny_unknown_fields, bound = "", rename = "Other", expecting = "it")]
#[dynamap(rename_all = "camelCase")]
struct Equal {
    street_name: String,
    #[serde(rename = "n")]
    #[dynamap(rename = "n")]
    house_number: u8,
    #[serde(rename(serialize = "town", deserialize = "town"))]
    #[dynamap(rename = "town")]
    city: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    door: Option<String>,
    #[serde(default = "crate::serde_options::seven")]
    #[dynamap(default = crate::serde_options::seven)]
    seven: u8,
    #[serde(default)]
    #[dynamap(default)]
    zero: u8,
    #[serde(skip)]
    #[dynamap(skip)]
    secret: String,
    #[serde(skip, default = "seven")]
    #[dynamap(skip, default = seven)]
    other_secret: u8,
}

fn seven() -> u8 {
    7
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Attribute)]
#[serde(transparent)]
struct Newtype(String);

#[derive(Debug, PartialEq, Serialize, Deserialize, Attribute)]
#[serde(tag = "type", content = "value", rename_all = "kebab-case", rename_all_fields = "UPPERCASE")]
#[dynamap(tag = "type", content = "value", rename_all = "kebab-case", rename_all_fields = "UPPERCASE")]
enum Adjacent {
    InTransit {
        since: u8,
    },
    #[serde(rename = "back", rename_all = "PascalCase")]
    #[dynamap(rename = "back", rename_all = "PascalCase")]
    Returned {
        why_not: Newtype,
    },
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Attribute)]
#[serde(tag = "type")]
#[dynamap(tag = "type")]
enum Internal {
    Flat(Flat),
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Attribute)]
struct Flat {
    #[serde(flatten)]
    #[dynamap(flatten)]
    untagged: Inner,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Attribute)]
struct Inner {
    value: Untagged,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Attribute)]
#[serde(untagged)]
#[dynamap(untagged)]
enum Untagged {
    Number(u8),
}

#[test]
fn equal_options_pass() {
    as_serde(&Equal {
        street_name: "s".into(),
        house_number: 1,
        city: "c".into(),
        door: None,
        seven: 2,
        zero: 3,
        secret: String::new(),
        other_secret: 7,
    });
    as_serde(&Adjacent::InTransit { since: 1 });
    as_serde(&Adjacent::Returned { why_not: Newtype("w".into()) });
    as_serde(&Internal::Flat(Flat { untagged: Inner { value: Untagged::Number(1) } }));
}

/// What would be an error in every place but for `ignore_serde` at the type.
#[derive(Debug, PartialEq, Serialize, Attribute)]
#[serde(rename_all = "camelCase")]
#[dynamap(ignore_serde)]
struct OfAnother {
    first_name: String,
    #[serde(skip)]
    secret: u8,
}

/// The same of an enum and its variants.
#[derive(Debug, PartialEq, Serialize, Attribute)]
#[serde(tag = "type")]
#[dynamap(ignore_serde)]
enum EnumOfAnother {
    #[serde(rename = "a")]
    First {
        #[serde(rename = "b")]
        second: u8,
    },
}

/// At a field and at a variant.
#[derive(Debug, PartialEq, Serialize, Attribute)]
enum Places {
    #[serde(rename = "a")]
    #[dynamap(ignore_serde)]
    First(
        #[serde(with = "plus_one")]
        #[dynamap(ignore_serde)]
        u8,
    ),
    Second {
        #[serde(rename = "b")]
        #[dynamap(ignore_serde)]
        field: u8,
    },
}

mod plus_one {
    use serde::Serializer;

    pub(super) fn serialize<S: Serializer>(value: &u8, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(value + 1)
    }
}

#[test]
fn options_for_another_format_are_ignored() {
    let value = OfAnother { first_name: "f".into(), secret: 1 };
    assert_eq!(plain(&stored(&value)), json!({ "first_name": "f", "secret": 1 }));
    assert_eq!(serde_json::to_value(&value).unwrap(), json!({ "firstName": "f" }));
    assert_eq!(plain(&stored(&EnumOfAnother::First { second: 1 })), json!({ "First": { "second": 1 } }));
    assert_eq!(plain(&stored(&Places::First(1))), json!({ "First": 1 }));
    assert_eq!(serde_json::to_value(Places::First(1)).unwrap(), json!({ "a": 2 }));
    assert_eq!(plain(&stored(&Places::Second { field: 1 })), json!({ "Second": { "field": 1 } }));
}

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

#[derive(Debug, PartialEq, Serialize, Deserialize, Entity)]
#[dynamap(table = Shop, pk = "U#{id}", rename_all = "camelCase")]
#[serde(rename_all = "camelCase")]
struct User {
    // Of a field inside the key, there is no attribute to rename.
    #[serde(rename = "_id", default)]
    #[dynamap(key_only)]
    id: String,
    first_name: String,
    // Named by itself, whatever the rule.
    #[dynamap(rename = "mail")]
    e_mail: String,
    #[serde(with = "hexadecimal")]
    #[dynamap(with = hexadecimal)]
    color: u8,
}

mod hexadecimal {
    use dynamap::{
        error::{DecodeError, EncodeError},
        value::{FromAttribute, Reader, ToAttribute, Writer},
    };
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(value: &u8, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&format!("{value:x}"))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u8, D::Error> {
        String::deserialize(deserializer).map(|text| u8::from_str_radix(&text, 16).unwrap_or_default())
    }

    pub(super) fn write<W: Writer>(value: &u8, w: &mut W) -> Result<(), EncodeError> {
        format!("{value:x}").write(w)
    }

    pub(super) fn read<R: Reader>(r: &mut R) -> Result<u8, DecodeError> {
        let text = String::read(r)?;
        u8::from_str_radix(&text, 16).map_err(|_| DecodeError::new("a color", "other text"))
    }
}

/// Written by serde for an answer of the application's: what serde writes does not matter to what is read.
#[derive(Debug, PartialEq, Serialize, Projection)]
#[dynamap(entity = User)]
#[serde(rename_all(serialize = "snake_case"), tag = "kind")]
struct Names {
    #[serde(skip_serializing_if = "String::is_empty", rename(serialize = "n"))]
    first_name: String,
    #[serde(rename = "address")]
    #[dynamap(ignore_serde)]
    e_mail: String,
}

#[derive(Debug, PartialEq, Serialize, Projection)]
#[dynamap(entity = User, ignore_serde)]
#[serde(rename_all = "kebab-case")]
struct Renamed {
    first_name: String,
}

#[test]
fn entities_and_projections() {
    let user = User { id: "1".into(), first_name: "f".into(), e_mail: "e".into(), color: 255 };
    let item = item(&user);
    assert_eq!(item["firstName"], "f");
    assert_eq!((&item["mail"], &item["color"]), (&json!("e"), &json!("ff")));
    let json = br#"{"pk":{"S":"U#1"},"firstName":{"S":"f"},"mail":{"S":"e"}}"#;
    let names = dynamap::wire::item_from_json::<Names>(json).unwrap();
    assert_eq!(names, Names { first_name: "f".into(), e_mail: "e".into() });
    assert_eq!(serde_json::to_value(names).unwrap(), json!({ "kind": "Names", "n": "f", "address": "e" }));
    let renamed = dynamap::wire::item_from_json::<Renamed>(json).unwrap();
    assert_eq!(serde_json::to_value(renamed).unwrap(), json!({ "first-name": "f" }));
}
