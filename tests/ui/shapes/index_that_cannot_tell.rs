use dynamap::{Entity, Index, Projection, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", shape = "shape", indexes(ByTitle))]
struct Shop;

#[derive(Index)]
#[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk", projection = include("title"))]
struct ByTitle;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "ORDER#{id}", shape = 1)]
#[dynamap(index = ByTitle, pk = "TITLE#{title}")]
struct Order {
    id: u32,
    title: String,
}

#[derive(Projection)]
#[dynamap(entity = Order, index = ByTitle)]
struct Title {
    title: String,
}

fn main() {}
