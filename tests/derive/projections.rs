//! Projections: some attributes of an entity.

use dynamap::entity::to_item;
use dynamap::{Entity, Index, Projection, TableSchema, wire};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", indexes(ByGroup))]
struct Shop;

#[derive(Index)]
#[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk", projection = include("the title"))]
struct ByGroup;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "SHOP#{shop}", sk = "PRODUCT#{id}", rename_all = "camelCase")]
#[dynamap(index = ByGroup, pk = "GROUP#{group}")]
struct Product {
    #[dynamap(key_only)]
    shop: String,
    id: u32,
    group: u32,
    #[dynamap(rename = "the title")]
    title: String,
    long_description: String,
    note: Option<String>,
}

fn product() -> Product {
    Product { shop: "s".into(), id: 7, group: 2, title: "T".into(), long_description: "D".into(), note: None }
}

#[derive(Debug, PartialEq, Projection)]
#[dynamap(entity = Product, index = ByGroup)]
struct Summary {
    #[dynamap(key)]
    shop: String,
    #[dynamap(key)]
    id: u32,
    title: String,
}

#[derive(Debug, PartialEq, Projection)]
#[dynamap(entity = Product)]
struct Text {
    long_description: String,
    note: Option<String>,
}

#[test]
fn a_projection_reads_its_attributes_and_the_key() {
    assert_eq!(Summary::ATTRIBUTES, ["the title", "pk", "sk"]);
    assert_eq!(Text::ATTRIBUTES, ["longDescription", "note"]);
    let item = to_item(&product()).unwrap();
    let summary = wire::item_from_attribute_values::<Summary>(item.clone()).unwrap();
    assert_eq!(summary, Summary { shop: "s".into(), id: 7, title: "T".into() });
    let text = wire::item_from_attribute_values::<Text>(item).unwrap();
    assert_eq!(text, Text { long_description: "D".into(), note: None });
}

#[test]
fn an_absent_attribute_is_named() {
    let mut item = to_item(&product()).unwrap();
    item.remove("the title");
    let error = wire::item_from_attribute_values::<Summary>(item).unwrap_err();
    assert_eq!(error.to_string(), "attribute `the title`: expected an attribute, found none");
}
