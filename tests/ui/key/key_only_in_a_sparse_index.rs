use dynamap::{Entity, Index, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", indexes(ByRegion))]
struct Shop;

#[derive(Index)]
#[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk", sort_key = "gsi1sk")]
struct ByRegion;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "ORDER#{order_id}")]
#[dynamap(index = ByRegion, pk = "REGION#{region}", sk = "{note}")]
struct Order {
    order_id: u32,
    note: Option<String>,
    #[dynamap(key_only)]
    region: String,
}

fn main() {}
