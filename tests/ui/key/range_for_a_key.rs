use dynamap::{Entity, Table, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk")]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "CUSTOMER#{customer_id}", sk = "ORDER#{placed_at}#{order_id}")]
struct Order {
    customer_id: String,
    placed_at: u64,
    order_id: u32,
}

async fn read(shop: Table<Shop>) {
    let _ = shop.get(Order::partition("c-1").placed_at(7u64).order_id(1u32..=9)).send().await;
}

fn main() {}
