use dynamap::{Table, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

async fn call(shop: Table<Shop>) -> dynamap::Result<()> {
    shop.transact_write().delete("ORDER#7").send().await
}

fn main() {}
