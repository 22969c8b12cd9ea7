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
#[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk")]
struct ByName;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "VENDOR#{id}", sk = "PROFILE")]
#[dynamap(index = ByName, pk = "NAME#{name}")]
struct Vendor {
    id: String,
    name: String,
}

#[derive(ItemCollection)]
#[dynamap(index = ByNmae)]
enum Named {
    Vendor(Vendor),
}

fn main() {}
