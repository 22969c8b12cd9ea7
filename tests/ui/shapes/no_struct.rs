use dynamap::{Attribute, Entity, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", shape = "shape")]
struct Shop;

#[derive(Attribute)]
struct OrderV1 {
    id: u32,
    name: String,
}

#[derive(Attribute)]
struct OrderV2 {
    id: u32,
    title: String,
}

impl From<OrderV1> for OrderV2 {
    fn from(OrderV1 { id, name }: OrderV1) -> Self {
        Self { id, title: name }
    }
}

#[derive(Entity)]
#[dynamap(table = Shop, pk = "ORDER#{id}", shape = 2, upgrade(u32))]
struct Order {
    id: u32,
}

impl From<u32> for Order {
    fn from(id: u32) -> Self {
        Self { id }
    }
}

fn main() {}
