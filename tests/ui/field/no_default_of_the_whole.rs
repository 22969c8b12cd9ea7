use dynamap::Attribute;

#[derive(Attribute)]
#[dynamap(default)]
struct Address {
    city: String,
}

fn main() {}
