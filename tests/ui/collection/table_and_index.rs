use dynamap::{Entity, Index, ItemCollection, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", indexes(ByTotal))]
struct Shop;

#[derive(Index)]
#[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk", sort_key = "gsi1sk")]
struct ByTotal;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "CUSTOMER#{customer_id}", sk = "ORDER#{number}")]
#[dynamap(index = ByTotal, pk = "ORDERS", sk = "{total}")]
struct Order {
    customer_id: String,
    number: u32,
    total: u64,
}

#[derive(ItemCollection)]
#[dynamap(table = Shop, index = ByTotal)]
enum OrderItem {
    Order(Order),
}

fn main() {}
