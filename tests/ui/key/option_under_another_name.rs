use dynamap::{Entity, Index, TableSchema};

type Maybe<T> = Option<T>;

#[derive(TableSchema)]
#[dynamap(partition_key = "id", indexes(ByOwner, ByGroup))]
struct Shop;

#[derive(Index)]
#[dynamap(table = Shop, name = "gsi1", partition_key = "owner")]
struct ByOwner;

#[derive(Index)]
#[dynamap(table = Shop, name = "gsi2", partition_key = "gsi2pk")]
struct ByGroup;

#[derive(Entity)]
#[dynamap(table = Shop, pk = id)]
#[dynamap(index = ByOwner, pk = owner)]
#[dynamap(index = ByGroup, pk = "GROUP#{group}")]
struct Order {
    id: Maybe<String>,
    owner: Maybe<String>,
    group: Maybe<String>,
}

fn main() {}
