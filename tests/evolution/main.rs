//! Items whose shape has changed: programs that know one, two or three shapes, on one table.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod backfill;
mod model;
mod projections;
mod reads;
mod rollout;
mod unique;
mod writes;

use dynamap::entity::Item;
use dynamap::{Mapping, Table};
use dynamap_local::Local;
use model::Shop;

/// A table for each mapping.
async fn shops() -> [Table<Shop>; 2] {
    let mut shops = Vec::new();
    for mapping in [Mapping::Direct, Mapping::AttributeValue] {
        let shop = Table::new(Local::memory().unwrap().client(), "shop").with_mapping(mapping);
        shop.create_table_if_absent().send().await.unwrap();
        shops.push(shop);
    }
    shops.try_into().unwrap()
}

/// All items as they are stored.
async fn stored(shop: &Table<Shop>) -> Vec<Item> {
    let items = shop.client().scan().table_name("shop").consistent_read(true).send().await.unwrap().items;
    let items = items.unwrap_or_default().into_iter();
    items.filter(|item| item["entity_type"].as_s().unwrap() != "UNIQUE#").collect()
}

/// The only item as it is stored.
async fn only(shop: &Table<Shop>) -> Item {
    let items = stored(shop).await;
    assert_eq!(items.len(), 1);
    items.into_iter().next().unwrap()
}

async fn put(shop: &Table<Shop>, item: Item) {
    shop.client().put_item().table_name("shop").set_item(Some(item)).send().await.unwrap();
}

/// Deletes everything.
async fn clear(shop: &Table<Shop>) {
    for item in shop.client().scan().table_name("shop").send().await.unwrap().items.unwrap_or_default() {
        let key = |name: &str| item[name].clone();
        let delete = shop.client().delete_item().table_name("shop").key("pk", key("pk")).key("sk", key("sk"));
        delete.send().await.unwrap();
    }
}
