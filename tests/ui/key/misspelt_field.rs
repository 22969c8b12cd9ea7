use dynamap::{Entity, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = number("year"))]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = yaer)]
struct Order {
    year: u16,
}

fn main() {
    let _ = Order::key(1999u16);
    let _ = dynamap::entity::to_item(&Order { year: 1 });
}
