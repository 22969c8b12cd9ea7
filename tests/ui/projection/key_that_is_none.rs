use dynamap::{Entity, Index, Projection, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", indexes(ByGroup))]
struct Shop;

#[derive(Index)]
#[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk", projection = include("title"))]
struct ByGroup;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "PRODUCT#{id}")]
#[dynamap(index = ByGroup, pk = "GROUP#{group}")]
struct Product {
    id: u32,
    group: u32,
    title: String,
    description: String,
}

#[derive(Projection)]
#[dynamap(entity = Product, index = ByGroup)]
struct Summary {
    #[dynamap(key)]
    title: String,
}

fn main() {}
