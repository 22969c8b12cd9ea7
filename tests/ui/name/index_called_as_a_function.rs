use dynamap::{Entity, Index, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", indexes(Partition, Key))]
struct Shop;

#[derive(Index)]
#[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk")]
struct Partition;

#[derive(Index)]
#[dynamap(table = Shop, name = "gsi2", partition_key = "gsi2pk")]
struct Key;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "ORDER#{order_id}")]
#[dynamap(index = Partition, pk = "{owner}")]
#[dynamap(index = Key, pk = "{owner}")]
struct Order {
    order_id: u32,
    owner: String,
}

fn main() {
    let _ = (Order::key(1), Order::partition(1));
}
