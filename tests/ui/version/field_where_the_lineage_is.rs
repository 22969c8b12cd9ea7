use dynamap::{Entity, TableSchema, value::Version};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
pub struct Kennel;

#[derive(Entity)]
#[dynamap(table = Kennel, pk = "DOG#{name}")]
pub struct Dog {
    pub name: String,
    pub lineage: Vec<String>,
    #[dynamap(version)]
    pub version: Version,
}

fn main() {}
