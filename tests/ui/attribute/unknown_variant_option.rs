use dynamap::Attribute;

#[derive(Attribute)]
enum Payment {
    #[dynamap(skip)]
    Cash,
}

fn main() {}
