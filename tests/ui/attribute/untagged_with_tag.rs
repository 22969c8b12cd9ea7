use dynamap::Attribute;

#[derive(Attribute)]
#[dynamap(untagged, tag = "type")]
enum Payment {
    Cash,
    Voucher(u32),
}

fn main() {}
