//! Every option of a field.

use super::stored;
use dynamap::error::{DecodeError, EncodeError};
use dynamap::value::{FromAttribute, Reader, ToAttribute, Writer};
use dynamap::{Attribute, Entity, TableSchema};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "P#{id}", rename_all = "camelCase")]
struct Product {
    id: u32,
    unit_price: u64,
    #[dynamap(rename = "the title")]
    long_title: String,
    #[dynamap(default)]
    in_stock: u32,
    #[dynamap(default = one)]
    minimum_order: u32,
    #[dynamap(skip)]
    cached: Vec<u8>,
    #[dynamap(skip, default = one)]
    seen: u32,
    #[dynamap(with = percent)]
    reduction: f64,
    #[dynamap(with = percent_if_any)]
    former_reduction: Option<f64>,
    #[dynamap(serde)]
    maker: Maker,
    #[dynamap(serde)]
    importer: Option<Maker>,
    #[dynamap(flatten)]
    size: Size,
    #[dynamap(flatten)]
    others: BTreeMap<String, String>,
    note: Option<String>,
    tags: BTreeSet<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
struct Maker {
    name: String,
}

#[derive(Debug, Clone, PartialEq, Attribute)]
#[dynamap(rename_all = "SCREAMING-KEBAB-CASE")]
struct Size {
    gross_width: u32,
    net_height: Option<u32>,
}

mod percent {
    use super::*;

    pub(super) fn write<W: Writer>(value: &f64, w: &mut W) -> Result<(), EncodeError> {
        ((value * 100.0) as u32).write(w)
    }

    pub(super) fn read<R: Reader>(r: &mut R) -> Result<f64, DecodeError> {
        u32::read(r).map(|percent| f64::from(percent) / 100.0)
    }
}

mod percent_if_any {
    use super::*;

    pub(super) fn write<W: Writer>(value: &Option<f64>, w: &mut W) -> Result<(), EncodeError> {
        super::percent::write(&value.unwrap(), w)
    }

    pub(super) fn read<R: Reader>(r: &mut R) -> Result<Option<f64>, DecodeError> {
        super::percent::read(r).map(Some)
    }
}

fn one() -> u32 {
    1
}

fn product() -> Product {
    Product {
        id: 7,
        unit_price: 950,
        long_title: "A title".into(),
        in_stock: 3,
        minimum_order: 2,
        cached: Vec::new(),
        seen: 1,
        reduction: 0.25,
        former_reduction: Some(0.5),
        maker: Maker { name: "ACME".into() },
        importer: Some(Maker { name: "Import & Co.".into() }),
        size: Size { gross_width: 10, net_height: Some(20) },
        others: [("colour".to_owned(), "blue".to_owned())].into(),
        note: Some("fragile".into()),
        tags: ["b".to_owned(), "a".to_owned()].into(),
    }
}

#[test]
fn all_options_at_once() {
    let expected = json!({
        "pk": "P#0000000007",
        "entity_type": "Product",
        "id": 7,
        "unitPrice": 950,
        "the title": "A title",
        "inStock": 3,
        "minimumOrder": 2,
        "reduction": 25,
        "formerReduction": 50,
        "maker": { "NAME": "ACME" },
        "importer": { "NAME": "Import & Co." },
        "GROSS-WIDTH": 10,
        "NET-HEIGHT": 20,
        "colour": "blue",
        "note": "fragile",
        "tags": ["a", "b"],
    });
    assert_eq!(stored::item(&product()), expected);
}

#[test]
fn absent_values_are_no_attributes() {
    let product = Product {
        former_reduction: None,
        importer: None,
        size: Size { gross_width: 1, net_height: None },
        others: BTreeMap::new(),
        note: None,
        tags: BTreeSet::new(),
        ..product()
    };
    let item = stored::item(&product);
    for name in ["formerReduction", "importer", "NET-HEIGHT", "note", "tags"] {
        assert_eq!(item.get(name), None, "{name}");
    }
}

#[test]
fn defaults_are_read_where_attributes_are_absent() {
    let mut item = dynamap::entity::to_item(&product()).unwrap();
    item.remove("inStock");
    item.remove("minimumOrder");
    let read: Product = dynamap::entity::from_item(item).unwrap();
    assert_eq!(read, Product { in_stock: 0, minimum_order: 1, ..product() });
}

#[test]
fn what_is_skipped_is_not_stored() {
    let product = Product { cached: vec![1, 2], seen: 9, ..product() };
    let item = dynamap::entity::to_item(&product).unwrap();
    assert!(!item.contains_key("cached") && !item.contains_key("seen"));
    let read: Product = dynamap::entity::from_item(item).unwrap();
    assert_eq!((read.cached, read.seen), (Vec::new(), 1));
}

#[test]
fn constants_have_the_names_of_attributes() {
    assert_eq!(Product::UNIT_PRICE.name(), "unitPrice");
    assert_eq!(Product::LONG_TITLE.name(), "the title");
}

/// Options of nested documents.
#[derive(Debug, Clone, PartialEq, Attribute, Serialize)]
#[dynamap(rename_all = "PascalCase")]
#[serde(rename_all = "PascalCase")]
struct Order {
    order_id: u32,
    #[dynamap(flatten)]
    #[serde(flatten)]
    address: Address,
    #[dynamap(skip)]
    #[serde(skip)]
    total: u32,
    lines: Vec<Line>,
    pair: Pair,
    #[dynamap(serde)]
    maker: Maker,
}

#[derive(Debug, Clone, PartialEq, Attribute, Serialize)]
struct Address {
    city: String,
    #[dynamap(flatten)]
    #[serde(flatten)]
    rest: BTreeMap<String, String>,
}

#[derive(Debug, Clone, PartialEq, Attribute, Serialize)]
struct Line {
    #[dynamap(rename = "p")]
    #[serde(rename = "p")]
    price: u32,
}

#[derive(Debug, Clone, PartialEq, Attribute, Serialize)]
struct Pair(#[dynamap(serde)] Maker, u8);

#[test]
fn documents_have_the_form_that_serde_gives_them() {
    let order = Order {
        order_id: 1,
        address: Address { city: "Lund".into(), rest: [("door".to_owned(), "b".to_owned())].into() },
        total: 0,
        lines: vec![Line { price: 1 }, Line { price: 2 }],
        pair: Pair(Maker { name: "ACME".into() }, 7),
        maker: Maker { name: "ACME".into() },
    };
    assert_eq!(stored::value(&order), serde_json::to_value(&order).unwrap());
}

/// The flattened map must not take what dynamap writes for its own.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "{id}")]
struct Open {
    #[dynamap(key_only)]
    id: String,
    #[dynamap(flatten)]
    all: BTreeMap<String, String>,
}

#[test]
fn a_flattened_map_takes_no_keys() {
    let open = Open { id: "x".into(), all: [("a".to_owned(), "b".to_owned())].into() };
    assert_eq!(stored::item(&open), json!({ "pk": "x", "entity_type": "Open", "a": "b" }));
}
