use dynamap::{Entity, Table, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "ORDER#{number}")]
struct Order {
    number: u32,
}

fn joined(shop: Table<Shop>, audit: Table<Shop>) {
    let _ = shop.batch_get([Order::key(1_u32)]).and(audit.transact_get([Order::key(1_u32)]));
}

fn main() {}
