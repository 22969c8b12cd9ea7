use dynamap::{Entity, TableSchema, value::Version};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "ORDER#{order_id}")]
struct Order {
    order_id: u32,
    #[dynamap(version, alias = "revision")]
    version: Version,
}

fn main() {}
