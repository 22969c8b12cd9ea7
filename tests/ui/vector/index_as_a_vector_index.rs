use dynamap::{Entity, Index, TableSchema, value::Vector};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", indexes(ByGroup))]
struct Library;

#[derive(Index)]
#[dynamap(table = Library, name = "gsi1", partition_key = "gsi1pk")]
struct ByGroup;

#[derive(Entity)]
#[dynamap(table = Library, pk = "DOC#{id}")]
#[dynamap(vector_index = ByGroup, vector = embedding, pk = "TENANT#{tenant}")]
struct Doc {
    tenant: String,
    id: u32,
    lang: String,
    embedding: Vector<4>,
}

fn main() {}
