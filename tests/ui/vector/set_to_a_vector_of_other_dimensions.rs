use dynamap::{Entity, TableSchema, expr::Update, value::Vector};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Library;

#[derive(Entity)]
#[dynamap(table = Library, pk = "DOC#{id}")]
struct Doc {
    id: u32,
    embedding: Vector<4>,
    place: Vector<2>,
}

fn copied() -> Update<Doc> {
    Doc::EMBEDDING.set(Doc::PLACE)
}

fn main() {}
