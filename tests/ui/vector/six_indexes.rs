use dynamap::{TableSchema, VectorIndex};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", vector_indexes(By1, By2, By3, By4, By5, By6))]
struct Library;

#[derive(VectorIndex)]
#[dynamap(table = Library, name = "vec1", vector = "embedding", dimensions = 4, distance = cosine)]
struct By1;

#[derive(VectorIndex)]
#[dynamap(table = Library, name = "vec2", vector = "embedding", dimensions = 4, distance = cosine)]
struct By2;

#[derive(VectorIndex)]
#[dynamap(table = Library, name = "vec3", vector = "embedding", dimensions = 4, distance = cosine)]
struct By3;

#[derive(VectorIndex)]
#[dynamap(table = Library, name = "vec4", vector = "embedding", dimensions = 4, distance = cosine)]
struct By4;

#[derive(VectorIndex)]
#[dynamap(table = Library, name = "vec5", vector = "embedding", dimensions = 4, distance = cosine)]
struct By5;

#[derive(VectorIndex)]
#[dynamap(table = Library, name = "vec6", vector = "embedding", dimensions = 4, distance = cosine)]
struct By6;

fn main() {}
