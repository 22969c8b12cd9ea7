use dynamap::{TableSchema, VectorIndex};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", vector_indexes(ByEmbedding))]
struct Library;

#[derive(VectorIndex)]
#[dynamap(table = Library, name = "vec1", vector = "embedding", dimensions = 4097, distance = cosine)]
struct ByEmbedding;

fn main() {}
