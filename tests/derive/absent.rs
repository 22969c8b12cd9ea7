//! `skip_if`, `alias`, and the defaults of whole structs.

use crate::forms::{item, plain, read, read_item, stored, with, written, written_item};
use dynamap::{Attribute, Entity, Index, TableSchema};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;

/// Stores a number with a minus sign.
mod negated {
    use dynamap::{
        error::{DecodeError, EncodeError},
        value::{FromAttribute, Reader, ToAttribute, Writer},
    };

    pub(super) fn write<W: Writer>(value: &i8, w: &mut W) -> Result<(), EncodeError> {
        (-value).write(w)
    }

    pub(super) fn read<R: Reader>(r: &mut R) -> Result<i8, DecodeError> {
        Ok(-i8::read(r)?)
    }
}

fn is_zero(value: &i8) -> bool {
    *value == 0
}

fn is_some_zero(value: &Option<i8>) -> bool {
    *value == Some(0)
}

fn seven() -> i8 {
    7
}

#[derive(Debug, Default, PartialEq, Attribute)]
struct SkipIf {
    #[dynamap(skip_if = Vec::is_empty, default)]
    list: Vec<i8>,
    #[dynamap(skip_if = is_zero, default, with = negated)]
    with: i8,
    #[dynamap(skip_if = String::is_empty, default, serde)]
    serde: String,
    #[dynamap(skip_if = is_some_zero)]
    option: Option<i8>,
    #[dynamap(skip_if = Self::is_seven, default = seven, rename = "n")]
    seven: i8,
}

impl SkipIf {
    fn is_seven(value: &i8) -> bool {
        *value == 7
    }
}

#[derive(Debug, PartialEq, Attribute)]
enum Variant {
    Fields {
        #[dynamap(skip_if = Vec::is_empty, default)]
        list: Vec<i8>,
    },
}

#[test]
fn values_are_left_out() {
    let empty = || SkipIf { seven: 7, ..SkipIf::default() };
    assert_eq!(stored(&empty()), json!({ "M": {} }));
    assert_eq!(written(&SkipIf { option: Some(0), ..empty() }), json!({ "M": {} }));
    let full = SkipIf { list: vec![1], with: 2, serde: "s".into(), option: Some(3), seven: 0 };
    let expected = json!({ "list": [1], "with": -2, "serde": "s", "option": 3, "n": 0 });
    assert_eq!(plain(&stored(&full)), expected);
    assert_eq!(plain(&stored(&Variant::Fields { list: vec![] })), json!({ "Fields": {} }));
    assert_eq!(plain(&stored(&Variant::Fields { list: vec![1] })), json!({ "Fields": { "list": [1] } }));
}

#[derive(Debug, PartialEq, Attribute)]
struct Aliases {
    #[dynamap(alias = "old", alias = "older")]
    new: i8,
    #[dynamap(alias = "was", rename = "is", with = negated)]
    with: i8,
    #[dynamap(alias = "maybe_not")]
    maybe: Option<i8>,
    #[dynamap(alias = "none", default)]
    default: i8,
    #[dynamap(alias = "pair of numbers", serde)]
    serde: (i8, i8),
    #[dynamap(flatten)]
    inner: Inner,
    #[dynamap(flatten)]
    others: BTreeMap<String, i8>,
}

#[derive(Debug, PartialEq, Attribute)]
struct Inner {
    #[dynamap(alias = "outside")]
    inside: Kind,
}

#[derive(Debug, PartialEq, Attribute)]
enum Kind {
    #[dynamap(alias = "First", alias = "1st")]
    One,
    #[dynamap(alias = "Second")]
    Two(i8),
}

fn aliases() -> Aliases {
    Aliases {
        new: 1,
        with: 2,
        maybe: Some(3),
        default: 4,
        serde: (5, 6),
        inner: Inner { inside: Kind::Two(7) },
        others: BTreeMap::new(),
    }
}

