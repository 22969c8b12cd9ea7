use dynamap::{Attribute, Entity, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "ORDER#{order_id}")]
#[allow(non_snake_case)]
struct Order {
    order_id: u32,
    user_id: String,
    userId: String,
}

#[derive(Attribute)]
struct Address {
    _street: String,
    street: String,
}

fn main() {
    let _ = (Order::USER_ID, Address::STREET);
}
