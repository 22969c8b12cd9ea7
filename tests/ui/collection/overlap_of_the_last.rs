use dynamap::{Entity, ItemCollection, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", entity_type = none)]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "CUSTOMER#{id}", sk = "ORDER#{number}")]
struct Order {
    id: String,
    number: u32,
}

#[derive(ItemCollection)]
#[dynamap(overlap = last)]
enum OrderItem {
    Order(Order),
}

fn main() {}
