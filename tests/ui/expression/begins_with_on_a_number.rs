use dynamap::{Attribute, Entity, TableSchema};
use std::collections::{BTreeMap, BTreeSet};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "ORDER#{id}")]
struct Order {
    id: u32,
    total: u64,
    paid: bool,
    note: Option<String>,
    tags: BTreeSet<String>,
    lines: Vec<Line>,
    phones: BTreeMap<String, String>,
    ship_to: Address,
}

#[derive(Attribute)]
struct Line {
    title: String,
}

#[derive(Attribute)]
struct Address {
    city: String,
}

#[derive(Entity)]
#[dynamap(table = Shop, pk = "CUSTOMER#{id}")]
struct Customer {
    id: u32,
    name: String,
    total: u64,
}

fn main() {
    let _ = Order::TOTAL.begins_with("1");
}
