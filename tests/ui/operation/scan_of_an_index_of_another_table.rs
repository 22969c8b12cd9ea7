use dynamap::{Entity, Index, Table, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", indexes(ByGroup))]
struct Other;

#[derive(Index)]
#[dynamap(table = Other, name = "gsi1", partition_key = "gsi1pk")]
struct ByGroup;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "PRODUCT#{id}")]
struct Product {
    id: u32,
}

async fn call(shop: Table<Shop>) -> dynamap::Result<()> {
    shop.repository::<Product>().scan().index::<ByGroup>().send().await?;
    Ok(())
}

fn main() {}
