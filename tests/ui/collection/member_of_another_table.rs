use dynamap::{Entity, ItemCollection, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk")]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "CUSTOMER#{id}", sk = "PROFILE")]
struct Customer {
    id: String,
    name: String,
}

#[derive(Entity)]
#[dynamap(table = Shop, pk = "CUSTOMER#{customer_id}", sk = "ORDER#{number}")]
struct Order {
    customer_id: String,
    number: u32,
    total: u64,
}

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk")]
struct Archive;

#[derive(Entity)]
#[dynamap(table = Archive, pk = "CUSTOMER#{id}", sk = "OLD#{number}")]
struct OldOrder {
    id: String,
    number: u32,
}

#[derive(ItemCollection)]
#[dynamap(table = Shop)]
enum ShopItem {
    OldOrder(OldOrder),
}

fn main() {}
