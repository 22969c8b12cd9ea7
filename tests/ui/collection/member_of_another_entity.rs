//! The entity that a member names is not its own.

use dynamap::{Entity, ItemCollection, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk")]
pub struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "CUSTOMER#{id}", sk = "PROFILE")]
pub struct Customer {
    pub id: u32,
}

#[derive(Entity)]
#[dynamap(table = Shop, pk = "CUSTOMER#{id}", sk = "ORDER#{number}")]
pub struct Order {
    pub id: u32,
    pub number: u32,
}

#[derive(ItemCollection)]
pub enum CustomerItem {
    #[dynamap(entity = Order)]
    Customer(Customer),
}

fn main() {}
