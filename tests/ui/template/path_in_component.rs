use dynamap::{Entity, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk")]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "CUSTOMER#{customer_id}", sk = "ORDER#{placed_at}#{order.id}")]
struct Order {
    customer_id: String,
    placed_at: u64,
    order_id: u32,
    note: Option<String>,
}

fn main() {}
