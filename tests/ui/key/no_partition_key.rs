use dynamap::{Entity, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk")]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, sk = "ORDER#{order_id}")]
struct Order {
    order_id: String,
}

fn main() {}
