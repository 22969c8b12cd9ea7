use dynamap::{Entity, Index, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", indexes(ByGroup))]
struct Archive;

#[derive(Index)]
#[dynamap(table = Archive, name = "gsi1", partition_key = "gsi1pk")]
struct ByGroup;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "ORDER#{order_id}")]
#[dynamap(index = ByGroup, pk = "GROUP#{group}")]
struct Order {
    order_id: u32,
    group: u32,
    title: String,
}

fn main() {}
