use dynamap::Attribute;

#[derive(Attribute)]
enum Status {
    Open,
    Shipped { at: u32 },
}

#[derive(Attribute)]
struct Order {
    #[dynamap(flatten)]
    status: Status,
}

fn main() {}
