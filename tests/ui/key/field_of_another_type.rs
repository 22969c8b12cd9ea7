use dynamap::{Entity, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = number("year"))]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = year)]
struct Order {
    year: String,
}

fn main() {
    let _ = Order::key("1999");
}
