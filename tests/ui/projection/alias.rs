use dynamap::{Entity, Projection, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "ORDER#{order_id}")]
struct Order {
    order_id: u32,
    #[dynamap(alias = "remark", rename = "text")]
    note: String,
}

#[derive(Projection)]
#[dynamap(entity = Order)]
struct Note {
    note: String,
}

fn main() {}
