use dynamap::{Entity, Error, Table, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

#[derive(Clone, Entity)]
#[dynamap(table = Shop, pk = "ORDER#{id}")]
struct Order {
    id: u32,
}

async fn run(shop: Table<Shop>, keys: Vec<Result<OrderKey, Error>>) -> dynamap::Result<()> {
    shop.repository::<Order>().batch_write().delete_all(keys).send().await?;
    Ok(())
}

fn main() {
    let _ = run;
}
