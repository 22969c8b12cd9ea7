mod writes;

use super::{ReadTyped, read};
use crate::model::{Address, Line, Order, Payment, Status};
use chrono::{DateTime, Utc};
use dynamap::value::Bytes;
use serde::{Deserialize, Deserializer, de::Error};
use std::collections::HashSet;

#[derive(Deserialize)]
#[serde(remote = "Order")]
struct OrderFields {
    #[serde(deserialize_with = "read::s")]
    pk: String,
    #[serde(deserialize_with = "read::s")]
    sk: String,
    #[serde(deserialize_with = "read::s")]
    order_id: String,
    #[serde(deserialize_with = "read::s")]
    email: String,
    #[serde(deserialize_with = "read::s")]
    status: Status,
    #[serde(deserialize_with = "read::n")]
    total_cents: i64,
    #[serde(deserialize_with = "read::n")]
    tax_rate: f64,
    #[serde(deserialize_with = "read::boolean")]
    gift: bool,
    #[serde(default, deserialize_with = "read::some_s")]
    note: Option<String>,
    #[serde(default, deserialize_with = "read::some_s")]
    coupon: Option<String>,
    #[serde(deserialize_with = "read::list_of_s")]
    tags: Vec<String>,
    #[serde(deserialize_with = "read::m::<AddressWire, _, _>")]
    ship_to: Address,
    #[serde(deserialize_with = "read::list_of_m::<LineWire, _, _>")]
    lines: Vec<Line>,
    #[serde(deserialize_with = "read::ss")]
    labels: HashSet<String>,
    #[serde(deserialize_with = "read::b")]
    token: Bytes,
    #[serde(deserialize_with = "read::s")]
    created_at: DateTime<Utc>,
    #[serde(deserialize_with = "payment")]
    payment: Payment,
    #[serde(deserialize_with = "read::n")]
    version: u64,
}

#[derive(Deserialize)]
#[serde(transparent)]
pub(crate) struct OrderWire(#[serde(with = "OrderFields")] Order);

impl From<OrderWire> for Order {
    fn from(wire: OrderWire) -> Self {
        wire.0
    }
}

impl ReadTyped for Order {
    type Wire = OrderWire;
}

#[derive(Deserialize)]
#[serde(remote = "Address")]
struct AddressFields {
    #[serde(deserialize_with = "read::s")]
    street: String,
    #[serde(deserialize_with = "read::s")]
    city: String,
    #[serde(deserialize_with = "read::s")]
    zip: String,
    #[serde(deserialize_with = "read::s")]
    country: String,
    #[serde(deserialize_with = "read::n")]
    lat: f64,
}

#[derive(Deserialize)]
#[serde(transparent)]
struct AddressWire(#[serde(with = "AddressFields")] Address);

impl From<AddressWire> for Address {
    fn from(wire: AddressWire) -> Self {
        wire.0
    }
}

#[derive(Deserialize)]
#[serde(remote = "Line")]
struct LineFields {
    #[serde(deserialize_with = "read::s")]
    sku: String,
    #[serde(deserialize_with = "read::s")]
    title: String,
    #[serde(deserialize_with = "read::n")]
    qty: u32,
    #[serde(deserialize_with = "read::n")]
    price_cents: i64,
}

#[derive(Deserialize)]
#[serde(transparent)]
struct LineWire(#[serde(with = "LineFields")] Line);

impl From<LineWire> for Line {
    fn from(wire: LineWire) -> Self {
        wire.0
    }
}

/// serde's tagged enums want the tag to be plain text; in DynamoDB-JSON it is an attribute value.
#[derive(Deserialize)]
struct PaymentWire {
    method: read::S<Method>,
    last4: Option<read::S<String>>,
    network: Option<read::S<String>>,
    number: Option<read::S<String>>,
}

#[derive(Deserialize)]
enum Method {
    Card,
    Invoice,
    Cash,
}

fn payment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Payment, D::Error> {
    let wire = read::M::<PaymentWire>::deserialize(deserializer)?.value;
    let field = |field: Option<read::S<String>>, name| match field {
        Some(text) => Ok(text.value),
        None => Err(D::Error::missing_field(name)),
    };
    Ok(match wire.method.value {
        Method::Card => {
            Payment::Card { last4: field(wire.last4, "last4")?, network: field(wire.network, "network")? }
        }
        Method::Invoice => Payment::Invoice { number: field(wire.number, "number")? },
        Method::Cash => Payment::Cash,
    })
}
