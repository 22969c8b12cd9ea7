//! Primary keys: their texts, and the fields that are read back from them.

use super::stored;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::entity::{Key, from_item, to_item};
use dynamap::key::IntoKeyCondition;
use dynamap::value::Bytes;
use dynamap::{Attribute, Entity, TableSchema};
use serde_json::json;
use std::str::FromStr;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk")]
struct Shop;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "CUSTOMER#{customer_id}", sk = "ORDER#{placed_at}#{order_id}", name = "order")]
struct Order {
    #[dynamap(key_only)]
    customer_id: String,
    #[dynamap(key_only)]
    placed_at: i64,
    order_id: u8,
    total: u32,
}

#[test]
fn key_only_fields_are_stored_in_the_key_and_read_back() {
    let order = Order { customer_id: "a#b c".into(), placed_at: -1, order_id: 9, total: 5 };
    let expected = json!({
        "pk": "CUSTOMER#a$Sb$Pc",
        "sk": "ORDER#-9223372036854775807#009",
        "entity_type": "order",
        "order_id": 9,
        "total": 5,
    });
    let item = stored::item(&order);
    assert_eq!(item["pk"], expected["pk"]);
    assert!(item.get("customer_id").is_none() && item.get("placed_at").is_none());
    assert_eq!((&item["entity_type"], &item["order_id"]), (&expected["entity_type"], &expected["order_id"]));
    assert!(item["sk"].as_str().unwrap().ends_with("#009"));
}

#[test]
fn keys_compare_and_read_back() {
    let key = Order::key("c", 5_i64, 9_u8);
    assert_eq!(key, Order::key(&"c".to_owned(), &5, &9));
    assert_ne!(key, Order::key("c", 5_i64, 8_u8));
    let again = OrderKey::from_attributes(Some(key.partition_key().unwrap()), key.sort_key().unwrap());
    assert_eq!(again.unwrap(), key);
    let order = Order { customer_id: "c".into(), placed_at: 5, order_id: 9, total: 0 };
    assert_eq!(order.to_key(), key);
    assert_eq!(std::collections::HashSet::from([order.to_key(), key]).len(), 1);
}

#[test]
fn a_key_of_another_form_names_the_component() {
    let mut item = to_item(&Order { customer_id: "c".into(), placed_at: 5, order_id: 9, total: 0 }).unwrap();
    item.insert("sk".into(), AttributeValue::S("ORDER#CANARY#009".into()));
    let error = from_item::<Order>(item).unwrap_err();
    assert_eq!((error.entity(), &*error.path()), (Some("order"), "sk"));
    let text = format!("{error} {error:?}");
    assert!(text.contains("placed_at") && !text.contains("CANARY"), "{text}");
}

/// A table that exists already, with keys as they display.
#[derive(TableSchema)]
#[dynamap(partition_key = "PK", sort_key = "follower#", entity_type = "kind of \"item\"")]
struct Existing;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Existing, pk = "v1:{tenant}:{{{id}}}", sk = "{price}|{level}")]
struct Plain {
    #[dynamap(key_only, plain)]
    tenant: String,
    #[dynamap(plain)]
    id: u32,
    #[dynamap(key_only, plain)]
    price: f64,
    #[dynamap(plain)]
    level: Level,
}

/// A type that is no key part: it displays, and is read from a string.
#[derive(Debug, Clone, PartialEq, Attribute)]
enum Level {
    High(u8),
}

impl std::fmt::Display for Level {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self::High(level) = self;
        write!(f, "high-{level}")
    }
}

impl FromStr for Level {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        text.strip_prefix("high-").and_then(|level| level.parse().ok()).map(Self::High).ok_or(())
    }
}

#[test]
fn plain_components_are_written_as_they_display() {
    let plain = Plain { tenant: "Acme Inc".into(), id: 7, price: 9.5, level: Level::High(3) };
    let item = stored::item(&plain);
    assert_eq!(item["PK"], "v1:Acme Inc:{7}");
    assert_eq!(item["follower#"], "9.5|high-3");
    assert_eq!(item["kind of \"item\""], "Plain");
    let key = Plain::key("Acme Inc", 7_u32, 9.5, Level::High(3));
    assert_eq!(key.partition_key().unwrap(), AttributeValue::S("v1:Acme Inc:{7}".into()));
    assert_eq!(key, plain.to_key());
    let separator = Plain::key("a:b", 7_u32, 9.5, Level::High(3)).partition_key().unwrap_err();
    assert!(separator.to_string().contains("tenant"), "{separator}");
    assert!(Plain::partition("Acme Inc", 7_u32).price(9.5).into_key_condition().into_parts().is_ok());
}

