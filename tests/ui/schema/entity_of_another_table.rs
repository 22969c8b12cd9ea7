use dynamap::{Entity, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", entity_type = none, entities(Order, Book))]
struct Shop;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Library;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "ORDER#{number}")]
struct Order {
    number: u32,
}

#[derive(Entity)]
#[dynamap(table = Library, pk = "BOOK#{number}")]
struct Book {
    number: u32,
}

fn main() {}
