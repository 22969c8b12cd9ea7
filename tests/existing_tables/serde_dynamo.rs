//! `serde_dynamo` 4: sets are lists, and `None` is NULL.

use crate::unchanged;
use dynamap::{
    Attribute, Entity, TableSchema,
    value::{Bytes, Nullable},
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

#[derive(TableSchema)]
#[dynamap(partition_key = "id", entity_type = none)]
struct Products;

/// As the other program has it.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Theirs {
    id: String,
    price: f64,
    stock: Option<u32>,
    note: Option<String>,
    tags: BTreeSet<String>,
    sizes: BTreeMap<u8, u32>,
    photo: Vec<u8>,
    state: State,
    origin: TheirOrigin,
    unit: (),
    pair: (u8, String),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum State {
    New,
    Sold { to: String },
    Lost(u32),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct TheirOrigin {
    country: String,
    region: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Attribute)]
struct Origin {
    country: String,
    region: Nullable<String>,
}

/// The same with dynamap.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Products, pk = id)]
struct Product {
    id: String,
    price: f64,
    stock: Nullable<u32>,
    note: Nullable<String>,
    #[dynamap(serde)]
    tags: BTreeSet<String>,
    sizes: BTreeMap<u8, u32>,
    photo: Vec<u8>,
    #[dynamap(serde)]
    state: State,
    origin: Origin,
    #[dynamap(serde)]
    unit: (),
    pair: (u8, String),
}

fn theirs(state: State) -> Theirs {
    Theirs {
        id: "p-1".into(),
        price: 9.5,
        stock: Some(3),
        note: None,
        tags: ["a", "b"].map(String::from).into(),
        sizes: [(40, 1), (41, 2)].into(),
        photo: vec![0, 255],
        state,
        origin: TheirOrigin { country: "NO".into(), region: None },
        unit: (),
        pair: (1, "x".into()),
    }
}

#[tokio::test]
async fn an_item_is_read_and_written_again() {
    for state in [State::New, State::Sold { to: "Ada".into() }, State::Lost(7)] {
        let theirs = theirs(state.clone());
        let item = ::serde_dynamo::to_item(&theirs).unwrap();
        let product: Product = unchanged(&item).await;
        assert_eq!(
            (product.state.clone(), &product.stock, &product.note),
            (state, &Nullable(Some(3)), &Nullable(None))
        );
        // And back again.
        let item = dynamap::entity::to_item(&product).unwrap();
        assert_eq!(::serde_dynamo::from_item::<_, Theirs>(item).unwrap(), theirs);
    }
}

/// Binary values of `serde_bytes`, and attributes of a type that only the caller knows.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Products, pk = id)]
struct Raw {
    id: String,
    photo: Bytes,
    body: aws_sdk_dynamodb::types::AttributeValue,
}

#[tokio::test]
async fn binary_values_and_values_of_any_type_are_kept() {
    let body = ::serde_dynamo::to_attribute_value(theirs(State::New)).unwrap();
    let raw = Raw { id: "p-2".into(), photo: Bytes(vec![0, 255]), body };
    let item = dynamap::entity::to_item(&raw).unwrap();
    assert_eq!(unchanged::<Raw>(&item).await, raw);
}
