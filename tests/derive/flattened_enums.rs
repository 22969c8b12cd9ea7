//! `flatten` of enums, and of what may be `None`.

use crate::forms::{item, plain, read, read_item, stored, with};
use dynamap::{Attribute, Entity, TableSchema};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{collections::BTreeMap, fmt::Debug};

/// What serde makes of the same type is what is stored.
#[track_caller]
fn as_serde<T>(value: &T) -> Value
where
    T: dynamap::value::FromAttribute + Serialize + PartialEq + Debug,
{
    let stored = stored(value);
    assert_eq!(plain(&stored), serde_json::to_value(value).unwrap());
    stored
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Attribute)]
#[serde(tag = "method")]
#[dynamap(tag = "method")]
enum Payment {
    Cash,
    Card { last4: String, note: Option<String> },
    Bank(Account),
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Attribute)]
struct Account {
    iban: String,
    #[serde(flatten)]
    #[dynamap(flatten)]
    owner: Owner,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Attribute)]
struct Owner {
    owner: String,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Attribute)]
#[serde(tag = "kind", content = "of")]
#[dynamap(tag = "kind", content = "of")]
enum Adjacent {
    Unit,
    Number(u8),
    Pair(u8, u8),
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Attribute)]
enum External {
    Size(u8),
    Range { from: u8, to: u8 },
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Attribute)]
#[serde(untagged)]
#[dynamap(untagged)]
enum Untagged {
    Circle { radius: u8 },
    Other(Square),
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Attribute)]
struct Square {
    side: u8,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Attribute)]
struct Document {
    id: u8,
    #[serde(flatten)]
    #[dynamap(flatten)]
    payment: Payment,
    #[serde(flatten)]
    #[dynamap(flatten)]
    adjacent: Adjacent,
    #[serde(flatten)]
    #[dynamap(flatten)]
    external: External,
    #[serde(flatten)]
    #[dynamap(flatten)]
    shape: Untagged,
    #[serde(flatten)]
    #[dynamap(flatten)]
    more: BTreeMap<String, u8>,
}

fn documents() -> [Document; 3] {
    let more = |name: &str| [(name.to_owned(), 9)].into();
    [
        Document {
            id: 1,
            payment: Payment::Cash,
            adjacent: Adjacent::Unit,
            external: External::Size(1),
            shape: Untagged::Circle { radius: 1 },
            more: more("a"),
        },
        Document {
            id: 2,
            payment: Payment::Card { last4: "1234".into(), note: None },
            adjacent: Adjacent::Number(2),
            external: External::Range { from: 1, to: 2 },
            shape: Untagged::Other(Square { side: 2 }),
            more: more("b"),
        },
        Document {
            id: 3,
            payment: Payment::Bank(Account { iban: "FI".into(), owner: Owner { owner: "o".into() } }),
            adjacent: Adjacent::Pair(3, 4),
            external: External::Size(3),
            shape: Untagged::Other(Square { side: 4 }),
            more: BTreeMap::new(),
        },
    ]
}

#[test]
fn enums_of_each_style_stand_beside_other_fields() {
    let [cash, card, bank] = documents();
    let expected = json!({
        "id": 1, "method": "Cash", "kind": "Unit", "Size": 1, "radius": 1, "a": 9,
    });
    assert_eq!(plain(&stored(&cash)), expected);
    // `note` is `None`, which is NULL for serde.
    let expected = json!({
        "id": 2, "method": "Card", "last4": "1234", "kind": "Number", "of": 2,
        "Range": { "from": 1, "to": 2 }, "side": 2, "b": 9,
    });
    assert_eq!(plain(&stored(&card)), expected);
    as_serde(&bank);
}

