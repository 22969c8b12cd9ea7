use dynamap::{Entity, Index, ItemCollection, Projection, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", indexes(ByOwner))]
struct Shop;

#[derive(Index)]
#[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk", projection = include("name"))]
struct ByOwner;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "ITEM#{id}", sk = "ITEM")]
#[dynamap(index = ByOwner, pk = "{owner}")]
struct Book {
    id: String,
    owner: String,
    name: String,
}

#[derive(Entity)]
#[dynamap(table = Shop, pk = "ITEM#{id}", sk = "ITEM")]
#[dynamap(index = ByOwner, pk = "{owner}")]
struct Record {
    id: String,
    owner: String,
    name: String,
}

#[derive(Projection)]
#[dynamap(entity = Book, index = ByOwner)]
struct BookName {
    name: String,
}

#[derive(Projection)]
#[dynamap(entity = Record, index = ByOwner)]
struct RecordName {
    name: String,
}

#[derive(ItemCollection)]
#[dynamap(index = ByOwner)]
enum Owned {
    Book(BookName),
    Record(RecordName),
}

#[derive(ItemCollection)]
enum Stored {
    Book(Book),
    Record(Record),
}

fn main() {}
