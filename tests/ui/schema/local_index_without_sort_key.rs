use dynamap::{Entity, Index, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", indexes(ByGroup))]
struct Shop;

#[derive(Index)]
#[dynamap(table = Shop, name = "lsi1", local)]
struct ByGroup;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "ORDER#{order_id}")]
#[dynamap(index = ByGroup, pk = "GROUP#{group}")]
struct Order {
    order_id: u32,
    group: u32,
}

fn main() {}
