use dynamap::{Entity, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk")]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "CUSTOMER#{customer_id}", sk = "ORDER#{placed_at}#{order_id}")]
struct Order {
    customer_id: String,
    #[dynamap(skip)]
    placed_at: u64,
    order_id: u32,
}

fn main() {
    let _ = Order::key("c", 1u64, 2u32);
}
