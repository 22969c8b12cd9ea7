use dynamap::{Entity, TableSchema, VectorIndex, value::Vector};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", vector_indexes(ByEmbedding))]
struct Library;

#[derive(VectorIndex)]
#[dynamap(table = Library, name = "vec1", vector = "embedding", dimensions = 4, distance = cosine)]
#[dynamap(partition_key = "owner", inline_filters(number("year")))]
struct ByEmbedding;

#[derive(Entity)]
#[dynamap(table = Library, pk = "DOC#{id}")]
#[dynamap(vector_index = ByEmbedding, vector = embedding, pk = owner, inline_filters(year))]
struct Doc {
    id: u32,
    owner: String,
    year: u16,
    embedding: Vector<4>,
}

#[derive(Entity)]
#[dynamap(table = Library, pk = "EVENT#{id}")]
struct Event {
    id: u32,
    year: Option<String>,
}

#[derive(Entity)]
#[dynamap(table = Library, pk = "HOUSE#{id}")]
struct House {
    id: u32,
    owner: Option<u32>,
}

#[derive(Entity)]
#[dynamap(table = Library, pk = "BOOK#{id}")]
struct Book {
    id: u32,
    owner: Option<String>,
    year: Option<u16>,
}

fn main() {}
