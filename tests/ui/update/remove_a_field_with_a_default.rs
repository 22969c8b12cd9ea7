use dynamap::{Entity, Table, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "ORDER#{id}")]
struct Order {
    id: u32,
    #[dynamap(default)]
    total: u32,
}

async fn run(shop: Table<Shop>) -> dynamap::Result<()> {
    shop.repository::<Order>().update(Order::key(1)).apply(Order::TOTAL.remove()).send().await
}

fn main() {
    let _ = run;
}
