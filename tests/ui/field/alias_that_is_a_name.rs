use dynamap::{Attribute, Entity, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

#[derive(Attribute)]
struct Address {
    city: String,
    #[dynamap(alias = "city", alias = "road", alias = "road")]
    street: String,
    #[dynamap(alias = road)]
    door: String,
}

#[derive(Entity)]
#[dynamap(table = Shop, pk = "ORDER#{order_id}")]
struct Order {
    order_id: u32,
    #[dynamap(alias = "pk")]
    note: String,
}

fn main() {}
