use dynamap::{Entity, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = integer("pk"), sort_key = "sk")]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "ORDER#{order_id}", sk = "LINE#{line}")]
struct Line {
    order_id: u32,
    line: u32,
}

fn main() {}
