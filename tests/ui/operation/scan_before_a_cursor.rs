use dynamap::cursor::CursorSealer;
use dynamap::{Entity, Table, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "PRODUCT#{id}")]
struct Product {
    id: u32,
}

async fn call(shop: Table<Shop>, sealer: CursorSealer, cursor: String) -> dynamap::Result<()> {
    shop.scan::<Product>().sealed(&sealer).before(cursor).send().await?;
    shop.scan::<Product>().sealed(&sealer).from_end().send().await?;
    Ok(())
}

fn main() {}
