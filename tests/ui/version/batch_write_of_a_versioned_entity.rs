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

pub fn write(shop: &Table<Shop>, orders: Vec<Order>) {
    let _ = shop.repository::<Order>().batch_write().put_all(orders);
}

fn main() {}
