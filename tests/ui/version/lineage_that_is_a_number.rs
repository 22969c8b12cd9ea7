use dynamap::{Entity, TableSchema, value::Version};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
pub struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "ORDER#{number}")]
pub struct Order {
    pub number: u32,
    #[dynamap(version, lineage = 8)]
    pub version: Version,
}

fn main() {}
