use dynamap::Entity;

#[derive(Entity)]
struct Order;

fn main() {}
