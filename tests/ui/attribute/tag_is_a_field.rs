use dynamap::Attribute;

#[derive(Attribute)]
#[dynamap(tag = "kind")]
enum Payment {
    Cash,
    Voucher { kind: String },
}

fn main() {}
