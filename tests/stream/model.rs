//! A small shop, and the collections of what is under a customer.

use dynamap::entity::Item;
use dynamap::value::EpochSeconds;
use dynamap::{Attribute, Entity, ItemCollection, TableSchema};
use std::collections::BTreeMap;
use std::fmt;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", ttl = "expires_at")]
pub(crate) struct Shop;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "CUSTOMER#{customer_id}", sk = "PROFILE")]
pub(crate) struct Customer {
    pub(crate) customer_id: String,
    pub(crate) name: String,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "CUSTOMER#{customer_id}", sk = "ORDER#{number}")]
pub(crate) struct Order {
    pub(crate) customer_id: String,
    pub(crate) number: u32,
    pub(crate) status: Status,
    #[dynamap(default)]
    pub(crate) total: dynamap::value::Number,
    pub(crate) ship_to: Option<Address>,
    #[dynamap(rename = "n")]
    pub(crate) note: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Attribute)]
pub(crate) enum Status {
    Open,
    Shipped,
}

#[derive(Debug, Clone, PartialEq, Attribute)]
pub(crate) struct Address {
    pub(crate) street: String,
    pub(crate) city: String,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "CUSTOMER#{customer_id}", sk = "SESSION#{token}")]
pub(crate) struct Session {
    pub(crate) customer_id: String,
    pub(crate) token: String,
    #[dynamap(ttl)]
    pub(crate) expires_at: EpochSeconds,
}

/// An archived order, which may take the place of an order at its key.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "CUSTOMER#{customer_id}", sk = "ORDER#{number}")]
pub(crate) struct Archived {
    pub(crate) customer_id: String,
    pub(crate) number: u32,
}

/// Takes an unknown entity for an error.
#[derive(Debug, Clone, PartialEq, ItemCollection)]
pub(crate) enum Strict {
    Customer(Customer),
    Order(Order),
    Archived(Archived),
    Session(Session),
}

/// Knows fewer entities, and takes the others for an error.
#[derive(Debug, Clone, PartialEq, ItemCollection)]
pub(crate) enum Refusing {
    Customer(Customer),
    Order(Order),
}

#[derive(Debug, Clone, PartialEq, ItemCollection)]
#[dynamap(unknown = skip)]
pub(crate) enum Known {
    Customer(Customer),
    Order(Order),
}

#[derive(Clone, PartialEq, ItemCollection)]
pub(crate) enum Anything {
    Customer(Customer),
    Order(Order),
    #[dynamap(unknown)]
    Other(Item),
}

/// Shows the attributes of an item in one order.
impl fmt::Debug for Anything {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Customer(customer) => customer.fmt(f),
            Self::Order(order) => order.fmt(f),
            Self::Other(item) => item.iter().collect::<BTreeMap<_, _>>().fmt(f),
        }
    }
}

pub(crate) fn order(status: Status) -> Order {
    Order {
        customer_id: "ada".into(),
        number: 7,
        status,
        total: "12345678901234567890123456789012345678".parse().unwrap(),
        ship_to: Some(Address { street: "Main \"1\"\n".into(), city: "Zürich".into() }),
        note: None,
    }
}

pub(crate) fn archived() -> Archived {
    Archived { customer_id: "ada".into(), number: 7 }
}

pub(crate) fn customer() -> Customer {
    Customer { customer_id: "ada".into(), name: "Ada".into() }
}
