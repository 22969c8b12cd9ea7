use dynamap::{Table, TableSchema, VectorIndex};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", vector_indexes(ByEmbedding))]
struct Library;

#[derive(VectorIndex)]
#[dynamap(table = Library, name = "vec1", vector = "embedding", dimensions = 4, distance = cosine)]
#[dynamap(partition_key = "vec1pk", inline_filters("lang"))]
struct ByEmbedding;

fn of(library: Table<Library>) {
    library.create_table_if_absent().provisioned(5, 5);
}

fn main() {}
