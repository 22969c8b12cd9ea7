use dynamap::{Entity, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk")]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "CUSTOMER#{customer_id}")]
struct Order {
    customer_id: String,
}

fn main() {
    let _ = Order::key("c");
}