#[test]
fn mistakes_in_a_flattened_enum_are_named() {
    let [_, card, _] = documents();
    let json = stored(&card);
    let without = |name| read::<Document>(&json!({ "M": with(&json["M"], name, None) })).unwrap_err();
    assert_eq!((without("method").path(), without("last4").path()), ("method".into(), "last4".into()));
    assert_eq!(without("kind").path(), "kind");
    let wrong = with(&json["M"], "last4", Some(json!({ "N": "1" })));
    let error = read::<Document>(&json!({ "M": wrong })).unwrap_err();
    assert_eq!((error.path().as_str(), error.found()), ("last4", "a number (N)"));
    let unknown = with(&json["M"], "method", Some(json!({ "S": "Gold" })));
    assert!(read::<Document>(&json!({ "M": unknown })).is_err());
}

#[test]
fn a_map_beside_an_enum_does_not_take_its_place() {
    for name in ["method", "last4", "iban", "owner", "kind", "of", "Size", "radius", "side", "id"] {
        let [cash, _, _] = documents();
        let json = stored(&Document { more: BTreeMap::new(), ..cash });
        assert!(read::<Document>(&json).is_ok());
        // An attribute of another variant is the enum's, not the map's.
        let more = with(&json["M"], name, Some(json!({ "N": "7" })));
        let read = read::<Document>(&json!({ "M": more }));
        assert!(read.is_err() || read.is_ok_and(|document| document.more.is_empty()), "{name}");
    }
}

#[derive(Debug, PartialEq, Attribute)]
struct Maybe {
    id: u8,
    #[dynamap(flatten)]
    address: Option<Address>,
    #[dynamap(flatten)]
    payment: Option<Payment>,
    #[dynamap(flatten)]
    shape: Option<Untagged>,
}

#[derive(Debug, PartialEq, Attribute)]
struct Address {
    city: String,
    #[dynamap(flatten)]
    post: Option<Post>,
}

#[derive(Debug, PartialEq, Attribute)]
struct Post {
    code: u8,
    #[dynamap(default)]
    zero: u8,
}

#[test]
fn none_is_no_member() {
    let none = Maybe { id: 1, address: None, payment: None, shape: None };
    assert_eq!(plain(&stored(&none)), json!({ "id": 1 }));
    let address = |post| Some(Address { city: "c".into(), post });
    let some = Maybe { address: address(None), payment: Some(Payment::Cash), ..none };
    assert_eq!(plain(&stored(&some)), json!({ "id": 1, "city": "c", "method": "Cash" }));
    let post = Some(Post { code: 1, zero: 2 });
    let shape = Some(Untagged::Circle { radius: 3 });
    let whole = Maybe { address: address(post), shape, ..some };
    let json = stored(&whole);
    assert_eq!(
        plain(&json),
        json!({ "id": 1, "city": "c", "code": 1, "zero": 2, "method": "Cash", "radius": 3 })
    );
    // One member is enough for all to be wanted.
    let without = |name| read::<Maybe>(&json!({ "M": with(&json["M"], name, None) }));
    assert_eq!(without("city").unwrap_err().path(), "city");
    assert_eq!(without("code").unwrap_err().path(), "code");
    assert_eq!(without("zero").unwrap().address.unwrap().post, Some(Post { code: 1, zero: 0 }));
    assert_eq!(without("method").unwrap().payment, None);
}

/// A tagged variant holds what may be `None`, and a flattened map may be `None` where it is empty.
#[derive(Debug, PartialEq, Attribute)]
#[dynamap(tag = "t")]
enum Held {
    Post(Option<Post>),
    Map(BTreeMap<String, u8>),
}

#[derive(Debug, PartialEq, Attribute)]
struct Holder {
    #[dynamap(flatten)]
    held: Held,
}

#[derive(Debug, PartialEq, Attribute)]
struct MaybeMap {
    #[dynamap(flatten)]
    map: Option<BTreeMap<String, u8>>,
}