#[test]
fn old_names_are_read_and_new_ones_are_written() {
    let json = stored(&aliases());
    let expected = json!({
        "new": 1, "is": -2, "maybe": 3, "default": 4, "serde": [5, 6], "inside": { "Two": 7 },
    });
    assert_eq!(plain(&json), expected);
    let members = &json["M"];
    let renamed = |from: &str, to: &str| {
        let moved = with(&with(members, from, None), to, Some(members[from].clone()));
        read::<Aliases>(&json!({ "M": moved }))
    };
    for (name, alias) in [
        ("new", "old"),
        ("new", "older"),
        ("is", "was"),
        ("maybe", "maybe_not"),
        ("default", "none"),
        ("serde", "pair of numbers"),
        ("inside", "outside"),
    ] {
        assert_eq!(renamed(name, alias), Ok(aliases()), "{alias}");
    }
    assert_eq!(renamed("new", "oldest").unwrap_err().path(), "new");
    // The new name goes before the old one, in whatever order they come.
    for (first, second) in [("new", "old"), ("old", "new")] {
        let value = |name| json!({ "N": if name == "new" { "1" } else { "9" } });
        let rest = with(members, "new", None).to_string();
        let json = format!(
            r#"{{"M":{{"{first}":{},{},"{second}":{}}}}}"#,
            value(first),
            &rest[1..rest.len() - 1],
            value(second),
        );
        assert_eq!(dynamap::wire::from_json::<Aliases>(json.as_bytes()), Ok(aliases()));
    }
    let wrong = with(&with(members, "new", None), "old", Some(json!({ "S": "1" })));
    assert_eq!(read::<Aliases>(&json!({ "M": wrong })).unwrap_err().path(), "old");
    for (old, kind) in [(json!({ "S": "First" }), Kind::One), (json!({ "S": "1st" }), Kind::One)] {
        let old = with(members, "inside", Some(old));
        assert_eq!(read::<Aliases>(&json!({ "M": old })).map(|value| value.inner.inside), Ok(kind));
    }
    let old = with(members, "inside", Some(json!({ "M": { "Second": { "N": "7" } } })));
    assert_eq!(read::<Aliases>(&json!({ "M": old })), Ok(aliases()));
}

#[derive(Debug, PartialEq, Attribute)]
#[dynamap(default)]
struct Whole {
    number: i8,
    #[dynamap(with = negated)]
    with: i8,
    #[dynamap(serde)]
    serde: Vec<i8>,
    option: Option<i8>,
    #[dynamap(default)]
    own: i8,
    #[dynamap(skip)]
    skipped: String,
    #[dynamap(skip_if = is_zero)]
    zero: i8,
    #[dynamap(flatten)]
    flattened: Option<Inner>,
}

impl Default for Whole {
    fn default() -> Self {
        Self {
            number: 1,
            with: 2,
            serde: vec![3],
            option: Some(4),
            own: 5,
            skipped: "six".into(),
            zero: 0,
            flattened: Some(Inner { inside: Kind::One }),
        }
    }
}

#[derive(Debug, PartialEq, Attribute)]
#[dynamap(default = Self::absent)]
struct Made<T: Default> {
    value: T,
    other: i8,
}

impl<T: Default> Made<T> {
    fn absent() -> Self {
        Self { value: T::default(), other: 8 }
    }
}

#[test]
fn absent_fields_are_those_of_the_whole_default() {
    // `own` has its own default, and what is flattened has no attribute of its own.
    let expected = Whole { own: 0, flattened: None, ..Whole::default() };
    assert_eq!(read(&json!({ "M": {} })), Ok(expected));
    let null =
        json!({ "M": { "option": { "NULL": true }, "number": { "NULL": true }, "with": { "N": "-9" } } });
    let expected = Whole { own: 0, flattened: None, option: None, with: 9, ..Whole::default() };
    assert_eq!(read(&null), Ok(expected));
    assert_eq!(read(&json!({ "M": { "value": { "N": "1" } } })), Ok(Made { value: 1_i8, other: 8 }));
    assert_eq!(read(&json!({ "M": {} })), Ok(Made { value: String::new(), other: 8 }));
}

