use dynamap::{Attribute, Entity, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
pub struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "ORDER#{id}")]
pub struct Order {
    id: u32,
    #[dynamap(flatten)]
    gift: Gift,
}

#[derive(Attribute)]
pub struct Gift {
    wish: String,
    #[dynamap(flatten)]
    paper: Paper,
}

#[derive(Attribute)]
pub struct Paper {
    color: String,
}

fn main() {
    let _ = Order::GIFT.field(Gift::PAPER.field(Paper::COLOR)).set("red");
    let _ = Order::GIFT.field(Paper::COLOR).set("red");
}
