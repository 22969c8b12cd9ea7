//! A shop, and what is in it.

use aws_sdk_dynamodb::types::StreamViewType;
use dynamap::value::{Vector, Version};
use dynamap::{Entity, ItemCollection, Mapping, Table, TableSchema, VectorIndex};
use dynamap_local::{Local, SharedTransport};
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use crate::layer::{Layer, Seen};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", vector_indexes(ByTaste))]
pub(crate) struct Shop;

/// The same table before it had a vector index.
#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk")]
pub(crate) struct Bare;

#[derive(VectorIndex)]
#[dynamap(table = Shop, name = "by-taste", vector = "taste", dimensions = 2, distance = euclidean)]
#[dynamap(partition_key = "customer_id")]
pub(crate) struct ByTaste;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "CUSTOMER#{customer_id}", sk = "PROFILE")]
pub(crate) struct Customer {
    pub(crate) customer_id: String,
    pub(crate) name: String,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "CUSTOMER#{customer_id}", sk = "ORDER#{number}")]
#[dynamap(vector_index = ByTaste, vector = taste, pk = customer_id)]
pub(crate) struct Order {
    pub(crate) customer_id: String,
    pub(crate) number: u32,
    pub(crate) total: u64,
    pub(crate) taste: Vector<2>,
}

/// Has a version.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "CART#{id}", sk = "CART")]
pub(crate) struct Cart {
    pub(crate) id: u64,
    pub(crate) goods: u32,
    #[dynamap(version)]
    pub(crate) version: Version,
}

#[derive(Debug, Clone, PartialEq, ItemCollection)]
pub(crate) enum CustomerItem {
    Customer(Customer),
    Order(Order),
}

#[derive(Debug, PartialEq, ItemCollection)]
pub(crate) struct Account {
    pub(crate) customer: Customer,
    pub(crate) orders: Vec<Order>,
}

pub(crate) fn customer() -> Customer {
    Customer { customer_id: "c-1".into(), name: "\"ü\" \\ \u{1f600}".into() }
}

pub(crate) fn order(customer_id: &str, number: u32) -> Order {
    // All are in one direction, in the order of their numbers.
    let taste = Vector::new([number as f32, 0.0]).unwrap();
    Order { customer_id: customer_id.into(), number, total: 1_000 + u64::from(number), taste }
}

/// The orders of the customer who is only read.
pub(crate) fn orders() -> Vec<Order> {
    (1..=5).map(|number| order("c-1", number)).collect()
}

/// A database that is only read, and one that is written.
pub(crate) struct World {
    pub(crate) read: Local,
    pub(crate) written: Local,
}

pub(crate) const TABLE: &str = "shop";

pub(crate) fn table(local: &Local) -> Table<Shop> {
    Table::new(local.client(), TABLE)
}

/// Another table beside the shop.
pub(crate) fn archive(shop: &Table<Shop>) -> Table<Shop> {
    Table::new(shop.client().clone(), "archive")
}

impl World {
    pub(crate) async fn new() -> Self {
        // An index that is added to a table takes a time that passes by tokio's clock.
        let start = tokio::time::Instant::now();
        let clock = move || UNIX_EPOCH + Duration::from_secs(1_800_000_000) + start.elapsed();
        let local = || Local::memory_with_clock(clock).unwrap();
        let world = Self { read: local(), written: local() };
        table(&world.read).create_table_if_absent().stream(StreamViewType::KeysOnly).send().await.unwrap();
        table(&world.written).create_table_if_absent().send().await.unwrap();
        for local in [&world.read, &world.written] {
            archive(&table(local)).create_table_if_absent().send().await.unwrap();
        }
        let shop = table(&world.read);
        archive(&shop).repository::<Order>().batch_write().put_all(orders()).send().await.unwrap();
        shop.put(&customer()).send().await.unwrap();
        shop.repository::<Order>().batch_write().put_all(orders()).send().await.unwrap();
        world
    }
}

/// The shop behind a layer that malforms answers, and what that saw.
pub(crate) fn behind(local: &Local, layer: Layer, mapping: Mapping) -> (Table<Shop>, Arc<Seen>) {
    let seen = layer.seen.clone();
    let local = local.wrap(|inner: SharedTransport| layer.around(inner));
    (table(&local).with_mapping(mapping), seen)
}
