use dynamap::{Entity, Table, TableSchema, value::Version};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Desk;

#[derive(Entity)]
#[dynamap(table = Desk, pk = "NOTE#{id}")]
struct Note {
    id: u32,
    text: String,
    #[dynamap(version)]
    version: Version,
}

async fn change(desk: &Table<Desk>) -> dynamap::Result<()> {
    desk.delete(Note::key(1_u32)).send().await?;
    Ok(())
}

fn main() {}
