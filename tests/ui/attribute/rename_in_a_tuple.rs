use dynamap::Attribute;

#[derive(Attribute)]
struct Point(#[dynamap(rename = "x")] u32, u32);

fn main() {}
