use dynamap::{Entity, TableSchema};
use serde::Serialize;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

#[derive(Serialize, Entity)]
#[dynamap(table = Shop, pk = "U#{id}")]
struct User {
    id: String,
    #[serde(skip)]
    secret: String,
}

fn main() {}
