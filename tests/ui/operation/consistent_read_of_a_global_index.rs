use dynamap::{Entity, Index, Projection, Table, TableSchema};

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
}

#[derive(Projection)]
#[dynamap(entity = Product, index = ByGroup)]
struct Summary {
    title: String,
}

async fn call(shop: Table<Shop>) -> dynamap::Result<()> {
    let query = shop.query(Product::by_group(2)).project::<Summary>().consistent_read();
    Ok(())
}

fn main() {}