/// Keys that are fields, of each data type.
macro_rules! bare {
    ($module:ident, $pk:ident, $pk_type:ty, $sk:ident, $sk_type:ty) => {
        mod $module {
            use super::*;

            #[derive(TableSchema)]
            #[dynamap(partition_key = $pk("the pk"), sort_key = $sk("sk"), entity_type = none)]
            pub(super) struct Bare;

            #[derive(Debug, Clone, PartialEq, Entity)]
            #[dynamap(table = Bare, pk = first, sk = sk)]
            pub(super) struct Item {
                #[dynamap(rename = "the pk")]
                pub(super) first: $pk_type,
                pub(super) sk: $sk_type,
                pub(super) other: u32,
            }
        }
    };
}

bare!(text_and_number, string, String, number, u32);
bare!(bytes_and_text, binary, Bytes, string, String);
bare!(number_and_bytes, number, i64, binary, Bytes);

#[test]
fn bare_keys_are_attributes_of_their_own() {
    let item = text_and_number::Item { first: "a#b".into(), sk: 7, other: 1 };
    assert_eq!(stored::item(&item), json!({ "the pk": "a#b", "sk": 7, "other": 1 }));
    let key = text_and_number::Item::key("a#b", 7_u32);
    assert_eq!(key.partition_key().unwrap(), AttributeValue::S("a#b".into()));
    assert_eq!(key.sort_key().unwrap(), Some(AttributeValue::N("7".into())));
    assert_eq!(item.to_key(), key);

    let bytes = Bytes::from(vec![1, 2]);
    let item = bytes_and_text::Item { first: bytes.clone(), sk: "x".into(), other: 1 };
    stored::item(&item);
    assert_eq!(item.to_key().partition_key().unwrap(), AttributeValue::B(Blob::new([1, 2])));

    let item = number_and_bytes::Item { first: -5, sk: bytes, other: 1 };
    stored::item(&item);
    assert_eq!(item.to_key().partition_key().unwrap(), AttributeValue::N("-5".into()));
    let condition = number_and_bytes::Item::partition(-5_i64).sk(Bytes::from(vec![1])..);
    assert!(condition.into_parts().is_ok());
}

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct NoSortKey;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = NoSortKey, pk = "{region}{id}")]
struct Single {
    region: char,
    id: u8,
}

#[test]
fn a_table_without_a_sort_key() {
    let single = Single { region: 'x', id: 7 };
    assert_eq!(stored::item(&single)["pk"], "x#007");
    assert_eq!(single.to_key().sort_key().unwrap(), None);
    assert!(Single::partition('x', 7).into_key_condition().into_parts().unwrap().sort.is_empty());
}

/// One field in both keys, and a key that is only text.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "CONFIG", sk = "{name}#{name_length}")]
struct Config {
    #[dynamap(key_only)]
    name: String,
    name_length: u8,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "A#{id}", sk = "A#{id}")]
struct Twice {
    #[dynamap(key_only)]
    id: String,
}

#[test]
fn literal_keys_and_components_in_both_keys() {
    let config = Config { name: "a".into(), name_length: 1 };
    assert_eq!(stored::item(&config)["pk"], "CONFIG");
    assert!(Config::partition().name("a").name_length(..5).into_parts().is_ok());
    let twice = Twice { id: "x".into() };
    let item = stored::item(&twice);
    assert_eq!((&item["pk"], &item["sk"]), (&json!("A#x"), &json!("A#x")));
    assert_eq!(Twice::key("x"), twice.to_key());
}

#[test]
fn a_key_that_is_empty_or_too_long_is_refused_by_name() {
    let order = Order { customer_id: "c".repeat(3000), placed_at: 5, order_id: 9, total: 0 };
    let error = to_item(&order).unwrap_err().to_string();
    assert!(error.contains("CUSTOMER#{customer_id}") && error.contains("2048"), "{error}");
    let item = text_and_number::Item { first: String::new(), sk: 7, other: 1 };
    let error = item.to_key().partition_key().unwrap_err().to_string();
    assert!(error.contains("the pk"), "{error}");
    assert!(to_item(&item).is_err());
}