#[derive(Debug, PartialEq, Attribute)]
#[dynamap(untagged)]
enum NullOr {
    Number(i8),
    Null,
}

#[derive(Debug, PartialEq, Attribute)]
struct Nulls {
    #[dynamap(default)]
    number: i8,
    #[dynamap(default = seven, with = negated)]
    with: i8,
    #[dynamap(default, serde)]
    serde: Vec<i8>,
    #[dynamap(default = some)]
    option: Option<i8>,
    #[dynamap(default = one, alias = "n")]
    null: NullOr,
}

fn some() -> Option<i8> {
    Some(1)
}

fn one() -> NullOr {
    NullOr::Number(1)
}

#[test]
fn null_is_the_default_of_what_has_no_null() {
    let nil = json!({ "NULL": true });
    let all = json!({ "M": { "number": nil, "with": nil, "serde": nil, "option": nil, "null": nil } });
    let nulls = |null| Nulls { number: 0, with: 7, serde: vec![], option: None, null };
    assert_eq!(read(&all), Ok(nulls(NullOr::Null)));
    assert_eq!(read(&json!({ "M": { "n": nil, "option": nil } })), Ok(nulls(NullOr::Null)));
    assert_eq!(read(&json!({ "M": { "option": nil } })), Ok(nulls(one())));
    for name in ["number", "with", "serde"] {
        let wrong = json!({ "M": { name: { "S": "text" } } });
        assert_eq!(read::<Nulls>(&wrong).unwrap_err().path(), name);
    }
    // Without a default, NULL is no number.
    assert!(read::<Aliases>(&json!({ "M": with(&stored(&aliases())["M"], "new", Some(nil)) })).is_err());
}

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", indexes(ByRank))]
struct Shop;

#[derive(Index)]
#[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk")]
struct ByRank;

#[derive(Debug, PartialEq, Serialize, Deserialize, Entity)]
#[dynamap(table = Shop, pk = "{id}", sk = "{number}", default)]
#[dynamap(index = ByRank, pk = "{rank}")]
#[serde(default)]
struct Order {
    #[dynamap(key_only)]
    id: i8,
    #[serde(alias = "n")]
    #[dynamap(alias = "n")]
    number: i8,
    #[serde(skip_serializing_if = "is_zero")]
    #[dynamap(skip_if = is_zero)]
    rank: i8,
    #[serde(rename(serialize = "notes", deserialize = "remarks"))]
    #[dynamap(rename = "notes", alias = "remarks")]
    note: String,
    #[dynamap(skip_if = Vec::is_empty)]
    list: Vec<i8>,
}

impl Default for Order {
    fn default() -> Self {
        Self { id: 1, number: 2, rank: 0, note: "none".into(), list: Vec::new() }
    }
}

#[test]
fn entities() {
    let order = Order { id: 3, number: 4, rank: 0, note: "n".into(), list: vec![] };
    let json = item(&order);
    let expected = json!({
        "pk": { "S": "0003" }, "sk": { "S": "0004" }, "gsi1pk": { "S": "0000" }, "entity_type": { "S": "Order" },
        "number": { "N": "4" }, "notes": { "S": "n" },
    });
    assert_eq!(json, expected);
    let old = with(&with(&json, "number", None), "n", Some(json!({ "N": "4" })));
    let old = with(&with(&old, "notes", None), "remarks", Some(json!({ "S": "n" })));
    assert_eq!(read_item::<Order>(&old).as_ref(), Ok(&order));
    let absent = with(&json, "notes", None);
    assert_eq!(read_item::<Order>(&absent).map(|order| order.note), Ok("none".into()));
    // A part of the primary key takes no default.
    let error = read_item::<Order>(&with(&json, "number", None)).unwrap_err();
    assert_eq!((error.path().as_str(), error.found()), ("number", "none"));
    assert_eq!(written_item(&Order { rank: 1, ..order })["rank"], json!({ "N": "1" }));
}
