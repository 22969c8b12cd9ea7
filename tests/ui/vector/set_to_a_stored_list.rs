use dynamap::{Entity, TableSchema, expr::Update, value::Vector};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Library;

#[derive(Entity)]
#[dynamap(table = Library, pk = "DOC#{id}")]
struct Doc {
    id: u32,
    raw: Vec<String>,
    embedding: Vector<4>,
    other: Option<Vector<4>>,
}

fn same() -> Update<Doc> {
    Doc::EMBEDDING.set(Doc::OTHER)
}

fn list() -> Update<Doc> {
    Doc::EMBEDDING.set(Doc::RAW)
}

fn main() {}
