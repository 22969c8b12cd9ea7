use dynamap::{Entity, Projection, Table, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "ORDER#{id}")]
struct Order {
    id: u32,
}

#[derive(Entity)]
#[dynamap(table = Shop, pk = "CUSTOMER#{id}")]
struct Customer {
    id: u32,
    name: String,
}

#[derive(Projection)]
#[dynamap(entity = Customer)]
struct Name {
    name: String,
}

async fn call(shop: Table<Shop>) -> dynamap::Result<()> {
    let keys = (Customer::key(7), Order::key(7));
    shop.transact_get(keys).project::<Name>().send().await?;
    Ok(())
}

fn main() {}
