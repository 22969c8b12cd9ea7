use dynamap::{Entity, Projection, TableSchema, VectorIndex, value::Vector};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", vector_indexes(ByEmbedding))]
struct Library;

#[derive(VectorIndex)]
#[dynamap(table = Library, name = "vec1", vector = "embedding", dimensions = 4, distance = cosine)]
#[dynamap(partition_key = "vec1pk", inline_filters("lang"), projection = keys_only)]
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

#[derive(Projection)]
#[dynamap(entity = Doc, index = ByEmbedding)]
struct Title {
    id: u32,
}

fn main() {}
