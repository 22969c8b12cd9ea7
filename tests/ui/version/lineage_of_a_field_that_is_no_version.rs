use dynamap::{Entity, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
pub struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "ORDER#{number}")]
pub struct Order {
    pub number: u32,
    #[dynamap(lineage = "ops")]
    pub total: u64,
}

fn main() {}
