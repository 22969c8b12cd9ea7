use dynamap::Projection;

#[derive(Projection)]
enum Summary {
    Title(String),
}

fn main() {}
