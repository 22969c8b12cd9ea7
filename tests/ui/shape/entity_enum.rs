use dynamap::Entity;

#[derive(Entity)]
enum Item {
    Order { order_id: u32 },
}

fn main() {}
