//! Entities of each kind that a whole write knows: stamped, with unique fields, with a map of the rest.

use crate::model::Shop;
use crate::{only, shops};
use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::value::{EpochSeconds, Version};
use dynamap::{Attribute, Entity, Error, Table};
use std::collections::BTreeMap;
use std::time::{Duration, UNIX_EPOCH};

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "USER#{id}", sk = "USER", name = "User", shape = 1)]
struct OldUser {
    id: u32,
    #[dynamap(unique(lowercase))]
    email: String,
    name: String,
    #[dynamap(version)]
    version: Version,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "USER#{id}", sk = "USER", name = "User", shape = 2, upgrade(OldUser))]
struct User {
    id: u32,
    #[dynamap(unique(lowercase))]
    email: String,
    full_name: String,
    #[dynamap(version)]
    version: Version,
}

impl From<OldUser> for User {
    fn from(OldUser { id, email, name, version }: OldUser) -> Self {
        Self { id, email, full_name: name, version }
    }
}

async fn user(shop: &Table<Shop>, id: u32, email: &str) -> OldUser {
    let mut user = OldUser { id, email: email.into(), name: "Ada".into(), version: Version::NEW };
    shop.create(&mut user).send().await.unwrap();
    user
}

#[tokio::test]
async fn unique_values_stay_with_their_items() {
    for shop in shops().await {
        user(&shop, 1, "a@x").await;
        user(&shop, 2, "b@x").await;
        let users = shop.repository::<User>();
        assert_eq!(users.backfill().send().await.unwrap().written(), 2);
        let repaired = users.repair_unique().only_check().send().await.unwrap();
        assert!(repaired.is_clean(), "{repaired:?}");
        let mut first = users.get(User::key(1)).send().await.unwrap().unwrap();
        first.email = "B@X".into();
        assert!(matches!(users.save(&mut first).send().await, Err(Error::NotUnique(_))));
        first.email = "c@x".into();
        users.save(&mut first).send().await.unwrap();
        // Of an older item as well, the value that it gives up is free.
        let old = user(&shop, 3, "d@x").await;
        let mut read = users.get(User::key(3)).send().await.unwrap().unwrap();
        read.email = "e@x".into();
        users.save(&mut read).send().await.unwrap();
        user(&shop, 4, &old.email).await;
        assert!(users.repair_unique().only_check().send().await.unwrap().is_clean());
        // The old program has not seen the new shape.
        let mut old = OldUser { name: "Eve".into(), ..old };
        assert!(matches!(shop.save(&mut old).send().await, Err(Error::ConditionFailed(_))));
        let update = shop.update(OldUser::key(3)).ignore_version().apply(OldUser::EMAIL.set("z@x"));
        assert!(matches!(update.send().await, Err(Error::ConditionFailed(_))));
        assert!(users.repair_unique().only_check().send().await.unwrap().is_clean());
    }
}

/// A document whose times the table keeps, and whose other attributes are a map.
#[derive(Debug, Clone, PartialEq, Attribute)]
struct OldDocument {
    id: u32,
    title: String,
    created: EpochSeconds,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "DOC#{id}", sk = "DOC", name = "Doc", shape = 2, upgrade(OldDocument))]
struct Document {
    id: u32,
    heading: String,
    #[dynamap(created_at)]
    created: EpochSeconds,
    #[dynamap(updated_at)]
    updated: EpochSeconds,
    #[dynamap(counter, default)]
    writes: u32,
}

impl From<OldDocument> for Document {
    fn from(OldDocument { id, title, created }: OldDocument) -> Self {
        Self { id, heading: title, created, updated: created, writes: 0 }
    }
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "DOC#{id}", sk = "DOC", name = "Doc", shape = 1)]
struct FirstDocument {
    id: u32,
    title: String,
    created: EpochSeconds,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "MAP#{id}", sk = "MAP", name = "Map", shape = 1)]
struct OldMap {
    id: u32,
    title: String,
    #[dynamap(flatten)]
    rest: BTreeMap<String, u32>,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "MAP#{id}", sk = "MAP", name = "Map", shape = 2, upgrade(OldMap))]
struct Map {
    id: u32,
    heading: String,
    #[dynamap(flatten)]
    rest: BTreeMap<String, u32>,
}

impl From<OldMap> for Map {
    fn from(OldMap { id, title, rest }: OldMap) -> Self {
        Self { id, heading: title, rest }
    }
}

#[tokio::test]
async fn stamps_go_on() {
    for shop in shops().await {
        let shop = shop.with_clock(|| UNIX_EPOCH + Duration::from_secs(2_000_000_000));
        let old = FirstDocument { id: 1, title: "T".into(), created: EpochSeconds(1_000_000_000) };
        shop.put(&old).send().await.unwrap();
        let documents = shop.repository::<Document>();
        assert_eq!(documents.backfill().send().await.unwrap().written(), 1);
        let read = documents.get(Document::key(1)).send().await.unwrap().unwrap();
        assert_eq!(
            (read.created, read.updated, read.writes),
            (EpochSeconds(1_000_000_000), EpochSeconds(2_000_000_000), 1)
        );
        assert_eq!(documents.backfill().send().await.unwrap().written(), 0);
        assert!(!only(&shop).await.contains_key("title"));
    }
}

#[tokio::test]
async fn a_map_of_the_rest_has_what_is_no_field_in_each_shape() {
    for shop in shops().await {
        let rest: BTreeMap<String, u32> = [("a".to_owned(), 1)].into();
        shop.put(&OldMap { id: 1, title: "T".into(), rest: rest.clone() }).send().await.unwrap();
        let maps = shop.repository::<Map>();
        let wanted = Map { id: 1, heading: "T".into(), rest };
        assert_eq!(maps.get(Map::key(1)).send().await.unwrap().as_ref(), Some(&wanted));
        assert_eq!(maps.backfill().send().await.unwrap().written(), 1);
        let item = only(&shop).await;
        assert!(!item.contains_key("title") && item["shape"] == AttributeValue::N("2".into()), "{item:?}");
        assert_eq!(maps.get(Map::key(1)).send().await.unwrap(), Some(wanted));
    }
}
