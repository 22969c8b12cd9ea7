use dynamap::{Entity, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = CUSTOMER)]
struct Order {
    customer_id: String,
}

fn main() {}
