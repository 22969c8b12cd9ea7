use dynamap::{Entity, Table, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

#[derive(Clone, Entity)]
#[dynamap(table = Shop, pk = "ORDER#{id}")]
struct Order {
    id: u32,
    total: u32,
}

async fn run(shop: Table<Shop>, order: Order) -> dynamap::Result<()> {
    shop.transact_write().create(&order).condition(Order::TOTAL.gt(5)).send().await?;
    Ok(())
}

fn main() {
    let _ = run;
}
