use dynamap::Attribute;

#[derive(Attribute)]
struct Nothing;

fn main() {}
