use dynamap::{Entity, ItemCollection, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "ORDER#{order_id}")]
struct Order {
    order_id: u32,
}

#[derive(ItemCollection)]
#[allow(non_camel_case_types)]
enum Items {
    partition(Order),
}

fn main() {}
