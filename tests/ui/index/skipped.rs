use dynamap::{Entity, Index, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", indexes(ByOwner, ByGroup))]
struct Shop;

#[derive(Index)]
#[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk", sort_key = "gsi1sk")]
struct ByOwner;

#[derive(Index)]
#[dynamap(table = Shop, name = "gsi2", partition_key = "gsi2pk", sort_key = "gsi2sk")]
struct ByGroup;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "ORDER#{order_id}")]
#[dynamap(index = ByOwner, pk = "OWNER#{owner}", sk = "{group}#{order_id}")]
#[dynamap(index = ByGroup, pk = "GROUP#{group}", sk = "{owner}")]
struct Order {
    order_id: u32,
    owner: String,
    #[dynamap(skip, plain)]
    group: String,
}

fn main() {
    let _ = Order::by_group("g".to_owned()).owner("o");
}
