use dynamap::Attribute;

#[derive(Attribute)]
enum Never {}

fn main() {}
