use dynamap::{Entity, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

macro_rules! order {
    ($ty:ty) => {
        #[derive(Entity)]
        #[dynamap(table = Shop, pk = "ORDER#{id}")]
        struct Order {
            id: $ty,
        }
    };
}

order! { Option<u8> }

fn main() {}
