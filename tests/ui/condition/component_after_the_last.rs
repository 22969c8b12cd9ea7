use dynamap::{Entity, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk")]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "ORDER#{id}", sk = "{year}#{number}")]
struct Order {
    id: u32,
    year: u16,
    number: u32,
}

fn main() {
    let _ = Order::partition(1).year(2026).number(1).line(2);
}
