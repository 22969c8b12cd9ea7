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

#[derive(ItemCollection)]
enum CustomerItem {
    Customer(Customer),
    Order(Order),
}

#[derive(ItemCollection)]
struct CustomerPage {
    customer: Customer,
    orders: Vec<Order>,
}

#[derive(Entity)]
#[dynamap(table = Shop, pk = "CUSTOMER#{id}", sk = "SESSION#{token}")]
struct Session {
    id: String,
    token: String,
}

fn main() {
    let _ = CustomerItem::partition("c-1").of::<Session>();
}
