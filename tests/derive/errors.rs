//! Errors name entity, path, expected and found, and never a value.

use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::entity::{from_item, to_item};
use dynamap::error::DecodeError;
use dynamap::{Attribute, Entity, TableSchema};
use std::collections::BTreeMap;

const CANARY: &str = "CANARY-7261";

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk")]
struct Shop;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "C#{customer}", sk = "O#{number}")]
struct Order {
    #[dynamap(key_only)]
    customer: String,
    #[dynamap(key_only)]
    number: u32,
    #[dynamap(rename = "Total sum")]
    total: u64,
    lines: Vec<Line>,
    payment: Payment,
    by_name: BTreeMap<String, u8>,
    state: State,
    pair: Pair,
    note: Option<u32>,
    #[dynamap(serde)]
    tags: Vec<u32>,
    #[dynamap(flatten)]
    address: Address,
}

#[derive(Debug, Clone, PartialEq, Attribute)]
struct Line {
    price: u32,
}

#[derive(Debug, Clone, PartialEq, Attribute)]
#[dynamap(tag = "type")]
enum Payment {
    Cash,
    Card { number: u32 },
}

#[derive(Debug, Clone, PartialEq, Attribute)]
enum State {
    Open,
    Closed(Line),
}

#[derive(Debug, Clone, PartialEq, Attribute)]
struct Pair(u8, String);

#[derive(Debug, Clone, PartialEq, Attribute)]
struct Address {
    city: u32,
}

fn order() -> Order {
    Order {
        customer: CANARY.into(),
        number: 1,
        total: 5,
        lines: vec![Line { price: 1 }],
        payment: Payment::Card { number: 1 },
        by_name: [("a".to_owned(), 1)].into(),
        state: State::Closed(Line { price: 1 }),
        pair: Pair(1, "x".into()),
        note: None,
        tags: vec![1],
        address: Address { city: 1 },
    }
}

fn s(text: &str) -> AttributeValue {
    AttributeValue::S(text.into())
}

fn m<const N: usize>(members: [(&str, AttributeValue); N]) -> AttributeValue {
    AttributeValue::M(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn l<const N: usize>(elements: [AttributeValue; N]) -> AttributeValue {
    AttributeValue::L(elements.into())
}

fn n(number: &str) -> AttributeValue {
    AttributeValue::N(number.into())
}

/// The error of reading an order whose attribute `name` is `value`, from both back ends.
#[track_caller]
fn error(name: &str, value: Option<AttributeValue>) -> DecodeError {
    let mut item = to_item(&order()).unwrap();
    match value {
        Some(value) => item.insert(name.into(), value),
        None => item.remove(name),
    };
    let error = from_item::<Order>(item.clone()).unwrap_err();
    let attributes = dynamap::wire::to_json(&AttributeValue::M(item)).unwrap();
    let typed: serde_json::Value = serde_json::from_slice(&attributes).unwrap();
    let json = serde_json::to_vec(&typed["M"]).unwrap();
    let from_json = dynamap::wire::item_from_json::<Order>(&json).unwrap_err().in_entity(Order::NAME);
    assert_eq!(error, from_json, "the two readers differ");
    error
}

#[test]
fn errors_say_where_and_what() {
    let cases: [(&str, Option<AttributeValue>, &str, &str); 19] = [
        ("Total sum", Some(s(CANARY)), "Total sum", "expected a number (N), found a string (S)"),
        ("Total sum", None, "Total sum", "expected an attribute, found none"),
        (
            "lines",
            Some(l([m([("price", n("1"))]), m([("price", s(CANARY))])])),
            "lines[1].price",
            "expected a number (N), found a string (S)",
        ),
        ("lines", Some(l([m([])])), "lines[0].price", "expected an attribute, found none"),
        ("lines", Some(s(CANARY)), "lines", "expected a list (L), found a string (S)"),
        (
            "payment",
            Some(m([("type", s(CANARY))])),
            "payment",
            "expected a variant of `Payment`, found another name",
        ),
        ("payment", Some(m([("number", n("1"))])), "payment.type", "expected a string (S), found none"),
        (
            "payment",
            Some(m([("type", s("Card")), ("number", s(CANARY))])),
            "payment.number",
            "expected a number (N), found a string (S)",
        ),
        (
            "by_name",
            Some(m([(CANARY_KEY, s(CANARY))])),
            "by_name.key",
            "expected a number (N), found a string (S)",
        ),
        ("state", Some(s(CANARY)), "state", "expected a variant of `State`, found another name"),
        (
            "state",
            Some(s("Closed")),
            "state",
            "expected a variant of `State` with its content, found only its name",
        ),
        (
            "state",
            Some(m([("Closed", m([("price", s(CANARY))]))])),
            "state.Closed.price",
            "expected a number (N), found a string (S)",
        ),
        ("state", Some(m([])), "state", "expected a map with one member, found an empty map"),
        ("pair", Some(l([n("1"), n("2")])), "pair[1]", "expected a string (S), found a number (N)"),
        ("pair", Some(l([n("1")])), "pair", "expected a list of 2 elements, found fewer"),
        ("note", Some(s(CANARY)), "note", "expected a number (N), found a string (S)"),
        ("city", Some(s(CANARY)), "city", "expected a number (N), found a string (S)"),
        ("city", None, "city", "expected an attribute, found none"),
        (
            "sk",
            Some(s(&format!("O#{CANARY}"))),
            "sk",
            "expected a key `O#{number}`, found a key whose `number` is not an integer of this type in its full width",
        ),
    ];
    for (name, value, path, reason) in cases {
        let error = error(name, value);
        assert_eq!((error.entity(), error.path().as_str()), (Some("Order"), path));
        assert_eq!(error.to_string(), format!("attribute `{path}` of entity `Order`: {reason}"));
        assert!(!format!("{error:?}").contains(CANARY), "{error:?}");
    }
}

const CANARY_KEY: &str = "key";

#[test]
fn a_value_of_a_serde_type_is_not_shown() {
    let error = error("tags", Some(l([s(CANARY)])));
    assert!(error.path().starts_with("tags"), "{error}");
    assert!(!format!("{error} {error:?}").contains(CANARY), "{error}");
}

#[test]
fn what_cannot_be_stored_is_named() {
    #[derive(Debug, Clone, PartialEq, Entity)]
    #[dynamap(table = Shop, pk = "{id}", sk = "A")]
    struct Measure {
        id: String,
        values: Vec<Inner>,
    }
    #[derive(Debug, Clone, PartialEq, Attribute)]
    struct Inner {
        #[dynamap(rename = "the value")]
        value: f64,
    }
    let measure =
        Measure { id: CANARY.into(), values: vec![Inner { value: 1.0 }, Inner { value: f64::NAN }] };
    let error = to_item(&measure).unwrap_err();
    let text = format!("{error} {error:?}");
    assert!(text.contains("values[1].the value") && text.contains("`Measure`"), "{text}");
    assert!(!text.contains(CANARY), "{text}");
}
