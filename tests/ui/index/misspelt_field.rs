use dynamap::{Entity, Index, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", indexes(ByGroup))]
struct Shop;

#[derive(Index)]
#[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk", sort_key = "gsi1sk", projection = include("title"))]
struct ByGroup;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "ORDER#{order_id}")]
#[dynamap(index = ByGroup, pk = "GROUP#{gruop}", sk = "{title}")]
struct Order {
    order_id: u32,
    group: u32,
    title: String,
}

fn main() {
    let _ = Order::by_group(1u32).title("a");
}
