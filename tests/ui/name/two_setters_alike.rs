use dynamap::{Entity, Index, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", indexes(One, Other))]
struct Shop;

#[derive(Index)]
#[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk")]
struct One;

#[derive(Index)]
#[dynamap(table = Shop, name = "gsi2", partition_key = "gsi2pk")]
struct Other;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "ORDER#{order_id}")]
#[dynamap(index = One, pk = "{a}#{b_and_c}")]
#[dynamap(index = Other, pk = "{a_and_b}#{c}")]
struct Order {
    order_id: u32,
    a: String,
    b_and_c: String,
    a_and_b: String,
    c: String,
}

fn main() {}
