use dynamap::{Entity, Index, Table, TableSchema};

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

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Crm;

#[derive(Entity)]
#[dynamap(table = Crm, pk = "CUSTOMER#{id}")]
struct Customer {
    id: String,
}

async fn call(shop: Table<Shop>) -> dynamap::Result<()> {
    let product = shop.get(Customer::key("c-1")).send().await?;
    Ok(())
}

fn main() {}
