use dynamap::value::EpochSeconds;
use dynamap::{Entity, Index, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", indexes(ByTime))]
pub struct Wiki;

#[derive(Index)]
#[dynamap(table = Wiki, name = "gsi1", partition_key = "gsi1pk", sort_key = "gsi1sk")]
pub struct ByTime;

#[derive(Entity)]
#[dynamap(table = Wiki, pk = "PAGE#{id}", sk = "PAGE")]
pub struct Page {
    id: u32,
    #[dynamap(updated_at)]
    changed: EpochSeconds,
}

fn main() {}
