use dynamap::Attribute;

#[derive(serde::Serialize, serde::Deserialize)]
struct Card {
    last4: String,
}

#[derive(Attribute)]
#[dynamap(tag = "method")]
enum Payment {
    Card(#[dynamap(serde)] Card),
    Cash,
}

fn main() {}
