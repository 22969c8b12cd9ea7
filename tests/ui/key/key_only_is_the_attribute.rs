use dynamap::{Entity, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = pk)]
struct Order {
    #[dynamap(key_only)]
    pk: String,
}

fn main() {}
