use dynamap::{Entity, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = number("id"))]
struct Numbers;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Numbers, pk = id)]
struct User {
    id: u32,
    #[dynamap(unique)]
    email: String,
}

#[derive(Entity)]
#[dynamap(table = Shop, pk = "SEAT#{id}")]
struct Seat {
    id: u32,
    #[dynamap(unique)]
    places: Vec<u32>,
    #[dynamap(unique(lowercase))]
    number: u32,
    #[dynamap(unique(count))]
    text: String,
}

fn count(text: &str) -> usize {
    text.len()
}

fn main() {}
