use dynamap::{Attribute, Entity, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
pub struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "ORDER#{id}")]
pub struct Order {
    id: u32,
    payment: Payment,
    sending: Option<Sending>,
    place: (u32, Option<u32>),
}

#[derive(Attribute)]
#[dynamap(tag = "method")]
pub enum Payment {
    Cash,
    Card { last4: String },
    Bank(Account),
}

#[derive(Attribute)]
pub struct Account {
    iban: String,
}

#[derive(Attribute)]
pub enum Sending {
    Post { code: u32 },
    Shop(u32),
    Note(Option<String>),
}

fn main() {
    let _ = Order::PAYMENT.is(Payment::VARIANT.cash) & Order::SENDING.is(Sending::VARIANT.post);
    let _ = Order::SENDING.at(Sending::VARIANT.note).remove();
}
