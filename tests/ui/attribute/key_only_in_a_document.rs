use dynamap::Attribute;

#[derive(Attribute)]
struct Line {
    #[dynamap(key_only)]
    price: u32,
}

fn main() {}
