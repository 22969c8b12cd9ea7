//! Structs around one value, and lists of values without names.

use crate::forms::{item, read, stored};
use dynamap::{Attribute, Entity, TableSchema, value::ByteArray};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Attribute)]
struct Sku(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Attribute)]
struct Number(u32);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Attribute)]
struct Twice(Number);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Attribute)]
enum Size {
    Small,
    #[dynamap(rename = "L")]
    Large,
}

#[derive(Debug, PartialEq, Attribute)]
struct Maybe(Option<u8>);

#[derive(Debug, PartialEq, Attribute)]
struct Members(BTreeSet<u8>);

#[derive(Debug, PartialEq, Attribute)]
struct Holder {
    maybe: Maybe,
    members: Members,
}

#[test]
fn a_newtype_is_its_content() {
    assert_eq!(stored(&Sku("A".into())), json!({ "S": "A" }));
    assert_eq!(stored(&Number(7)), json!({ "N": "7" }));
    assert_eq!(stored(&Twice(Number(7))), json!({ "N": "7" }));
    assert_eq!(stored(&Maybe(Some(7))), json!({ "N": "7" }));
    assert_eq!(stored(&Maybe(None)), json!({ "NULL": true }));
    assert!(read::<Number>(&json!({ "S": "7" })).is_err());
}

#[test]
fn a_newtype_is_absent_as_its_content_is() {
    let (maybe, members) = (Maybe(None), Members(BTreeSet::new()));
    assert_eq!(stored(&Holder { maybe, members }), json!({ "M": {} }));
}

#[test]
fn members_of_sets() {
    assert_eq!(stored(&BTreeSet::from([Sku("b".into()), Sku("a".into())])), json!({ "SS": ["a", "b"] }));
    assert_eq!(stored(&BTreeSet::from([Twice(Number(2)), Twice(Number(1))])), json!({ "NS": ["1", "2"] }));
    assert_eq!(stored(&BTreeSet::from([Size::Large])), json!({ "SS": ["L"] }));
    assert_eq!(
        read::<BTreeSet<Size>>(&json!({ "SS": ["L", "Large"] })).unwrap_err().expected(),
        "a variant of `Size`"
    );
}

#[test]
fn keys_of_maps() {
    assert_eq!(stored(&BTreeMap::from([(Sku("a".into()), 1)])), json!({ "M": { "a": { "N": "1" } } }));
    assert_eq!(stored(&BTreeMap::from([(Twice(Number(7)), 1)])), json!({ "M": { "7": { "N": "1" } } }));
    assert_eq!(stored(&BTreeMap::from([(Size::Large, 1)])), json!({ "M": { "L": { "N": "1" } } }));
    assert!(read::<BTreeMap<Size, u8>>(&json!({ "M": { "Large": { "N": "1" } } })).is_err());
    assert!(read::<BTreeMap<Number, u8>>(&json!({ "M": { "x": { "N": "1" } } })).is_err());
}

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk")]
struct Shop;

#[derive(Debug, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "SKU#{sku}", sk = "{number}#{size}")]
struct Stock {
    sku: Sku,
    number: Twice,
    #[dynamap(key_only)]
    size: Size,
}

#[test]
fn components_of_keys() {
    let json = item(&Stock { sku: Sku("a#b".into()), number: Twice(Number(7)), size: Size::Large });
    assert_eq!(
        json,
        json!({
            "pk": { "S": "SKU#a$Sb" },
            "sk": { "S": "0000000007#L" },
            "entity_type": { "S": "Stock" },
            "sku": { "S": "a#b" },
            "number": { "N": "7" },
        })
    );
}

#[derive(Debug, PartialEq, Attribute)]
struct Point(i32, Option<i32>, ByteArray<2>);

#[test]
fn several_values_are_a_list() {
    let point = Point(1, None, ByteArray([0, 255]));
    assert_eq!(stored(&point), json!({ "L": [{ "N": "1" }, { "NULL": true }, { "B": "AP8=" }] }));
    let fewer = read::<Point>(&json!({ "L": [{ "N": "1" }] })).unwrap_err();
    assert_eq!((fewer.expected(), fewer.found()), ("a list of 3 elements", "fewer"));
    let wrong = read::<Point>(&json!({ "L": [{ "N": "1" }, { "S": "2" }, { "B": "AP8=" }] })).unwrap_err();
    assert_eq!(wrong.path(), "[1]");
    assert!(read::<Point>(&json!({ "M": {} })).is_err());
}
