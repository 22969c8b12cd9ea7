use dynamap::value::Version;
use dynamap::{Entity, Table, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
pub struct Shop;

#[derive(Clone, Entity)]
#[dynamap(table = Shop, pk = "ORDER#{id}")]
pub struct Order {
    id: u32,
    total: u64,
    #[dynamap(version)]
    version: Version,
}

#[derive(Clone, Entity)]
#[dynamap(table = Shop, pk = "CUSTOMER#{id}")]
pub struct Customer {
    id: u32,
    name: String,
}

pub fn write(shop: &Table<Shop>, order: &Order) {
    let _ = shop.repository::<Order>().save(order);
}

fn main() {}
