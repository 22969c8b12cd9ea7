use dynamap::{Entity, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "ORDER#{order_id}")]
struct Order {
    order_id: u32,
    prices: std::collections::BTreeMap<Vec<u8>, u32>,
}

fn main() {}
