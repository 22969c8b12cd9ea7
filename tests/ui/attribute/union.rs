use dynamap::Attribute;

#[derive(Attribute)]
union Bits {
    float: f32,
    integer: u32,
}

fn main() {}
