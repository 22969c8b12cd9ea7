use dynamap::{Entity, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk")]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "CUSTOMER#{customer_id}", sk = "ORDER#{placed_at}#{order_id}", rename_all = "camelcase")]
struct Order {
    customer_id: String,
    placed_at: u64,
    order_id: u32,
    note: Option<String>,
}

fn main() {
    let order = Order { customer_id: "c".into(), placed_at: 1, order_id: 2, note: None };
    let _ = Order::key("c", 1u64, 2u32);
    let _ = Order::partition("c").placed_at(1u64).order_id(..5u32);
    let _ = Order::NOTE.name();
    let _ = dynamap::entity::to_item(&order);
}
