use dynamap::value::Version;
use dynamap::{Entity, TableSchema};

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

pub fn write() {
    let _ = Order::VERSION.set(Version::NEW);
}

fn main() {}
