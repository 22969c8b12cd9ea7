use dynamap::{Entity, Table, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Warehouse;

#[derive(Entity)]
#[dynamap(table = Warehouse, pk = "SHELF#{id}")]
struct Shelf {
    id: u32,
}

async fn call(shop: Table<Shop>, shelf: &Shelf) -> dynamap::Result<()> {
    shop.transact_write().create(shelf).send().await
}

fn main() {}
