use dynamap::{Entity, Table, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Desk;

#[derive(Clone, Entity)]
#[dynamap(table = Desk, pk = "NOTE#{id}")]
struct Note {
    id: u32,
}

async fn run(shop: Table<Shop>) -> dynamap::Result<()> {
    shop.get(Note::key(1)).send().await?;
    Ok(())
}

fn main() {
    let _ = run;
}
