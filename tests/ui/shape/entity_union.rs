use dynamap::Entity;

#[derive(Entity)]
union Bits {
    float: f32,
    integer: u32,
}

fn main() {}
