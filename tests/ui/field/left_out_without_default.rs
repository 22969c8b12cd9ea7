use dynamap::Attribute;

#[derive(Attribute)]
struct Order {
    #[dynamap(skip_if = Vec::is_empty)]
    lines: Vec<String>,
}

fn main() {}
