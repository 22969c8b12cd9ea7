//! `default`, `skip`, `with` and `serde` of a field.

use crate::forms::{read, stored, with, written};
use dynamap::Attribute;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeSet;

#[derive(Debug, PartialEq, Attribute)]
struct Defaults {
    #[dynamap(default)]
    count: u32,
    #[dynamap(default = seven)]
    seven: u32,
    #[dynamap(default = Defaults::some_text)]
    text: Option<String>,
    #[dynamap(default = seven, with = negated)]
    negated: u32,
    #[dynamap(default, serde)]
    pair: Pair,
    none: Option<u32>,
    members: BTreeSet<u32>,
    nested: Option<Option<u32>>,
}

impl Defaults {
    fn some_text() -> Option<String> {
        Some("text".into())
    }
}

#[derive(Debug, Default, PartialEq, Clone, Serialize, Deserialize)]
struct Pair {
    left: u8,
    right: Option<u8>,
}

fn seven() -> u32 {
    7
}

/// Stores a number with a minus sign.
mod negated {
    use dynamap::{
        error::{DecodeError, EncodeError},
        value::{FromAttribute, Reader, ToAttribute, Writer},
    };

    pub(super) fn write<W: Writer>(value: &u32, w: &mut W) -> Result<(), EncodeError> {
        (-i64::from(*value)).write(w)
    }

    pub(super) fn read<R: Reader>(r: &mut R) -> Result<u32, DecodeError> {
        let number = i64::read(r)?;
        u32::try_from(-number).map_err(|_| DecodeError::new("a negative number", "a positive number"))
    }
}

/// The same for a field that may be absent.
mod negated_option {
    use super::negated;
    use dynamap::{
        error::{DecodeError, EncodeError},
        value::{Reader, Writer},
    };

    pub(super) fn write<W: Writer>(value: &Option<u32>, w: &mut W) -> Result<(), EncodeError> {
        value.as_ref().map_or(Ok(()), |value| negated::write(value, w))
    }

    pub(super) fn read<R: Reader>(r: &mut R) -> Result<Option<u32>, DecodeError> {
        negated::read(r).map(Some)
    }
}

#[test]
fn absent_attributes_are_read_as_defaults() {
    let absent = Defaults {
        count: 0,
        seven: 7,
        text: Some("text".into()),
        negated: 7,
        pair: Pair::default(),
        none: None,
        members: BTreeSet::new(),
        nested: None,
    };
    assert_eq!(read(&json!({ "M": {} })), Ok(absent));
}

#[test]
fn attributes_that_are_there_are_no_defaults() {
    let value = Defaults {
        count: 1,
        seven: 2,
        text: Some("other".into()),
        negated: 3,
        pair: Pair { left: 4, right: Some(5) },
        none: Some(6),
        members: [8].into(),
        nested: Some(Some(9)),
    };
    assert_eq!(
        stored(&value),
        json!({ "M": {
            "count": { "N": "1" },
            "seven": { "N": "2" },
            "text": { "S": "other" },
            "negated": { "N": "-3" },
            "pair": { "M": { "left": { "N": "4" }, "right": { "N": "5" } } },
            "none": { "N": "6" },
            "members": { "NS": ["8"] },
            "nested": { "N": "9" },
        } })
    );
}

#[test]
fn a_default_is_for_no_attribute_and_for_null_that_is_not_none() {
    let null = json!({ "M": { "text": { "NULL": true }, "none": { "NULL": true } } });
    let value: Defaults = read(&null).unwrap();
    assert_eq!((value.text, value.none), (None, None));
    assert_eq!(
        read::<Defaults>(&json!({ "M": { "count": { "NULL": true } } })).map(|value| value.count),
        Ok(0)
    );
}

#[derive(Debug, PartialEq, Attribute)]
struct Skips {
    kept: u8,
    #[dynamap(skip)]
    skipped: u8,
    #[dynamap(skip, default = no_default)]
    function: NoDefault,
}

/// Neither an attribute nor `Default`.
#[derive(Debug, PartialEq)]
struct NoDefault(u8);

fn no_default() -> NoDefault {
    NoDefault(9)
}

#[test]
fn skipped_fields_are_neither_stored_nor_read() {
    let json = written(&Skips { kept: 1, skipped: 2, function: NoDefault(3) });
    assert_eq!(json, json!({ "M": { "kept": { "N": "1" } } }));
    let other = json!({ "M": { "kept": { "N": "1" }, "skipped": { "N": "2" }, "function": { "N": "3" } } });
    let expected = || Ok(Skips { kept: 1, skipped: 0, function: NoDefault(9) });
    assert_eq!(read(&json), expected());
    assert_eq!(read(&other), expected());
}

#[derive(Debug, PartialEq, Attribute)]
struct Mapped {
    #[dynamap(with = negated)]
    all: u32,
    #[dynamap(with = negated_option)]
    some: Option<u32>,
    #[dynamap(serde)]
    pair: Pair,
    #[dynamap(serde)]
    maybe: Option<Pair>,
    #[dynamap(serde)]
    list: Vec<(u8, char)>,
}

fn mapped() -> Mapped {
    let pair = Pair { left: 1, right: None };
    Mapped { all: 7, some: Some(8), maybe: Some(pair.clone()), pair, list: vec![(1, 'a')] }
}

#[test]
fn other_mappings() {
    let pair = serde_json::to_value(mapped().pair).unwrap();
    let json = stored(&mapped());
    let plain = crate::forms::plain(&json);
    assert_eq!(plain, json!({ "all": -7, "some": -8, "pair": pair, "maybe": pair, "list": [[1, "a"]] }));
}

#[test]
fn none_is_no_attribute_in_other_mappings() {
    let json = stored(&Mapped { some: None, maybe: None, ..mapped() });
    assert_eq!(json["M"].as_object().unwrap().len(), 3, "{json}");
    let with_null = with(&json["M"], "maybe", Some(json!({ "NULL": true })));
    assert_eq!(read::<Mapped>(&json!({ "M": with_null })).unwrap().maybe, None);
}

#[test]
fn other_mappings_are_required() {
    let json = stored(&mapped());
    for (name, optional) in
        [("all", false), ("some", true), ("pair", false), ("maybe", true), ("list", false)]
    {
        let read = read::<Mapped>(&json!({ "M": with(&json["M"], name, None) }));
        assert_eq!(read.is_ok(), optional, "{name}");
        if let Err(error) = read {
            assert_eq!((error.path().as_str(), error.found()), (name, "none"));
        }
    }
}

/// `with` and `serde` of fields without names.
#[derive(Debug, PartialEq, Attribute)]
struct Elements(#[dynamap(with = negated)] u32, #[dynamap(serde)] Pair);

#[derive(Debug, PartialEq, Attribute)]
struct Whole(#[dynamap(with = negated)] u32);

#[derive(Debug, PartialEq, Attribute)]
struct WholeSerde(#[dynamap(serde)] Pair);

#[test]
fn other_mappings_of_tuples() {
    let pair = || Pair { left: 1, right: Some(2) };
    let json = stored(&Elements(7, pair()));
    assert_eq!(crate::forms::plain(&json), json!([-7, { "left": 1, "right": 2 }]));
    assert_eq!(stored(&Whole(7)), json!({ "N": "-7" }));
    assert_eq!(crate::forms::plain(&stored(&WholeSerde(pair()))), json!({ "left": 1, "right": 2 }));
}