#[test]
fn maps_and_options_in_enums() {
    let map = || BTreeMap::from([("a".to_owned(), 1)]);
    assert_eq!(plain(&stored(&Held::Post(None))), json!({ "t": "Post" }));
    assert_eq!(plain(&stored(&Holder { held: Held::Post(None) })), json!({ "t": "Post" }));
    let post = Holder { held: Held::Post(Some(Post { code: 1, zero: 2 })) };
    assert_eq!(plain(&stored(&post)), json!({ "t": "Post", "code": 1, "zero": 2 }));
    assert_eq!(plain(&stored(&Holder { held: Held::Map(map()) })), json!({ "t": "Map", "a": 1 }));
    assert_eq!(plain(&stored(&MaybeMap { map: Some(map()) })), json!({ "a": 1 }));
    assert_eq!(plain(&stored(&MaybeMap { map: None })), json!({}));
    let forged = Holder { held: Held::Map([("t".to_owned(), 1)].into()) };
    assert!(dynamap::wire::to_json(&forged).is_err());
}

/// A map that comes first leaves the others what is theirs.
#[derive(Debug, PartialEq, Attribute)]
struct MapFirst {
    #[dynamap(flatten)]
    map: BTreeMap<String, u8>,
    #[dynamap(flatten)]
    open: Open,
    #[dynamap(flatten)]
    maybe: Option<Post>,
}

#[derive(Debug, PartialEq, Attribute)]
struct Open {
    known: u8,
    #[dynamap(flatten)]
    never: BTreeMap<String, u8>,
}

#[test]
fn a_map_takes_what_is_left() {
    let value = MapFirst {
        map: [("a".to_owned(), 1), ("b".to_owned(), 2)].into(),
        open: Open { known: 3, never: BTreeMap::new() },
        maybe: Some(Post { code: 4, zero: 5 }),
    };
    assert_eq!(plain(&stored(&value)), json!({ "a": 1, "b": 2, "known": 3, "code": 4, "zero": 5 }));
}

/// Generic contents.
#[derive(Debug, PartialEq, Attribute)]
#[dynamap(tag = "t")]
enum Generic<T> {
    Value { value: T },
    Other,
}

#[derive(Debug, PartialEq, Attribute)]
struct GenericHolder<T> {
    #[dynamap(flatten)]
    held: Generic<T>,
    #[dynamap(flatten)]
    maybe: Option<Owner>,
}

#[test]
fn generic_enums() {
    let value =
        GenericHolder { held: Generic::Value { value: 1_u8 }, maybe: Some(Owner { owner: "o".into() }) };
    assert_eq!(plain(&stored(&value)), json!({ "t": "Value", "value": 1, "owner": "o" }));
    let other = GenericHolder::<String> { held: Generic::Other, maybe: None };
    assert_eq!(plain(&stored(&other)), json!({ "t": "Other" }));
}

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

#[derive(Debug, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "ORDER#{id}")]
struct Order {
    id: u8,
    #[dynamap(flatten)]
    payment: Payment,
    #[dynamap(flatten)]
    address: Option<Address>,
    #[dynamap(flatten)]
    more: BTreeMap<String, u8>,
}

#[test]
fn entities() {
    let post = Some(Post { code: 1, zero: 2 });
    let order = Order {
        id: 1,
        payment: Payment::Card { last4: "1".into(), note: Some("n".into()) },
        address: Some(Address { city: "c".into(), post }),
        more: [("x".to_owned(), 1)].into(),
    };
    let json = item(&order);
    let expected = json!({
        "pk": "ORDER#001", "entity_type": "Order", "id": 1, "method": "Card", "last4": "1", "note": "n",
        "city": "c", "code": 1, "zero": 2, "x": 1,
    });
    assert_eq!(plain(&json!({ "M": json })), expected);
    let without = with(&with(&with(&json, "city", None), "code", None), "zero", None);
    assert_eq!(read_item::<Order>(&without).map(|order| order.address), Ok(None));
    // What another variant has, and what is `None`, would not come back as the map's.
    for name in ["method", "iban", "owner", "note", "city", "zero", "pk", "id"] {
        let more = [(name.to_owned(), 1)].into();
        let order = Order { id: 1, payment: Payment::Cash, address: None, more };
        assert!(dynamap::entity::to_item(&order).is_err(), "{name}");
    }
}
