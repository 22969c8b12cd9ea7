use dynamap::{Entity, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = number("year"))]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = year_of_order)]
struct Order {
    year_of_order: u16,
}

fn main() {
    let _ = Order::key(1999u16);
}
