//! `Self` in the types of fields, in bounds and in options.

use crate::forms::{item, plain, read, stored};
use dynamap::{Attribute, Entity, Index, Projection, TableSchema};
use serde_json::json;
use std::collections::BTreeMap;

#[derive(Debug, Default, PartialEq, Attribute)]
struct Node {
    children: Vec<Self>,
    next: Option<Box<Self>>,
    by_name: BTreeMap<String, Self>,
    array: Option<[u8; Self::SIZE]>,
    pair: Option<(u8, Box<Self>)>,
    #[dynamap(default = Self::seven)]
    seven: u8,
    #[dynamap(skip)]
    skipped: Option<Box<Self>>,
}

impl Node {
    const SIZE: usize = 2;

    fn seven() -> u8 {
        7
    }
}

#[derive(Debug, PartialEq, Attribute)]
struct List(Vec<Self>);

#[derive(Debug, PartialEq, Attribute)]
struct Pair(Vec<Self>, Option<Box<Self>>);

#[derive(Debug, PartialEq, Attribute)]
enum Formula {
    Number(u8),
    Negated(Box<Self>),
    Sum(Box<Self>, Box<Self>),
    Product {
        factors: Vec<Self>,
        #[dynamap(default = Self::none)]
        divisor: Option<Box<Self>>,
    },
}

impl Formula {
    fn none() -> Option<Box<Self>> {
        None
    }
}

#[derive(Debug, PartialEq, Attribute)]
#[dynamap(tag = "is")]
enum Tagged {
    Leaf,
    Both { left: Box<Self>, right: Box<Self> },
}

#[derive(Debug, PartialEq, Attribute)]
struct Generic<T: PartialEq, const N: usize = 1>
where
    Vec<T>: PartialEq<Vec<T>>,
    Option<Self>: Sized,
{
    value: T,
    #[dynamap(default = Self::none)]
    inner: Option<Box<Self>>,
    others: Vec<Generic<T, N>>,
}

impl<T: PartialEq, const N: usize> Generic<T, N> {
    fn none() -> Option<Box<Self>> {
        None
    }
}

#[test]
fn nested_documents() {
    let leaf = || Node { seven: 1, ..Node::default() };
    let node = Node {
        children: vec![leaf()],
        next: Some(Box::new(leaf())),
        by_name: [("a".into(), leaf())].into(),
        array: Some([1, 2]),
        pair: Some((3, Box::new(leaf()))),
        seven: 7,
        ..Node::default()
    };
    let small = json!({ "children": [], "by_name": {}, "seven": 1 });
    let whole = json!({
        "children": [small],
        "next": small,
        "by_name": { "a": small },
        "array": [1, 2],
        "pair": [3, small],
        "seven": 7,
    });
    assert_eq!(plain(&stored(&node)), whole);
    let absent = json!({ "M": { "children": { "L": [] }, "by_name": { "M": {} } } });
    assert_eq!(read::<Node>(&absent).unwrap().seven, 7);
}

#[test]
fn lists_and_enums() {
    assert_eq!(plain(&stored(&List(vec![List(vec![]), List(vec![List(vec![])])]))), json!([[], [[]]]));
    let pair = Pair(vec![], Some(Box::new(Pair(vec![], None))));
    assert_eq!(plain(&stored(&pair)), json!([[], [[], null]]));
    let one = || Formula::Number(1);
    let product = Formula::Product { factors: vec![one()], divisor: Some(Box::new(one())) };
    let sum = Formula::Sum(Box::new(Formula::Negated(Box::new(one()))), Box::new(product));
    let number = json!({ "Number": 1 });
    let product = json!({ "Product": { "factors": [number], "divisor": number } });
    assert_eq!(plain(&stored(&sum)), json!({ "Sum": [{ "Negated": number }, product] }));
    let both = Tagged::Both { left: Box::new(Tagged::Leaf), right: Box::new(Tagged::Leaf) };
    let leaf = json!({ "is": "Leaf" });
    assert_eq!(plain(&stored(&both)), json!({ "is": "Both", "left": leaf, "right": leaf }));
}

#[test]
fn generic_types() {
    let leaf = |value| Generic::<u8, 3> { value, inner: None, others: vec![] };
    let value = Generic { value: 1, inner: Some(Box::new(leaf(2))), others: vec![leaf(3)] };
    let small = |value| json!({ "value": value, "others": [] });
    assert_eq!(plain(&stored(&value)), json!({ "value": 1, "inner": small(2), "others": [small(3)] }));
}

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", indexes(ByOwner))]
struct Shop;

#[derive(Index)]
#[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk")]
struct ByOwner;

trait HasId {
    type Id;
}

impl HasId for Order {
    type Id = u32;
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "ORDER#{id}")]
#[dynamap(index = ByOwner, pk = "OWNER#{owner}")]
struct Order {
    id: <Self as HasId>::Id,
    owner: Option<<Self as HasId>::Id>,
    digits: Option<[u8; Self::COUNT]>,
    #[dynamap(default = Self::some)]
    note: Option<String>,
}

impl Order {
    const COUNT: usize = 2;

    fn some() -> Option<String> {
        Some("none".into())
    }
}

#[derive(Debug, PartialEq, Projection)]
#[dynamap(entity = Order, index = ByOwner)]
struct Owned {
    #[dynamap(key)]
    id: <Self as HasId>::Id,
    digits: Option<[u8; Self::COUNT]>,
}

impl HasId for Owned {
    type Id = u32;
}

impl Owned {
    const COUNT: usize = 2;
}

#[test]
fn entities_and_projections() {
    let order = Order { id: 1, owner: Some(2), digits: Some([3, 4]), note: None };
    let expected = json!({
        "pk": "ORDER#0000000001",
        "gsi1pk": "OWNER#0000000002",
        "entity_type": "Order",
        "id": 1,
        "owner": 2,
        "digits": [3, 4],
    });
    let json = crate::forms::written_item(&order);
    assert_eq!(plain(&json!({ "M": json })), expected);
    let read = dynamap::wire::item_from_json::<Order>(&serde_json::to_vec(&json).unwrap()).unwrap();
    assert_eq!(read.note.as_deref(), Some("none"));
    let owned = dynamap::wire::item_from_json::<Owned>(&serde_json::to_vec(&json).unwrap()).unwrap();
    assert_eq!(owned, Owned { id: 1, digits: Some([3, 4]) });
    assert_eq!(Order::key(1), Order { note: Some("note".into()), ..order }.to_key());
    let _ = (Order::by_owner(2), Node::CHILDREN, item(&Order { note: Some("n".into()), ..read }));
}
