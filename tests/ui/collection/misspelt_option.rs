use dynamap::{Entity, ItemCollection, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", indexes(ByGroup))]
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

#[derive(ItemCollection)]
#[dynamap(indx = ByGroup)]
enum CustomerItem {
    Customer(Customer),
    Order(Order),
}

#[derive(dynamap::Index)]
#[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk")]
struct ByGroup;

fn main() {}
