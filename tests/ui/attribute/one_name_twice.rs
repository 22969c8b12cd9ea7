use dynamap::Attribute;

#[derive(Attribute)]
struct Line {
    price: u32,
    #[dynamap(rename = "price")]
    amount: u32,
}

fn main() {}
