use dynamap::{Attribute, Entity, Index, TableSchema};
use std::collections::BTreeSet;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", indexes(ByStatus, ByOwner))]
pub struct Shop;

#[derive(Index)]
#[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk")]
pub struct ByStatus;

#[derive(Index)]
#[dynamap(table = Shop, name = "gsi2", partition_key = "gsi2pk")]
pub struct ByOwner;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "ORDER#{id}")]
#[dynamap(index = ByStatus, pk = "STATUS#{level}")]
#[dynamap(index = ByOwner, pk = "OWNER#{owner}#{team}")]
pub struct Order {
    id: u32,
    level: u32,
    owner: Option<String>,
    team: String,
    total: u64,
    title: String,
    paid: bool,
    tags: BTreeSet<String>,
    lines: Vec<String>,
    note: Option<String>,
    place: Place,
}

#[derive(Attribute)]
pub struct Place {
    room: u32,
    floor: Option<u32>,
}

fn main() {
    let _ = Order::LINES.delete(["x"]);
}
