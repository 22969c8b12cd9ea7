use dynamap::{Entity, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = [region, customer_id])]
struct Order {
    region: String,
    customer_id: String,
}

fn main() {}
