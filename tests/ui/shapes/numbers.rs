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
#[dynamap(table = Shop, pk = "ZERO#{id}", shape = 0)]
struct Zero {
    id: u32,
}

#[derive(Entity)]
#[dynamap(table = Shop, pk = "TEXT#{id}", shape = "2")]
struct Text {
    id: u32,
}

#[derive(Entity)]
#[dynamap(table = Shop, pk = "NONE#{id}", upgrade(OrderV1), writes = 1)]
struct NoShape {
    id: u32,
}

#[derive(Entity)]
#[dynamap(table = Shop, pk = "MANY#{id}", shape = 2, upgrade(OrderV1, OrderV2))]
struct TooMany {
    id: u32,
}

#[derive(Entity)]
#[dynamap(table = Shop, pk = "TWICE#{id}", shape = 3, upgrade(OrderV1, OrderV1))]
struct Twice {
    id: u32,
}

#[derive(Entity)]
#[dynamap(table = Shop, pk = "EMPTY#{id}", shape = 3, upgrade("OrderV1"))]
struct Quoted {
    id: u32,
}

#[derive(Entity)]
#[dynamap(table = Shop, pk = "WRITES#{id}", shape = 3, upgrade(OrderV2), writes = 1)]
struct WritesUnknown {
    id: u32,
}

fn main() {}
