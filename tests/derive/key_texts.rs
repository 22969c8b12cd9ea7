//! The exact texts of keys, and what is read back from them.

use crate::forms::item;
use dynamap::{Attribute, Entity, TableSchema};
use std::fmt::Debug;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", entity_type = none)]
struct Texts;

/// An entity for each type, with a component that something follows and one that ends the key, both stored only
/// in the key. Gives the key text.
macro_rules! key_of {
    ($($name:ident: $type:ty;)*) => { $(
        fn $name(value: $type) -> String {
            #[derive(Debug, PartialEq, Entity)]
            #[dynamap(table = Texts, pk = "A#{first}#b:{last}")]
            struct Keyed {
                #[dynamap(key_only)]
                first: $type,
                #[dynamap(key_only)]
                last: $type,
            }
            let json = item(&Keyed { first: value.clone(), last: value });
            assert_eq!(json.as_object().unwrap().len(), 1);
            json["pk"]["S"].as_str().unwrap().to_owned()
        }
    )* };
}

key_of! {
    string: String;
    character: char;
    boolean: bool;
    small: u8;
    large: u64;
    signed: i64;
    huge: i128;
    id: uuid::Uuid;
    timestamp: jiff::Timestamp;
    date_time: chrono::DateTime<chrono::Utc>;
    size: Size;
}

#[derive(Debug, Clone, Copy, PartialEq, Attribute)]
enum Size {
    Small,
    #[dynamap(rename = "x#l $")]
    Large,
}

/// The key text if both components are written as `text`.
fn around(text: &str) -> String {
    format!("A#{text}#b:{text}")
}

#[test]
fn strings() {
    for (value, text) in [
        ("plain-._:@/9", "plain-._:@/9"),
        ("a#b", "a$Sb"),
        ("$", "$T"),
        ("$S", "$TS"),
        (" ", "$P"),
        ("\0\n!\"", "$0$:$Q$R"),
        ("%&", "%&"),
        ("päivä 東京🦀", "päivä$P東京🦀"),
        ("", ""),
        ("b:", "b:"),
    ] {
        assert_eq!(string(value.into()), around(text), "{value:?}");
    }
}

#[test]
fn characters_booleans_and_variants() {
    assert_eq!(character('#'), around("$S"));
    assert_eq!(character('ä'), around("ä"));
    assert_eq!([boolean(false), boolean(true)], [around("false"), around("true")]);
    assert_eq!([size(Size::Small), size(Size::Large)], [around("Small"), around("x$Sl$P$T")]);
}

#[test]
fn integers() {
    assert_eq!([small(0), small(255)], [around("000"), around("255")]);
    assert_eq!(large(u64::MAX), around("18446744073709551615"));
    assert_eq!(large(7), around("00000000000000000007"));
    assert_eq!(signed(i64::MAX), around("09223372036854775807"));
    assert_eq!(signed(0), around("00000000000000000000"));
    assert_eq!(signed(-1), around("-9999999999999999999"));
    assert_eq!(signed(i64::MIN), around("-0776627963145224192"));
    assert_eq!(huge(i128::MAX), around("0170141183460469231731687303715884105727"));
    assert_eq!(huge(i128::MIN), around("-829858816539530768268312696284115894272"));
}

#[test]
fn ids_and_times() {
    let uuid = uuid::Uuid::from_u128(0xabc);
    assert_eq!(id(uuid), around("00000000-0000-0000-0000-000000000abc"));
    let time: jiff::Timestamp = "2026-01-31T09:30:00.000000001Z".parse().unwrap();
    assert_eq!(timestamp(time), around("2026-01-31T09:30:00.000000001Z"));
    let before: jiff::Timestamp = "0000-01-01T00:00:00Z".parse().unwrap();
    assert_eq!(timestamp(before), around("0000-01-01T00:00:00.000000000Z"));
    let time = chrono::DateTime::from_timestamp(1_769_851_800, 1).unwrap();
    assert_eq!(date_time(time), around("2026-01-31T09:30:00.000000001Z"));
}

#[derive(Debug, PartialEq, Entity)]
#[dynamap(table = Texts, pk = "{tenant}{user}END")]
struct Adjoining {
    #[dynamap(key_only)]
    tenant: String,
    #[dynamap(key_only)]
    user: String,
}

#[test]
fn components_without_text_between_them() {
    let key = |tenant: &str, user: &str| {
        item(&Adjoining { tenant: tenant.into(), user: user.into() })["pk"]["S"].clone()
    };
    assert_eq!(key("a", "b"), "a#b#END");
    assert_eq!(key("", ""), "##END");
    assert_eq!(key("#", "END"), "$S#END#END");
}

#[derive(Debug, PartialEq, Entity)]
#[dynamap(table = Texts, pk = "{number}|{price}#{word}")]
struct Plain {
    #[dynamap(key_only, plain)]
    number: i16,
    #[dynamap(key_only, plain)]
    price: f64,
    #[dynamap(plain)]
    word: String,
}

#[test]
fn plain_components_are_as_they_display() {
    let json = item(&Plain { number: -7, price: 0.5, word: "a $b".into() });
    assert_eq!(json["pk"]["S"], "-7|0.5#a $b");
    let refused = |word: &str| {
        let plain = Plain { number: 1, price: 1.0, word: word.into() };
        dynamap::entity::to_item(&plain).unwrap_err().to_string()
    };
    assert_eq!(
        refused(""),
        "component `word` of key `{number}|{price}#{word}`: a component written as it displays cannot be empty"
    );
}
