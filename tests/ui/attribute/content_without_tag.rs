use dynamap::Attribute;

#[derive(Attribute)]
#[dynamap(content = "value")]
enum Payment {
    Cash,
    Voucher(u32),
}

fn main() {}
