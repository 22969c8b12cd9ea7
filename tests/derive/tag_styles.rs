//! Enums in serde's four styles: as JSON they are what serde_json writes for the same attributes.

use crate::forms::{plain, read, stored};
use dynamap::Attribute;
use serde::Serialize;
use serde_json::json;

#[derive(Debug, PartialEq, Serialize, Attribute)]
struct Card {
    last4: String,
    valid: Option<u16>,
}

fn card() -> Card {
    Card { last4: "4242".into(), valid: Some(2030) }
}

/// Compares the stored form of each value with serde's.
macro_rules! as_serde {
    ($($value:expr),* $(,)?) => { $(
        let value = $value;
        assert_eq!(plain(&stored(&value)), serde_json::to_value(&value).unwrap());
    )* };
}

#[derive(Debug, PartialEq, Serialize, Attribute)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
#[dynamap(rename_all = "camelCase", rename_all_fields = "camelCase")]
enum External {
    OnlyName,
    #[serde(rename = "other name")]
    #[dynamap(rename = "other name")]
    Renamed,
    Newtype(Card),
    Number(u8),
    Tuple(u8, String),
    Empty(),
    Fields {
        first_field: u8,
        #[serde(rename = "2nd")]
        #[dynamap(rename = "2nd")]
        second: Vec<u8>,
    },
    #[serde(rename_all = "UPPERCASE")]
    #[dynamap(rename_all = "UPPERCASE")]
    Loud {
        word: String,
    },
    NoFields {},
}

#[test]
fn external() {
    as_serde![
        External::OnlyName,
        External::Renamed,
        External::Newtype(card()),
        External::Number(1),
        External::Tuple(1, "two".into()),
        External::Empty(),
        External::Fields { first_field: 1, second: vec![2, 3] },
        External::Loud { word: "w".into() },
        External::NoFields {},
    ];
}

#[derive(Debug, PartialEq, Serialize, Attribute)]
#[serde(tag = "type", rename_all = "snake_case")]
#[dynamap(tag = "type", rename_all = "snake_case")]
enum Internal {
    OnlyName,
    Newtype(Card),
    Fields {
        first: u8,
        other: Vec<u8>,
    },
    NoFields {},
    Flattened {
        first: u8,
        #[serde(flatten)]
        #[dynamap(flatten)]
        others: std::collections::BTreeMap<String, u8>,
    },
}

#[test]
fn internal() {
    as_serde![
        Internal::OnlyName,
        Internal::Newtype(card()),
        Internal::Fields { first: 1, other: vec![2, 3] },
        Internal::NoFields {},
    ];
}

#[test]
fn a_flattened_map_does_not_catch_the_tag() {
    as_serde![Internal::Flattened { first: 1, others: [("a".into(), 1)].into() }];
}

#[derive(Debug, PartialEq, Serialize, Attribute)]
#[serde(tag = "t", content = "c")]
#[dynamap(tag = "t", content = "c")]
enum Adjacent {
    OnlyName,
    Newtype(Card),
    Number(u8),
    Tuple(u8, String),
    Fields { first: u8, second: Option<Vec<u8>> },
}

#[test]
fn adjacent() {
    as_serde![
        Adjacent::OnlyName,
        Adjacent::Newtype(card()),
        Adjacent::Number(1),
        Adjacent::Tuple(1, "two".into()),
        Adjacent::Fields { first: 1, second: Some(vec![2]) },
    ];
}

#[derive(Debug, PartialEq, Serialize, Attribute)]
#[serde(untagged)]
#[dynamap(untagged)]
enum Untagged {
    Null,
    Number(u8),
    Text(String),
    Pair(u8, u8),
    Card(Card),
    Fields { first: u8 },
    List(Vec<u8>),
}

#[test]
fn untagged() {
    as_serde![
        Untagged::Null,
        Untagged::Number(1),
        Untagged::Text("t".into()),
        Untagged::Pair(1, 2),
        Untagged::Card(card()),
        Untagged::Fields { first: 1 },
        Untagged::List(vec![1, 2, 3]),
    ];
}

/// As a field, in a list, and as an element after a failed attempt.
#[test]
fn inside_other_values() {
    as_serde![vec![Untagged::List(vec![]), Untagged::Fields { first: 1 }, Untagged::Null]];
    as_serde![vec![External::OnlyName, External::Number(1), External::NoFields {}]];
    as_serde![vec![Some(Internal::OnlyName), None, Some(Internal::Fields { first: 1, other: vec![] })]];
    as_serde![vec![(Adjacent::OnlyName, Adjacent::Tuple(1, "t".into()))]];
}

#[test]
fn the_first_variant_that_fits_is_read() {
    assert_eq!(read(&json!({ "L": [{ "N": "1" }, { "N": "2" }] })), Ok(Untagged::Pair(1, 2)));
    let both = json!({ "M": { "last4": { "S": "4242" }, "valid": { "N": "2030" }, "first": { "N": "1" } } });
    assert_eq!(read(&both), Ok(Untagged::Card(card())));
}

#[test]
fn the_tag_stands_anywhere() {
    let card = r#""last4":{"S":"4242"},"valid":{"N":"2030"}"#;
    let tag = r#""type":{"S":"newtype"}"#;
    let nested = r#""other":{"M":{"type":{"S":"only_name"},"x":{"L":[{"S":"}\"type"}]}}}"#;
    for members in
        [format!("{tag},{card},{nested}"), format!("{card},{nested},{tag}"), format!("{nested},{tag},{card}")]
    {
        let json = format!(r#"{{"M":{{{members}}}}}"#);
        assert_eq!(dynamap::wire::from_json(json.as_bytes()), Ok(Internal::Newtype(self::card())));
    }
    for members in [r#""c":{"N":"1"},"t":{"S":"Number"}"#, r#""t":{"S":"Number"},"x":{"L":[]},"c":{"N":"1"}"#]
    {
        let json = format!(r#"{{"M":{{{members}}}}}"#);
        assert_eq!(dynamap::wire::from_json(json.as_bytes()), Ok(Adjacent::Number(1)));
    }
}
