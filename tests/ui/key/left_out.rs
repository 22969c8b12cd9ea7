use dynamap::{Entity, Index, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", indexes(ByOwner))]
struct Shop;

#[derive(Index)]
#[dynamap(table = Shop, name = "gsi1", partition_key = "owner")]
struct ByOwner;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "ORDER#{order_id}")]
#[dynamap(index = ByOwner, pk = owner)]
struct Order {
    #[dynamap(skip_if = String::is_empty, default)]
    order_id: String,
    #[dynamap(alias = "proprietor")]
    owner: String,
}

fn main() {}
