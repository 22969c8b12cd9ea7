use dynamap::Attribute;

#[derive(Attribute)]
#[dynamap(rename_all = "snakecase")]
enum Payment {
    Cash,
}

fn main() {}
