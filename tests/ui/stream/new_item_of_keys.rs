use dynamap::stream::{Change, KeysOnly};
use dynamap::{Entity, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
pub struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "ORDER#{number}")]
pub struct Order {
    pub number: u32,
    pub status: String,
}

pub fn after(change: &Change<Order, KeysOnly>) -> Option<&Order> {
    change.new_item()
}

fn main() {}
