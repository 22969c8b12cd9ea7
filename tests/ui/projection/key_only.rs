use dynamap::{Entity, Projection, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "ORDER#{order_id}")]
struct Order {
    #[dynamap(key_only)]
    order_id: u32,
    note: String,
}

#[derive(Projection)]
#[dynamap(entity = Order)]
struct Note {
    order_id: u32,
    note: String,
}

fn main() {}
