use dynamap::{Index, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", indexes(ByStatus))]
struct Shop;

#[derive(Index)]
#[dynamap(table = Shop, name = "g1", partition_key = "gsi1pk")]
struct ByStatus;

fn main() {}
