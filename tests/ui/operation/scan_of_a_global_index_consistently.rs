use dynamap::{Entity, Index, Table, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", indexes(ByGroup))]
struct Shop;

#[derive(Index)]
#[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk")]
struct ByGroup;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "PRODUCT#{id}")]
#[dynamap(index = ByGroup, pk = "GROUP#{group}")]
struct Product {
    id: u32,
    group: u32,
}

async fn call(shop: Table<Shop>) -> dynamap::Result<()> {
    shop.repository::<Product>().scan().index::<ByGroup>().consistent_read().send().await?;
    Ok(())
}

fn main() {}
