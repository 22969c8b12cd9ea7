use dynamap::{Entity, Index, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", indexes(ByRegion))]
struct Shop;

#[derive(Index)]
#[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk")]
struct ByRegion;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "ORDER#{order_id}")]
#[dynamap(index = ByRegion, pk = "{region}#{state}")]
struct Order {
    order_id: u32,
    state: u8,
    #[dynamap(key_only)]
    region: String,
}

fn main() {
    let _ = Order::STATE.set(2);
}
