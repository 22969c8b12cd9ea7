use dynamap::{Entity, Table, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Warehouse;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "ORDER#{id}")]
struct Order {
    id: u32,
}

#[derive(Entity)]
#[dynamap(table = Warehouse, pk = "SHELF#{id}")]
struct Shelf {
    id: u32,
}

async fn call(shop: Table<Shop>) -> dynamap::Result<()> {
    shop.transact_get((Order::key(7), Shelf::key(1))).send().await?;
    Ok(())
}

fn main() {}
