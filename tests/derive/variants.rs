//! What is no value of an enum.

use crate::forms::{read, stored};
use dynamap::Attribute;
use serde_json::{Value, json};
use std::collections::BTreeMap;

#[derive(Debug, PartialEq, Attribute)]
enum Names {
    One,
    Two,
}

#[derive(Debug, PartialEq, Attribute)]
enum External {
    Unit,
    Number(u8),
    Tuple(u8, u8),
    Fields { a: u8 },
}

#[derive(Debug, PartialEq, Attribute)]
#[dynamap(tag = "type")]
enum Internal {
    Unit,
    Fields { a: u8 },
}

#[derive(Debug, PartialEq, Attribute)]
#[dynamap(tag = "t", content = "c")]
enum Adjacent {
    Unit,
    Number(u8),
    Fields { a: u8 },
}

#[derive(Debug, PartialEq, Attribute)]
#[dynamap(untagged)]
enum Untagged {
    Number(u8),
    Fields { a: u8 },
}

/// The path, what was expected and what was found.
#[track_caller]
fn refused<T: dynamap::value::FromAttribute + PartialEq + std::fmt::Debug>(json: Value) -> [String; 3] {
    let error = read::<T>(&json).unwrap_err();
    [error.path(), error.expected().into(), error.found().into()]
}

#[test]
fn names() {
    assert_eq!(stored(&vec![Names::One, Names::Two]), json!({ "L": [{ "S": "One" }, { "S": "Two" }] }));
    let refused = refused::<Names>;
    assert_eq!(refused(json!({ "S": "one" })), ["", "a variant of `Names`", "another name"]);
    assert_eq!(refused(json!({ "N": "1" })), ["", "a string (S)", "a number (N)"]);
    assert_eq!(refused(json!({ "M": { "One": { "M": {} } } })), ["", "a string (S)", "a map (M)"]);
}

#[test]
fn external() {
    let values = vec![External::Unit, External::Number(1), External::Tuple(1, 2), External::Fields { a: 1 }];
    stored(&values);
    let refused = refused::<External>;
    assert_eq!(refused(json!({ "S": "unit" })), ["", "a variant of `External`", "another name"]);
    assert_eq!(
        refused(json!({ "S": "Number" })),
        ["", "a variant of `External` with its content", "only its name"]
    );
    let unknown = refused(json!({ "M": { "Other": { "N": "1" } } }));
    assert_eq!(unknown[1..], ["a variant of `External`", "another name"]);
    let text = refused(json!({ "M": { "Number": { "S": "1" } } }));
    assert_eq!(text, ["Number", "a number (N)", "a string (S)"]);
    let field = refused(json!({ "M": { "Fields": { "M": {} } } }));
    assert_eq!(field, ["Fields.a", "an attribute", "none"]);
    let element = refused(json!({ "M": { "Tuple": { "L": [{ "N": "1" }, { "BOOL": true }] } } }));
    assert_eq!(element, ["Tuple[1]", "a number (N)", "a boolean (BOOL)"]);
    let fewer = refused(json!({ "M": { "Tuple": { "L": [{ "N": "1" }] } } }));
    assert_eq!(fewer, ["Tuple", "a list of 2 elements", "fewer"]);
    let more = refused(json!({ "M": { "Tuple": { "L": [{ "N": "1" }, { "N": "1" }, { "N": "1" }] } } }));
    assert_eq!(more, ["Tuple", "a list of 2 elements", "more"]);
    assert_eq!(refused(json!({ "M": {} })), ["", "a map with one member", "an empty map"]);
    let two = json!({ "M": { "Number": { "N": "1" }, "Unit": { "M": {} } } });
    assert_eq!(refused(two), ["", "a map with one member", "more"]);
}

#[test]
fn internal() {
    stored(&vec![Internal::Unit, Internal::Fields { a: 1 }]);
    let refused = refused::<Internal>;
    assert_eq!(
        refused(json!({ "M": { "type": { "S": "unit" } } }))[1..],
        ["a variant of `Internal`", "another name"]
    );
    assert_eq!(refused(json!({ "M": {} })), ["type", "a string (S)", "none"]);
    assert_eq!(refused(json!({ "M": { "type": { "S": "Fields" } } })), ["a", "an attribute", "none"]);
    assert_eq!(refused(json!({ "S": "Unit" })), ["", "a map (M)", "a string (S)"]);
    let number = refused(json!({ "M": { "type": { "N": "1" } } }));
    assert_eq!(number[0], "type");
    assert_eq!(number[1], "a string (S)");
}

#[test]
fn adjacent() {
    stored(&vec![Adjacent::Unit, Adjacent::Number(1), Adjacent::Fields { a: 1 }]);
    let refused = refused::<Adjacent>;
    let unknown = json!({ "M": { "t": { "S": "unit" }, "c": { "N": "1" } } });
    assert_eq!(refused(unknown)[1..], ["a variant of `Adjacent`", "another name"]);
    assert_eq!(
        refused(json!({ "M": { "t": { "S": "unit" } } }))[1..],
        ["a variant of `Adjacent`", "another name"]
    );
    assert_eq!(refused(json!({ "M": { "t": { "S": "Number" } } })), ["c", "an attribute", "none"]);
    assert_eq!(refused(json!({ "M": { "c": { "N": "1" } } })), ["t", "a string (S)", "none"]);
    let content = json!({ "M": { "t": { "S": "Fields" }, "c": { "M": { "a": { "S": "" } } } } });
    assert_eq!(refused(content), ["c.a", "a number (N)", "a string (S)"]);
}

#[test]
fn untagged() {
    stored(&vec![Untagged::Number(1), Untagged::Fields { a: 1 }]);
    let none = ["", "a value of `Untagged`", "a value that fits none of its variants"];
    assert_eq!(refused::<Untagged>(json!({ "S": "" })), none);
    assert_eq!(refused::<Untagged>(json!({ "M": { "a": { "N": "256" } } })), none);
}

/// The path leads through lists and maps to the enum.
#[test]
fn inside_other_values() {
    type Deep = BTreeMap<String, Vec<Names>>;
    let json = json!({ "M": { "k": { "L": [{ "S": "One" }, { "S": "Three" }] } } });
    assert_eq!(refused::<Deep>(json), ["{key}[1]", "a variant of `Names`", "another name"]);
}

#[test]
fn a_map_beside_a_tag_does_not_take_its_place() {
    #[derive(Debug, PartialEq, Attribute)]
    #[dynamap(tag = "kind")]
    enum Open {
        Map(BTreeMap<String, u8>),
        Struct {
            #[dynamap(flatten)]
            rest: BTreeMap<String, u8>,
        },
    }

    let members = |name: &str| BTreeMap::from([(name.to_owned(), 1)]);
    for value in [Open::Map(members("a")), Open::Struct { rest: members("a") }] {
        let json = dynamap::wire::to_json(&value).unwrap();
        assert_eq!(dynamap::wire::from_json::<Open>(&json).unwrap(), value);
    }
    for value in [Open::Map(members("kind")), Open::Struct { rest: members("kind") }] {
        assert_eq!(dynamap::wire::to_json(&value).unwrap_err().path_unredacted(), "kind");
    }
}
