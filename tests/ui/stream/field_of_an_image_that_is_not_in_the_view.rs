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

pub fn is_news(change: &Change<Order, NewImage>) -> bool {
    match change {
        Change::Modify { old, new } => old.status != new.status,
        _ => true,
    }
}

fn main() {}
