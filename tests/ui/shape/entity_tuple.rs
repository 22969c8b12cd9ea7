use dynamap::Entity;

#[derive(Entity)]
struct Order(u32, String);

fn main() {}
