use dynamap::{Entity, Index, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", indexes(ByOwner))]
pub struct Shop;

#[derive(Index)]
#[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk")]
pub struct ByOwner;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "ORDER#{id}")]
#[dynamap(index = ByOwner, pk = "OWNER#{owner}#{team}")]
pub struct Order {
    id: u32,
    owner: String,
    team: String,
    title: String,
}

fn main() {
    let _ = Order::OWNER.given(Order::TITLE, "t").set("ada");
}
