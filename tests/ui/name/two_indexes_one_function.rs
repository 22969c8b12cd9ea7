use dynamap::{Entity, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", indexes(one::ByOwner, other::ByOwner))]
pub struct Shop;

mod one {
    #[derive(dynamap::Index)]
    #[dynamap(table = crate::Shop, name = "gsi1", partition_key = "gsi1pk")]
    pub struct ByOwner;
}

mod other {
    #[derive(dynamap::Index)]
    #[dynamap(table = crate::Shop, name = "gsi2", partition_key = "gsi2pk")]
    pub struct ByOwner;
}

#[derive(Entity)]
#[dynamap(table = Shop, pk = "ORDER#{order_id}")]
#[dynamap(index = one::ByOwner, pk = "{owner}")]
#[dynamap(index = other::ByOwner, pk = "{owner}")]
struct Order {
    order_id: u32,
    owner: String,
}

fn main() {
    let _ = Order::by_owner("o");
}
