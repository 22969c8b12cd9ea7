use dynamap::{Entity, Table, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
pub struct Shop;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
pub struct Library;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "ORDER#{id}")]
pub struct Order {
    id: u32,
}

#[derive(Entity)]
#[dynamap(table = Library, pk = "BOOK#{id}")]
pub struct Book {
    id: u32,
}

pub fn read(shop: &Table<Shop>) {
    let _ = shop.batch_get_mixed(([Order::key(1_u32)], [Book::key(2_u32)]));
}

fn main() {}
