use dynamap::{Entity, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", shape = "shape")]
struct Shop;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", shape = "entity_type")]
struct Other;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "BOX#{id}", shape = 1)]
struct Case {
    id: u32,
    shape: String,
}

fn main() {}
