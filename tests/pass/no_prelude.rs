//! Nothing from the prelude is in reach.
#![no_implicit_prelude]

use ::dynamap::{Attribute, Entity, Index, Projection, TableSchema};
use ::std::collections::{BTreeSet, HashMap};
use ::std::option::Option;
use ::std::string::String;
use ::std::vec::Vec;

/// A table.
#[derive(::std::fmt::Debug, TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", ttl = "ttl", indexes(ByStatus, ByTotal))]
pub(crate) struct Shop;

/// A global index.
#[derive(::std::fmt::Debug, Index)]
#[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk", projection = include("note"))]
pub(crate) struct ByStatus;

/// A local index.
#[derive(::std::fmt::Debug, Index)]
#[dynamap(table = Shop, name = "lsi1", local, sort_key = number("total"))]
pub(crate) struct ByTotal;

/// An entity with every kind of field.
#[derive(::std::fmt::Debug, Entity)]
#[dynamap(table = Shop, pk = "CUSTOMER#{customer_id}", sk = "ORDER#{year}#{number}")]
#[dynamap(index = ByStatus, pk = "STATUS#{status}")]
#[dynamap(index = ByTotal, sk = total)]
#[allow(dead_code)]
pub(crate) struct Order {
    #[dynamap(key_only)]
    customer_id: String,
    year: u16,
    number: u32,
    total: u64,
    status: Option<Status>,
    payment: Payment,
    #[dynamap(default)]
    tags: BTreeSet<String>,
    #[dynamap(serde)]
    lines: Vec<u8>,
    #[dynamap(skip)]
    cache: Option<String>,
    #[dynamap(flatten)]
    address: Address,
    #[dynamap(flatten)]
    rest: HashMap<String, u8>,
    note: Option<String>,
}

/// Unit variants.
#[derive(::std::fmt::Debug, ::std::clone::Clone, ::std::cmp::PartialEq, Attribute)]
#[allow(dead_code)]
pub(crate) enum Status {
    Open,
}

/// Every kind of variant.
#[derive(::std::fmt::Debug, Attribute)]
#[allow(dead_code)]
pub(crate) enum Payment {
    Cash,
    Code(u32),
    Pair(u8, u8),
    Card { last4: String },
}

/// Tagged inside.
#[derive(::std::fmt::Debug, Attribute)]
#[dynamap(tag = "kind")]
#[allow(dead_code)]
pub(crate) enum Internal {
    Unit,
    Card { last4: String },
}

/// Tagged beside.
#[derive(::std::fmt::Debug, Attribute)]
#[dynamap(tag = "kind", content = "value")]
#[allow(dead_code)]
pub(crate) enum Adjacent {
    Unit,
    Code(u32),
}

/// Not tagged.
#[derive(::std::fmt::Debug, Attribute)]
#[dynamap(untagged)]
#[allow(dead_code)]
pub(crate) enum Untagged {
    Code(u32),
    Card { last4: String },
}

/// A document.
#[derive(::std::fmt::Debug, Attribute)]
#[allow(dead_code)]
pub(crate) struct Address {
    street: String,
}

/// A newtype.
#[derive(::std::fmt::Debug, Attribute)]
#[allow(dead_code)]
pub(crate) struct Sku(String);

/// A list.
#[derive(::std::fmt::Debug, Attribute)]
#[allow(dead_code)]
pub(crate) struct Point(i32, i32);

/// A projection.
#[derive(::std::fmt::Debug, Projection)]
#[dynamap(entity = Order, index = ByStatus)]
#[allow(dead_code)]
pub(crate) struct Note {
    #[dynamap(key)]
    number: u32,
    note: Option<String>,
}
