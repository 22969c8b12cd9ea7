use dynamap::Attribute;

#[derive(Attribute)]
enum Payment {
    Cash,
    #[dynamap(rename = "Cash")]
    Money,
}

fn main() {}
