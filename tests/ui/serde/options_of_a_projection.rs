use dynamap::{Entity, Projection, TableSchema};
use serde::Deserialize;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "U#{id}")]
struct User {
    id: String,
    first_name: String,
    name: String,
    age: u8,
}

#[derive(Deserialize, Projection)]
#[dynamap(entity = User)]
#[serde(rename_all = "camelCase")]
struct Names {
    first_name: String,
    #[serde(rename = "n")]
    name: String,
    #[serde(skip)]
    age: u8,
}

fn main() {}
