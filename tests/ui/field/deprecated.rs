#![deny(deprecated)]

use dynamap::{Attribute, Entity, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "ORDER#{order_id}")]
struct Order {
    order_id: u32,
    #[deprecated = "use `lines`"]
    line: Line,
}

#[derive(Attribute)]
struct Line {
    #[deprecated(note = "use `price`")]
    cents: u32,
}

fn main() {
    let _ = |order: Order| order.line;
    let _ = Order::LINE.size().gt(1);
    let _ = Line::CENTS;
}
