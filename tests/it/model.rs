//! A small shop: customers and their orders in one partition, orders by status, sessions that expire.

use crate::MAPPING;
use dynamap::value::EpochSeconds;
use dynamap::{Attribute, Entity, Index, Projection, Repository, Table, TableSchema};
use dynamap_local::Local;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", ttl = "expires_at", indexes(ByStatus, ByTotal, ByPlace))]
pub(crate) struct Shop;

/// Holds the note only.
#[derive(Index)]
#[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk", sort_key = "gsi1sk", projection = include("note"))]
pub(crate) struct ByStatus;

/// Holds everything, and can be read consistently.
#[derive(Index)]
#[dynamap(table = Shop, name = "lsi1", local, sort_key = number("total"))]
pub(crate) struct ByTotal;

/// Has a key of four attributes.
#[derive(Index)]
#[dynamap(table = Shop, name = "gsi2", partition_key = ["country", "city"], sort_key = ["street", number("house")])]
pub(crate) struct ByPlace;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "CUSTOMER#{customer_id}", sk = "PROFILE")]
pub(crate) struct Customer {
    pub(crate) customer_id: String,
    pub(crate) name: String,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "CUSTOMER#{customer_id}", sk = "ORDER#{year}#{number}")]
#[dynamap(index = ByStatus, pk = "STATUS#{status}", sk = "{year}#{number}")]
#[dynamap(index = ByTotal, sk = total)]
pub(crate) struct Order {
    #[dynamap(key_only)]
    pub(crate) customer_id: String,
    pub(crate) year: u16,
    pub(crate) number: u32,
    pub(crate) total: u64,
    pub(crate) status: Option<Status>,
    pub(crate) note: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Attribute)]
pub(crate) enum Status {
    Open,
    Shipped,
}

#[derive(Debug, Clone, PartialEq, Projection)]
#[dynamap(entity = Order, index = ByStatus)]
pub(crate) struct OrderNote {
    #[dynamap(key)]
    pub(crate) number: u32,
    pub(crate) note: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "SHOP#{id}", sk = "SHOP")]
#[dynamap(index = ByPlace, pk = [country, city], sk = [street, house])]
pub(crate) struct Branch {
    pub(crate) id: u32,
    pub(crate) country: String,
    pub(crate) city: String,
    pub(crate) street: String,
    pub(crate) house: u32,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "CUSTOMER#{customer_id}", sk = "SESSION#{token}")]
pub(crate) struct Session {
    pub(crate) customer_id: String,
    pub(crate) token: String,
    #[dynamap(ttl)]
    pub(crate) expires_at: EpochSeconds,
}

pub(crate) fn order(customer_id: &str, year: u16, number: u32) -> Order {
    let customer_id = customer_id.to_owned();
    Order { customer_id, year, number, total: u64::from(number) * 10, status: Some(Status::Open), note: None }
}

/// A shop with nothing in it.
pub(crate) async fn shop() -> Table<Shop> {
    table(&Local::memory().unwrap()).await
}

pub(crate) async fn table(local: &Local) -> Table<Shop> {
    // Prepared here; the tests in `direct` are not.
    let client = aws_sdk_dynamodb::Client::from_conf(dynamap::direct::prepare(local.config()).build());
    let shop = Table::new(client, "shop").with_mapping(MAPPING);
    assert!(shop.create_table_if_absent().send().await.unwrap());
    shop
}

/// Two customers with their profiles; `c-1` has the orders 1 to 10 of 2024 and of 2025, `c-10` one.
pub(crate) async fn stocked() -> (Table<Shop>, Repository<Order>) {
    let shop = shop().await;
    let orders = shop.repository::<Order>();
    for id in ["c-1", "c-10"] {
        shop.put(&Customer { customer_id: id.into(), name: "Ada".into() }).send().await.unwrap();
    }
    for year in [2024, 2025] {
        for number in 1..=10 {
            orders.create(&order("c-1", year, number)).send().await.unwrap();
        }
    }
    orders.create(&order("c-10", 2024, 1)).send().await.unwrap();
    (shop, orders)
}

/// The years and numbers of orders.
pub(crate) fn numbers(orders: &[Order]) -> Vec<(u16, u32)> {
    orders.iter().map(|order| (order.year, order.number)).collect()
}
