use dynamap::Attribute;

#[derive(Attribute)]
pub struct Product {
    price: u64,
}

fn main() {
    let _ = Product::PRICE.inner().add(5);
}
