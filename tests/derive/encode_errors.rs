//! What the errors of writing say.

use dynamap::{Attribute, Entity, TableSchema, entity::to_item, error::ItemError};
use std::collections::{BTreeMap, BTreeSet};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

#[derive(Debug, Default, Entity)]
#[dynamap(table = Shop, pk = "P#{id}")]
struct Product {
    id: u8,
    price: f64,
    lines: Vec<Line>,
    named: BTreeMap<String, Line>,
    #[dynamap(rename = "p")]
    pair: (u8, f32),
    #[dynamap(serde)]
    other: Vec<f64>,
    #[dynamap(flatten)]
    flat: Flat,
    kind: Kind,
}

#[derive(Debug, Default, Attribute)]
struct Line {
    price: f64,
    members: Vec<BTreeSet<u8>>,
}

#[derive(Debug, Default, Attribute)]
struct Flat {
    flat_price: f64,
}

#[derive(Debug, Default, Attribute)]
enum Kind {
    #[default]
    None,
    Fields {
        price: f64,
    },
    Pair(f64, f64),
}

#[track_caller]
fn refused(product: Product, path: &str) {
    let error = to_item(&product).unwrap_err();
    let ItemError::Encode(error) = error else { panic!("{error:?}") };
    assert_eq!((error.entity(), error.path_unredacted().as_str()), (Some("Product"), path));
    // The key of a map is data, and is not shown.
    let shown = path.replace("named.n.", "named.{key}.");
    assert_eq!(error.path(), shown);
    let text = format!("attribute `{shown}` of entity `Product`: {}", error.reason());
    assert_eq!(error.to_string(), text);
}

#[test]
fn paths() {
    const NAN: f64 = f64::NAN;
    let line = |price, members| Line { price, members };
    let new = Product::default;
    refused(Product { price: NAN, ..new() }, "price");
    refused(Product { lines: vec![line(0.0, vec![]), line(NAN, vec![])], ..new() }, "lines[1].price");
    let empty = line(0.0, vec![[1].into(), BTreeSet::new()]);
    refused(Product { named: [("n".into(), empty)].into(), ..new() }, "named.n.members[1]");
    refused(Product { pair: (1, f32::INFINITY), ..new() }, "p[1]");
    refused(Product { other: vec![1.0, NAN], ..new() }, "other[1]");
    refused(Product { flat: Flat { flat_price: NAN }, ..new() }, "flat_price");
}

#[test]
fn paths_in_variants() {
    refused(Product { kind: Kind::Fields { price: f64::NAN }, ..Product::default() }, "kind.Fields.price");
    refused(Product { kind: Kind::Pair(1.0, f64::NAN), ..Product::default() }, "kind.Pair[1]");
}

#[derive(Debug, Attribute)]
#[dynamap(tag = "t", content = "c")]
enum Adjacent {
    Fields { price: f64 },
    Number(f64),
}

#[derive(Debug, Attribute)]
#[dynamap(tag = "t")]
enum Internal {
    Fields { price: f64 },
}

#[test]
fn paths_in_tagged_variants() {
    let path = |error: dynamap::error::EncodeError| error.path();
    let fields = dynamap::wire::to_json(&Adjacent::Fields { price: f64::NAN });
    assert_eq!(fields.map_err(path), Err("c.price".into()));
    assert_eq!(dynamap::wire::to_json(&Adjacent::Number(f64::NAN)).map_err(path), Err("c".into()));
    let fields = dynamap::wire::to_json(&Internal::Fields { price: f64::NAN });
    assert_eq!(fields.map_err(path), Err("price".into()));
}
