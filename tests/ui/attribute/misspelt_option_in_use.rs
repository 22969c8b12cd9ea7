use dynamap::Attribute;

#[derive(Attribute)]
struct Line {
    #[dynamap(renmae = "p")]
    price: u32,
}

#[derive(Attribute)]
struct Basket {
    lines: Vec<Line>,
}

fn main() {}
