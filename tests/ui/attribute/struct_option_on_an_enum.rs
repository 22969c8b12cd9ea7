use dynamap::Attribute;

#[derive(Attribute)]
#[dynamap(tag = "type")]
struct Line {
    price: u32,
}

fn main() {}
