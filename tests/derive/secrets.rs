//! No error shows an attribute's value.

use crate::forms::{item, with};
use dynamap::{
    Attribute, Entity, TableSchema,
    entity::{from_item, to_item},
    wire,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const CANARY: &str = "canary-4711";

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk")]
struct Shop;

#[derive(Debug, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "P#{id}#{number}", sk = "{plain}#{size}#{at}#{uuid}")]
struct Everything {
    #[dynamap(key_only)]
    id: String,
    #[dynamap(key_only)]
    number: u32,
    #[dynamap(key_only, plain)]
    plain: u8,
    #[dynamap(key_only)]
    size: Size,
    #[dynamap(key_only)]
    at: jiff::Timestamp,
    #[dynamap(key_only)]
    uuid: uuid::Uuid,
    text: String,
    count: u64,
    price: f64,
    list: Vec<u8>,
    map: BTreeMap<String, bool>,
    members: BTreeSet<u8>,
    names: BTreeSet<Size>,
    sizes: BTreeMap<Size, u8>,
    enumeration: Tagged,
    adjacent: Adjacent,
    external: External,
    untagged: Untagged,
    tuple: (u8, bool),
    #[dynamap(serde)]
    serde: Foreign,
    #[dynamap(serde)]
    foreign: ForeignEnum,
    stamp: jiff::Timestamp,
    date: chrono::DateTime<chrono::Utc>,
    uid: uuid::Uuid,
    letter: char,
    #[dynamap(flatten)]
    flat: Flat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Attribute)]
enum Size {
    Small,
}

#[derive(Debug, PartialEq, Attribute)]
#[dynamap(tag = "t")]
enum Tagged {
    Fields { a: u8 },
}

#[derive(Debug, PartialEq, Attribute)]
#[dynamap(tag = "t", content = "c")]
enum Adjacent {
    Number(u8),
}

#[derive(Debug, PartialEq, Attribute)]
enum External {
    Number(u8),
}

#[derive(Debug, PartialEq, Attribute)]
#[dynamap(untagged)]
enum Untagged {
    Number(u8),
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Foreign {
    number: u8,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
enum ForeignEnum {
    One,
}

#[derive(Debug, PartialEq, Attribute)]
struct Flat {
    flat: u8,
}

fn everything() -> Everything {
    Everything {
        id: "i".into(),
        number: 1,
        plain: 2,
        size: Size::Small,
        at: jiff::Timestamp::UNIX_EPOCH,
        uuid: uuid::Uuid::nil(),
        text: "t".into(),
        count: 3,
        price: 0.5,
        list: vec![1],
        map: [("k".into(), true)].into(),
        members: [1].into(),
        names: [Size::Small].into(),
        sizes: [(Size::Small, 1)].into(),
        enumeration: Tagged::Fields { a: 1 },
        adjacent: Adjacent::Number(1),
        external: External::Number(1),
        untagged: Untagged::Number(1),
        tuple: (1, true),
        serde: Foreign { number: 1 },
        foreign: ForeignEnum::One,
        stamp: jiff::Timestamp::UNIX_EPOCH,
        date: chrono::DateTime::UNIX_EPOCH,
        uid: uuid::Uuid::nil(),
        letter: 'x',
        flat: Flat { flat: 1 },
    }
}

/// Values of every data type that hold the canary, or a number like it, at some place.
fn canaries() -> Vec<Value> {
    let text = json!({ "S": CANARY });
    vec![
        text.clone(),
        json!({ "N": "4711" }),
        json!({ "N": "4711.5" }),
        json!({ "B": "Y2FuYXJ5LTQ3MTE=" }),
        json!({ "L": [text, { "S": CANARY }] }),
        json!({ "L": [{ "N": "1" }, { "S": CANARY }] }),
        json!({ "M": { "t": text, "number": { "S": CANARY }, "c": text, "Number": text } }),
        json!({ "M": { "t": { "S": "Number" }, "c": text } }),
        json!({ "M": { "t": { "S": "Fields" }, "a": text } }),
        json!({ "M": { "Number": text } }),
        json!({ "SS": [CANARY] }),
        json!({ "NS": ["4711"] }),
        json!({ "S": format!("P#{CANARY}") }),
        json!({ "S": format!("P#{CANARY}#{CANARY}") }),
        json!({ "S": format!("{CANARY}#Small#x#y") }),
        json!({ "S": format!("1#{CANARY}#x#y") }),
        json!({ "S": format!("1#Small#{CANARY}#y") }),
        json!({ "S": format!("1#Small#1970-01-01T00:00:00.000000000Z#{CANARY}") }),
    ]
}

#[test]
fn errors_of_reading() {
    let json = item(&everything());
    let mut seen = 0;
    for name in json.as_object().unwrap().keys().filter(|name| *name != "entity_type") {
        let mut refused = 0;
        for canary in canaries() {
            let json = with(&json, name, Some(canary));
            let bytes = serde_json::to_vec(&json).unwrap();
            let typed = serde_json::to_vec(&json!({ "M": json })).unwrap();
            let errors = [
                wire::item_from_json::<Everything>(&bytes).err(),
                from_item::<Everything>(wire::from_json(&typed).unwrap()).err(),
            ];
            for error in errors.into_iter().flatten() {
                refused += 1;
                hides(&format!("{error} {error:?} {:?}", dynamap::Error::from(error.clone())));
            }
        }
        assert!(refused > 0, "{name} takes anything");
        seen += refused;
    }
    assert!(seen > 400, "{seen}");
}

#[track_caller]
fn hides(shown: &str) {
    assert!(!shown.contains("canary") && !shown.contains("4711"), "{shown}");
    assert!(!shown.contains("Y2FuYXJ5"), "{shown}");
}

#[derive(Debug, Entity)]
#[dynamap(table = Shop, pk = "P#{text}", sk = "{plain}#{end}")]
struct Written {
    text: String,
    #[dynamap(plain)]
    plain: String,
    end: String,
    price: f64,
}

#[test]
fn errors_of_writing() {
    let canary = || CANARY.to_owned();
    let new = || Written { text: canary(), plain: canary(), end: canary(), price: 4711.0 };
    let long = CANARY.repeat(200);
    for written in [
        Written { price: f64::NAN, ..new() },
        Written { text: long.clone(), ..new() },
        Written { end: long, ..new() },
        Written { plain: format!("{CANARY}#"), ..new() },
        Written { plain: String::new(), ..new() },
    ] {
        let error = to_item(&written).unwrap_err();
        hides(&format!("{error} {error:?}"));
    }
    assert!(to_item(&new()).is_ok());
}
