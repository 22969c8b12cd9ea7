use dynamap::Attribute;

#[derive(Attribute)]
struct Endless(Option<Box<Self>>);

fn main() {
    let _ = dynamap::wire::to_json(&Endless(None));
}
