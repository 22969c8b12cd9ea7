use dynamap::Attribute;

#[derive(Attribute)]
struct Name<'a> {
    name: &'a str,
}

fn main() {}
