//! Enums in serde's four styles, compared with what serde makes of them.

use super::stored;
use dynamap::Attribute;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq, Attribute, Serialize, Deserialize)]
struct Card {
    number: String,
    valid: Option<u32>,
}

fn card() -> Card {
    Card { number: "1234".into(), valid: Some(7) }
}

macro_rules! compare {
    ($($value:expr),* $(,)?) => { $({
        let value = $value;
        assert_eq!(stored::value(&value), serde_json::to_value(&value).unwrap());
    })* };
}

#[derive(Debug, Clone, PartialEq, Attribute, Serialize, Deserialize)]
#[dynamap(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
enum External {
    PlainCash,
    #[dynamap(rename = "CARD")]
    #[serde(rename = "CARD")]
    ByCard(Card),
    Voucher(u32),
    Both(Card, u32),
    Bank {
        account_number: String,
        #[dynamap(rename = "b")]
        #[serde(rename = "b")]
        bank: u32,
    },
}

#[test]
fn externally_tagged() {
    compare![
        External::PlainCash,
        External::ByCard(card()),
        External::Voucher(5),
        External::Both(card(), 5),
        External::Bank { account_number: "x".into(), bank: 1 },
    ];
}

#[derive(Debug, Clone, PartialEq, Attribute, Serialize, Deserialize)]
#[dynamap(tag = "type", rename_all_fields = "camelCase")]
#[serde(tag = "type", rename_all_fields = "camelCase")]
enum Internal {
    Cash,
    Card(Card),
    Bank {
        account_number: String,
    },
    #[dynamap(rename_all = "UPPERCASE")]
    #[serde(rename_all = "UPPERCASE")]
    Cheque {
        number: u32,
        r#type2: u8,
    },
    Free(BTreeMap<String, String>),
}

#[test]
fn internally_tagged() {
    compare![
        Internal::Cash,
        Internal::Card(card()),
        Internal::Bank { account_number: "x".into() },
        Internal::Cheque { number: 1, r#type2: 2 },
        Internal::Free([("a".to_owned(), "b".to_owned())].into()),
    ];
}

#[derive(Debug, Clone, PartialEq, Attribute, Serialize, Deserialize)]
#[dynamap(tag = "t", content = "c")]
#[serde(tag = "t", content = "c")]
enum Adjacent {
    Cash,
    Card(Card),
    Voucher(u32),
    Both(Card, u32),
    Bank { account: String },
}

#[test]
fn adjacently_tagged() {
    compare![
        Adjacent::Cash,
        Adjacent::Card(card()),
        Adjacent::Voucher(5),
        Adjacent::Both(card(), 5),
        Adjacent::Bank { account: "x".into() },
    ];
}

#[derive(Debug, Clone, PartialEq, Attribute, Serialize, Deserialize)]
#[dynamap(untagged)]
#[serde(untagged)]
enum Untagged {
    Card(Card),
    Voucher(u32),
    Both(String, u32),
    Bank { account: String },
    Cash,
}

#[test]
fn untagged() {
    compare![
        Untagged::Card(card()),
        Untagged::Voucher(5),
        Untagged::Both("x".into(), 5),
        Untagged::Bank { account: "x".into() },
        Untagged::Cash,
    ];
}

/// Variants whose fields have the names of what generated code works with.
#[derive(Debug, Clone, PartialEq, Attribute, Serialize, Deserialize)]
enum Names {
    One { w: u32, r: u32, value: u32, partial: u32, tag: u32, index: u32 },
    Two(#[dynamap(serde)] Card, u32),
    Three { name: Option<String>, list: Vec<u32> },
}

#[test]
fn variants_with_the_names_of_locals() {
    compare![
        Names::One { w: 1, r: 2, value: 3, partial: 4, tag: 5, index: 6 },
        Names::Two(card(), 1),
        Names::Three { name: Some("n".into()), list: vec![1] },
    ];
}

/// Generic structs and enums.
#[derive(Debug, Clone, PartialEq, Attribute, Serialize, Deserialize)]
struct Page<T, U = u32>
where
    T: Clone,
{
    items: Vec<T>,
    next: Option<U>,
}

#[derive(Debug, Clone, PartialEq, Attribute, Serialize, Deserialize)]
#[dynamap(tag = "is")]
#[serde(tag = "is")]
enum Either<L, R> {
    Left { left: L },
    Right { right: R, more: Vec<L> },
    Neither,
}

#[derive(Debug, Clone, PartialEq, Attribute, Serialize, Deserialize)]
struct Wrapped<W>(W);

#[derive(Debug, Clone, PartialEq, Attribute, Serialize, Deserialize)]
enum Any<R, W> {
    One(R),
    Two(R, W),
    None,
}

#[test]
fn generic_types() {
    compare![
        Page { items: vec![card()], next: Some(3_u32) },
        Page { items: vec![Page { items: vec![1_u8], next: Some(1_u8) }], next: Some("x".to_owned()) },
        Either::<u32, String>::Left { left: 1 },
        Either::<u32, Page<u8>>::Right { right: Page { items: vec![1], next: Some(2) }, more: vec![3] },
        Either::<u32, u32>::Neither,
        Wrapped(card()),
        Any::<u32, Card>::One(1),
        Any::<u32, Card>::Two(1, card()),
        Any::<u32, Card>::None,
    ];
}

#[test]
fn the_tag_may_stand_anywhere() {
    let json = br#"{"M":{"number":{"S":"1"},"type":{"S":"Card"},"other":{"NULL":true}}}"#;
    let read: Internal = dynamap::wire::from_json(json).unwrap();
    assert_eq!(read, Internal::Card(Card { number: "1".into(), valid: None }));
    let json = br#"{"M":{"c":{"N":"5"},"t":{"S":"Voucher"}}}"#;
    assert_eq!(dynamap::wire::from_json::<Adjacent>(json).unwrap(), Adjacent::Voucher(5));
}
