use dynamap::{TableSchema, VectorIndex};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", vector_indexes(ByEmbedding, ByShort))]
struct Library;

#[derive(VectorIndex)]
#[dynamap(table = Library, name = "vec1", vector = "embedding", dimensions = 4, distance = cosine)]
#[dynamap(partition_key = "vec1pk", inline_filters("lang"))]
struct ByEmbedding;

#[derive(VectorIndex)]
#[dynamap(table = Library, name = "vec2", vector = "embedding", dimensions = 3, distance = euclidean)]
struct ByShort;

fn main() {}
