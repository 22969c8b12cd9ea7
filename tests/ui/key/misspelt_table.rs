use dynamap::{Entity, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Shpo, pk = "CUSTOMER#{customer_id}")]
struct Order {
    customer_id: String,
}

fn main() {}
