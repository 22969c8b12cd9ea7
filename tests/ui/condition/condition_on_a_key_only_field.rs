use dynamap::{Entity, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk")]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "CUSTOMER#{customer_id}", sk = "ORDER#{placed_at}#{order_id}")]
struct Order {
    customer_id: String,
    placed_at: u64,
    #[dynamap(key_only)]
    order_id: u32,
}

fn main() {
    let _ = Order::PLACED_AT.gt(7) & Order::ORDER_ID.eq(7);
}
