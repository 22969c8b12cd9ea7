use dynamap::{Entity, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "id")]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "{id}")]
struct Order {
    id: String,
}

fn main() {}
