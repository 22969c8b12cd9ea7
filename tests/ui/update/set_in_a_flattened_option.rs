use dynamap::{Attribute, Entity, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
pub struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "ORDER#{id}")]
pub struct Order {
    id: u32,
    #[dynamap(flatten)]
    gift: Option<Gift>,
}

#[derive(Attribute)]
pub struct Gift {
    wish: String,
    paper: u8,
}

fn main() {
    let _ = Order::GIFT.field(Gift::WISH).eq("joy");
    let _ = Order::GIFT.field(Gift::PAPER).set(3);
}
