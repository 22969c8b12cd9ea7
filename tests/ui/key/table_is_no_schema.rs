use dynamap::{Entity};

struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "CUSTOMER#{customer_id}")]
struct Order {
    customer_id: String,
}

fn main() {}
