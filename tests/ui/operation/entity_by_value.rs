use dynamap::{Entity, Table, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

#[derive(Clone, Entity)]
#[dynamap(table = Shop, pk = "ORDER#{id}")]
struct Order {
    id: u32,
}

async fn run(shop: Table<Shop>, order: Order) -> dynamap::Result<()> {
    shop.create(order).send().await
}

fn main() {
    let _ = run;
}
