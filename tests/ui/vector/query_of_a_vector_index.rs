use dynamap::{Entity, Table, TableSchema, VectorIndex, value::Vector};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", vector_indexes(ByEmbedding))]
struct Library;

#[derive(VectorIndex)]
#[dynamap(table = Library, name = "vec1", vector = "embedding", dimensions = 4, distance = cosine)]
#[dynamap(partition_key = "vec1pk", inline_filters("lang"))]
struct ByEmbedding;

#[derive(Entity)]
#[dynamap(table = Library, pk = "DOC#{id}")]
#[dynamap(vector_index = ByEmbedding, vector = embedding, pk = "TENANT#{tenant}", inline_filters(lang))]
struct Doc {
    tenant: String,
    id: u32,
    lang: String,
    embedding: Vector<4>,
}

fn of(library: Table<Library>, vector: &Vector<4>) {
    let _ = library.query(Doc::by_embedding("acme", vector));
}

fn main() {}
