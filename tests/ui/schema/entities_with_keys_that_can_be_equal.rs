use dynamap::{Entity, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", entity_type = none, entities(Order, Customer, Note))]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "CUSTOMER#{id}", sk = "ORDER#{number}")]
struct Order {
    id: String,
    number: u32,
}

#[derive(Entity)]
#[dynamap(table = Shop, pk = "CUSTOMER#{id}", sk = "PROFILE")]
struct Customer {
    id: String,
}

#[derive(Entity)]
#[dynamap(table = Shop, pk = pk, sk = "{name}")]
struct Note {
    pk: String,
    name: String,
}

fn main() {}
