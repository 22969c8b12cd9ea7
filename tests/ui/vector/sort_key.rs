use dynamap::{TableSchema, VectorIndex};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", vector_indexes(ByEmbedding))]
struct Library;

#[derive(VectorIndex)]
#[dynamap(table = Library, name = "vec1", vector = "embedding", dimensions = 4, distance = cosine)]
#[dynamap(partition_key = "vec1pk", sort_key = "vec1sk")]
struct ByEmbedding;

fn main() {}
