use dynamap::{Attribute, Entity, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "ORDER#{order_id}")]
struct Order {
    order_id: u32,
    note: String,
    #[dynamap(flatten)]
    address: Address,
    #[dynamap(flatten)]
    payment: Option<Payment>,
}

#[derive(Attribute)]
struct Address {
    city: String,
    note: Option<String>,
}

#[derive(Attribute)]
#[dynamap(tag = "type")]
enum Payment {
    Cash,
    Abroad { city: String },
}

fn main() {}
