use dynamap::{Entity, Table, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "ORDER#{id}")]
struct Order {
    id: u32,
    total: u64,
}

async fn call(shop: Table<Shop>) -> dynamap::Result<()> {
    let update = shop.update(Order::key(7)).apply(Order::TOTAL.set(1)).return_new();
    shop.transact_write().write(update).send().await
}

fn main() {}
