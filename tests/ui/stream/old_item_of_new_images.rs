use dynamap::stream::{Change, NewImage};
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

pub fn before(change: &Change<Order, NewImage>) -> Option<&Order> {
    change.old_item()
}

fn main() {}
