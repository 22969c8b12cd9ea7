use dynamap::{Entity, ItemCollection, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", indexes(ByName))]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "CUSTOMER#{id}", sk = "PROFILE")]
struct Customer {
    id: String,
    name: String,
}

#[derive(Entity)]
#[dynamap(table = Shop, pk = "CUSTOMER#{customer_id}", sk = "ORDER#{number}")]
struct Order {
    customer_id: String,
    number: u32,
    total: u64,
}

#[derive(dynamap::Index)]
#[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk", projection = keys_only)]
struct ByName;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "PARTNER#{id}", sk = "VENDOR")]
#[dynamap(index = ByName, pk = "NAME#{name}")]
struct Vendor {
    id: String,
    name: String,
}

#[derive(Entity)]
#[dynamap(table = Shop, pk = "PARTNER#{id}", sk = "BROKER")]
#[dynamap(index = ByName, pk = "NAME#{name}")]
struct Broker {
    id: String,
    name: String,
}

#[derive(ItemCollection)]
#[dynamap(index = ByName)]
enum Named {
    Vendor(Vendor),
    Broker(Broker),
}

async fn call(shop: dynamap::Table<Shop>) -> dynamap::Result<()> {
    shop.query(Named::by_name("a")).send().await?;
    Ok(())
}

fn main() {}
