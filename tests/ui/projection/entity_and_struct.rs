use dynamap::{Attribute, Entity, Index, Projection, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", indexes(ByPlace))]
struct Shop;

#[derive(Index)]
#[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk", projection = include("bill_to"))]
struct ByPlace;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "ORDER#{id}")]
#[dynamap(index = ByPlace, pk = "PLACE#{place}")]
struct Order {
    id: u32,
    place: u32,
    ship_to: Address,
    bill_to: Option<Address>,
    stops: Vec<Address>,
}

#[derive(Attribute)]
struct Address {
    city: String,
    contact: Contact,
}

#[derive(Attribute)]
struct Contact {
    name: String,
}

#[derive(Projection)]
#[dynamap(entity = Order, of = Address)]
struct City {
    city: String,
}

fn main() {}
