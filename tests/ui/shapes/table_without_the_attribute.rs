use dynamap::{Entity, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "ORDER#{id}", shape = 1)]
struct Order {
    id: u32,
}

fn main() {}
