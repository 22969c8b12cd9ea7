use dynamap::{Entity, Projection, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "ORDER#{order_id}")]
struct Order {
    order_id: u32,
    user_id: String,
}

#[derive(Projection)]
#[dynamap(entity = Order)]
#[allow(non_snake_case)]
struct User {
    user_id: String,
    userId: String,
}

fn main() {}
