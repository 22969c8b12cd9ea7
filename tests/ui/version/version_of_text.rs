use dynamap::value::Version;
use dynamap::{Entity, Table, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
pub struct Shop;

#[derive(Clone, Entity)]
#[dynamap(table = Shop, pk = "ORDER#{id}")]
pub struct Order {
    id: u32,
    #[dynamap(version)]
    version: Version<String>,
}

pub type Used = Table<Shop>;

fn main() {}
