use dynamap::{TableSchema, VectorIndex};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", vector_indexes(ByEmbedding))]
struct Library;

#[derive(VectorIndex)]
#[dynamap(table = Library, name = "vec1")]
struct ByEmbedding;

fn main() {}
