//! What the errors of reading say: entity, path, what was expected, what was found.

use crate::forms::{item, read_item, with};
use dynamap::{Attribute, Entity, TableSchema, error::DecodeError};
use serde_json::{Value, json};
use std::collections::BTreeMap;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk")]
struct Shop;

#[derive(Debug, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "C#{customer}", sk = "{year}#{word}", name = "an order")]
struct Order {
    #[dynamap(key_only)]
    customer: String,
    #[dynamap(key_only)]
    year: u16,
    word: String,
    #[dynamap(rename = "ls")]
    lines: Vec<Line>,
    notes: BTreeMap<String, Vec<Line>>,
    pair: (u8, u8),
    #[dynamap(serde)]
    flags: Vec<bool>,
}

#[derive(Debug, Clone, PartialEq, Attribute)]
struct Line {
    price: u32,
}

fn order() -> Value {
    let line = Line { price: 1 };
    item(&Order {
        customer: "c".into(),
        year: 2024,
        word: "w".into(),
        lines: vec![line.clone(), line.clone()],
        notes: [("n".into(), vec![line])].into(),
        pair: (1, 2),
        flags: vec![true],
    })
}

#[track_caller]
fn refused(name: &str, value: Option<Value>) -> DecodeError {
    read_item::<Order>(&with(&order(), name, value)).unwrap_err()
}

#[track_caller]
fn check(error: DecodeError, path: &str, expected: &str, found: &str) {
    let facts = (error.entity(), error.path(), error.expected(), error.found());
    assert_eq!(facts, (Some("an order"), path.to_owned(), expected, found));
    // The key of a map is data, and is told only to those who ask for it.
    assert_eq!(error.path_unredacted(), path.replace("{key}", "n"));
    let text = format!("attribute `{path}` of entity `an order`: expected {expected}, found {found}");
    assert_eq!(error.to_string(), text);
}

#[test]
fn absent() {
    for name in ["word", "ls", "notes", "pair", "flags"] {
        check(refused(name, None), name, "an attribute", "none");
    }
    for name in ["pk", "sk"] {
        check(refused(name, None), name, "a key attribute", "none");
    }
}

#[test]
fn of_another_type() {
    check(refused("word", Some(json!({ "N": "1" }))), "word", "a string (S)", "a number (N)");
    check(refused("ls", Some(json!({ "M": {} }))), "ls", "a list (L)", "a map (M)");
    check(refused("notes", Some(json!({ "SS": ["n"] }))), "notes", "a map (M)", "a string set (SS)");
    check(refused("word", Some(json!({ "NULL": true }))), "word", "a string (S)", "a null (NULL)");
    check(refused("pk", Some(json!({ "N": "1" }))), "pk", "a string (S)", "a number (N)");
}

#[test]
fn nested() {
    let wrong = json!({ "M": { "price": { "S": "1" } } });
    let lines = json!({ "L": [{ "M": { "price": { "N": "1" } } }, wrong] });
    check(refused("ls", Some(lines.clone())), "ls[1].price", "a number (N)", "a string (S)");
    let notes = json!({ "M": { "n": lines } });
    check(refused("notes", Some(notes)), "notes.{key}[1].price", "a number (N)", "a string (S)");
    let absent = json!({ "L": [{ "M": {} }] });
    check(refused("ls", Some(absent)), "ls[0].price", "an attribute", "none");
    let pair = json!({ "L": [{ "N": "1" }, { "N": "256" }] });
    assert_eq!(refused("pair", Some(pair)).path(), "pair[1]");
    let flags = json!({ "L": [{ "BOOL": true }, { "S": "true" }] });
    assert_eq!(refused("flags", Some(flags)).path(), "flags[1]");
}

#[test]
fn keys_of_another_form() {
    let key = |name: &str, text: &str| refused(name, Some(json!({ "S": text })));
    let sort_key = "a key `{year}#{word}`";
    check(key("pk", "D#c"), "pk", "a key `C#{customer}`", "a key of another form");
    check(key("sk", "02024"), "sk", sort_key, "a key that does not follow its template at `year`");
    let not_an_integer = "a key whose `year` is not an integer of this type in its full width";
    check(key("sk", "2024#w"), "sk", sort_key, not_an_integer);
    check(key("sk", "99999#w"), "sk", sort_key, not_an_integer);
    check(key("sk", "02024#w#v"), "sk", sort_key, "a key that does not follow its template at `word`");
}

/// A field that is stored is read from its attribute, and its key must be the same: the entity would be written elsewhere.
#[test]
fn a_key_that_is_not_that_of_the_fields_is_refused() {
    let other = with(&order(), "sk", Some(json!({ "S": "02024#other" })));
    let error = read_item::<Order>(&other).unwrap_err();
    assert_eq!(error.found(), "an item with another key");
    assert_eq!(error.item_key().unwrap()["sk"].as_s().unwrap(), "02024#other");
}
