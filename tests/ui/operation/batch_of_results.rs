use dynamap::{Entity, Error, Table, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

#[derive(Clone, Entity)]
#[dynamap(table = Shop, pk = "ORDER#{id}")]
struct Order {
    id: u32,
}

async fn run(shop: Table<Shop>) -> dynamap::Result<()> {
    let orders = shop.repository::<Order>();
    let read: Vec<Result<Order, Error>> = Vec::new();
    orders.batch_write().put_all(read).send().await?;
    Ok(())
}

fn main() {
    let _ = run;
}
