use dynamap::{Entity, ItemCollection, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", entity_type = none)]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "CUSTOMER#{id}", sk = "ORDER#{number}")]
struct Order {
    id: String,
    number: u32,
}

#[derive(Entity)]
#[dynamap(table = Shop, pk = "CUSTOMER#{id}", sk = "ORDER#{name}")]
struct NamedOrder {
    id: String,
    name: String,
}

#[derive(Entity)]
#[dynamap(table = Shop, pk = "CUSTOMER#{id}", sk = "ORDER#{number}#LINE#{line}")]
struct Line {
    id: String,
    number: u32,
    line: u8,
}

#[derive(ItemCollection)]
enum OrderItem {
    Order(Order),
    Line(Line),
    NamedOrder(NamedOrder),
}

fn main() {}
