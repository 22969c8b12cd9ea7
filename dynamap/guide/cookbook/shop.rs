use dynamap::{Attribute, Entity, Error, Index, ItemCollection, Projection, Table, TableSchema};
use dynamap_local::Local;
use std::collections::{BTreeMap, BTreeSet};

/// Customers, and their orders in the same partition.
#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", indexes(ByStatus))]
pub struct Shop;

/// The orders with a status, by the day on which they were placed.
#[derive(Index)]
#[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk", sort_key = "gsi1sk")]
pub struct ByStatus;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "CUSTOMER#{customer}", sk = "CUSTOMER")]
pub struct Customer {
    pub customer: String,
    pub name: String,
    pub email: Option<String>,
    pub logins: u64,
    pub tags: BTreeSet<String>,
    pub viewed: Vec<u32>,
    pub address: Address,
    pub settings: BTreeMap<String, String>,
}

#[derive(Debug, Clone, PartialEq, Attribute)]
pub struct Address {
    pub city: String,
    pub street: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "CUSTOMER#{customer}", sk = "ORDER#{day}#{number}")]
#[dynamap(index = ByStatus, pk = "STATUS#{status}", sk = "{day}#{number}")]
pub struct Order {
    pub customer: String,
    pub day: String,
    pub number: u32,
    pub status: Status,
    pub total: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Attribute)]
pub enum Status { Open, Shipped }

/// An empty table of the embedded engine.
pub async fn table<S: TableSchema>() -> Result<Table<S>, Box<dyn std::error::Error>> {
    let table = Table::<S>::new(Local::memory()?.client(), "table");
    table.create_table_if_absent().await?;
    Ok(table)
}

pub fn ada() -> Customer {
    Customer {
        customer: "c-1".into(),
        name: "Ada".into(),
        email: None,
        logins: 0,
        tags: BTreeSet::new(),
        viewed: Vec::new(),
        address: Address { city: "Oslo".into(), street: None },
        settings: BTreeMap::new(),
    }
}

/// An order of Ada's: order 7 is of 7 November.
pub fn order(number: u32) -> Order {
    let day = format!("2026-11-{number:02}");
    Order { customer: "c-1".into(), day, number, status: Status::Open, total: 10 * u64::from(number) }
}
