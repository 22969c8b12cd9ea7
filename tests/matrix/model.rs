//! The entities of the cases: the items of a shop in one partition.

use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::{
    Attribute, Entity, Index, ItemCollection, Projection, TableSchema,
    value::{Bytes, EpochSeconds, Number, Version},
};
use std::collections::{BTreeMap, BTreeSet};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", indexes(ByStatus, ByTotal, ByDay))]
pub(super) struct Shop;

#[derive(Index)]
#[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk", sort_key = "gsi1sk")]
pub(super) struct ByStatus;

/// Can be read consistently, and holds keys only.
#[derive(Index)]
#[dynamap(table = Shop, name = "lsi1", local, sort_key = number("total"), projection = keys_only)]
pub(super) struct ByTotal;

/// Holds the note only.
#[derive(Index)]
#[dynamap(table = Shop, name = "gsi2", partition_key = "gsi2pk", sort_key = number("day"), projection = include("note"))]
pub(super) struct ByDay;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "SHOP#{shop}", sk = "ORDER#{number}")]
#[dynamap(index = ByStatus, pk = "{shop}#{status}", sk = "{number}")]
#[dynamap(index = ByTotal, sk = total)]
#[dynamap(index = ByDay, pk = "DAY#{shop}", sk = day)]
pub(super) struct Order {
    pub(super) shop: String,
    pub(super) number: u32,
    pub(super) total: u64,
    pub(super) status: Option<Status>,
    pub(super) day: Option<u32>,
    pub(super) note: Option<String>,
    pub(super) lines: Vec<Line>,
    pub(super) labels: BTreeSet<String>,
    pub(super) prices: BTreeMap<String, Number>,
    /// Changes with each check of a condition.
    pub(super) number_of_checks: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Attribute)]
pub(super) enum Status {
    Open,
    Shipped,
}

#[derive(Debug, Clone, PartialEq, Attribute)]
pub(super) struct Line {
    pub(super) article: String,
    pub(super) pieces: u32,
}

#[derive(Debug, Clone, PartialEq, Projection)]
#[dynamap(entity = Order, index = ByDay)]
pub(super) struct OrderNote {
    #[dynamap(key)]
    pub(super) number: u32,
    pub(super) note: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Projection)]
#[dynamap(entity = Order)]
pub(super) struct OrderSummary {
    pub(super) total: u64,
    pub(super) lines: Vec<Line>,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "SHOP#{shop}", sk = "KEEPER")]
pub(super) struct Keeper {
    pub(super) shop: String,
    pub(super) name: String,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "SHOP#{shop}", sk = "NOTE#{id}")]
pub(super) struct Note {
    pub(super) shop: String,
    pub(super) id: u32,
    pub(super) text: String,
    #[dynamap(version)]
    pub(super) version: Version,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "SHOP#{shop}", sk = "ACCOUNT#{id}")]
pub(super) struct Account {
    pub(super) shop: String,
    pub(super) id: u32,
    pub(super) balance: u64,
}

/// An attribute of every data type, and names that are none in an expression.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "SHOP#{shop}", sk = "EVERYTHING#{id}")]
pub(super) struct Everything {
    pub(super) shop: String,
    pub(super) id: u32,
    #[dynamap(rename = "name")]
    pub(super) text: String,
    #[dynamap(rename = "a-b.c")]
    pub(super) number: Number,
    #[dynamap(rename = "#n0")]
    pub(super) bytes: Bytes,
    #[dynamap(rename = ":v0")]
    pub(super) flag: bool,
    #[dynamap(rename = "size")]
    pub(super) texts: BTreeSet<String>,
    #[dynamap(rename = " and ")]
    pub(super) numbers: BTreeSet<Number>,
    pub(super) blobs: BTreeSet<Bytes>,
    pub(super) list: Vec<AttributeValue>,
    pub(super) map: BTreeMap<String, AttributeValue>,
    pub(super) nothing: AttributeValue,
}

/// A shop as its keeper and orders.
#[derive(Debug, PartialEq, ItemCollection)]
#[dynamap(unknown = skip)]
pub(super) struct ShopPage {
    pub(super) keeper: Keeper,
    pub(super) orders: Vec<Order>,
}

/// The items of a shop in the order of their keys.
#[derive(Debug, PartialEq, ItemCollection)]
#[dynamap(unknown = skip)]
pub(super) enum ShopItem {
    Keeper(Keeper),
    Order(Order),
}

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", ttl = "expires_at")]
pub(super) struct Sessions;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Sessions, pk = "SESSION#{id}")]
pub(super) struct Session {
    pub(super) id: u32,
    pub(super) user: String,
    #[dynamap(ttl)]
    pub(super) expires_at: EpochSeconds,
}

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", indexes(ByPlace))]
pub(super) struct Branches;

#[derive(Index)]
#[dynamap(table = Branches, name = "gsi1", partition_key = ["country", "city"], sort_key = ["street", number("house")])]
pub(super) struct ByPlace;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Branches, pk = "BRANCH#{id}")]
#[dynamap(index = ByPlace, pk = [country, city], sk = [street, house])]
pub(super) struct Branch {
    pub(super) id: u32,
    pub(super) country: String,
    pub(super) city: String,
    pub(super) street: String,
    pub(super) house: u32,
}

/// A table with a number and a binary value as its key.
#[derive(TableSchema)]
#[dynamap(partition_key = number("group"), sort_key = binary("digest"), entity_type = none)]
pub(super) struct Digests;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Digests, pk = group, sk = digest)]
pub(super) struct Digest {
    pub(super) group: i64,
    pub(super) digest: Bytes,
    pub(super) size: u32,
}

/// An order of this shop.
pub(super) fn order(shop: &str, number: u32) -> Order {
    Order {
        shop: shop.to_owned(),
        number,
        total: u64::from(number) * 10,
        status: Some(Status::Open),
        day: None,
        note: None,
        lines: vec![],
        labels: BTreeSet::new(),
        prices: BTreeMap::new(),
        number_of_checks: None,
    }
}
