use dynamap::{Entity, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "ORDER#{order_id}")]
struct Order {
    #[dynamap(key_only, default)]
    order_id: u32,
}

fn main() {}
