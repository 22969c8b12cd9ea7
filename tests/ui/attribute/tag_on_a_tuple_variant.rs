use dynamap::Attribute;

#[derive(Attribute)]
#[dynamap(tag = "type")]
enum Shape {
    Point,
    Line(u32, u32),
}

fn main() {}
