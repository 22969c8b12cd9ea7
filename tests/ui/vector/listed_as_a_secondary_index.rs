use dynamap::{TableSchema, VectorIndex};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", indexes(ByEmbedding))]
struct Library;

#[derive(VectorIndex)]
#[dynamap(table = Library, name = "vec1", vector = "embedding", dimensions = 4, distance = cosine)]
#[dynamap(partition_key = "vec1pk", inline_filters("lang"))]
struct ByEmbedding;

fn main() {}
