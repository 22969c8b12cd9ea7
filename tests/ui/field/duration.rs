use dynamap::{Entity, TableSchema};
use std::time::Duration;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "ORDER#{order_id}")]
struct Order {
    order_id: u32,
    takes: Duration,
}

fn main() {}
