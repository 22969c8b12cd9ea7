use dynamap::value::Version;
use dynamap::{Entity, Table, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "ORDER#{id}")]
struct Order {
    id: u32,
    #[dynamap(version)]
    version: Version,
}

async fn call(shop: Table<Shop>, order: &Order) -> dynamap::Result<()> {
    shop.transact_write().put(order).send().await
}

fn main() {}
