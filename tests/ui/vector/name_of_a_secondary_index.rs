use dynamap::{Index, TableSchema, VectorIndex};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", indexes(ByGroup), vector_indexes(ByEmbedding))]
struct Library;

#[derive(VectorIndex)]
#[dynamap(table = Library, name = "vec1", vector = "embedding", dimensions = 4, distance = cosine)]
#[dynamap(partition_key = "vec1pk", inline_filters("lang"))]
struct ByEmbedding;

#[derive(Index)]
#[dynamap(table = Library, name = "vec1", partition_key = "gsi1pk")]
struct ByGroup;

fn main() {}
