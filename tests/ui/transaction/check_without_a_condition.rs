use dynamap::{Entity, Table, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

#[derive(Clone, Entity)]
#[dynamap(table = Shop, pk = "ORDER#{id}")]
struct Order {
    id: u32,
}

async fn run(shop: Table<Shop>) -> dynamap::Result<()> {
    shop.transact_write().check(Order::key(1)).send().await?;
    Ok(())
}

fn main() {
    let _ = run;
}
