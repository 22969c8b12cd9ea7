use dynamap::Attribute;

#[derive(Attribute)]
#[dynamap(tag = "type")]
enum Payment {
    Cash,
    Voucher(u32),
}

fn main() {}
