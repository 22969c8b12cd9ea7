//! A program that reads the new shape and still writes the old one.

use crate::model::{Program, Shop, plain, view};
use crate::{only, put, shops};
use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::outcome::ConditionFailure;
use dynamap::value::{EpochSeconds, Version};
use dynamap::{Entity, Error, Table, entity};

/// The order of shape 2, which is written in shape 1.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "ORDERS", sk = "ORDER#{number}", name = "Order")]
#[dynamap(shape = 2, upgrade(plain::V1), writes = 1)]
struct Between {
    number: u32,
    #[dynamap(rename = "first_name")]
    first: String,
    #[dynamap(rename = "last_name")]
    last: String,
    total: String,
    note: Option<String>,
    state: u8,
    #[dynamap(ttl)]
    expires_at: Option<EpochSeconds>,
}

impl From<plain::V1> for Between {
    fn from(old: plain::V1) -> Self {
        let plain::V2 { number, first, last, total, note, state, expires_at } = old.into();
        Self { number, first, last, total, note, state, expires_at }
    }
}

impl From<&Between> for plain::V1 {
    fn from(new: &Between) -> Self {
        let Between { number, first, last, total, note, state, expires_at } = new.clone();
        Self { number, name: format!("{first} {last}"), total, note, state, expires_at }
    }
}

fn between(number: u32) -> Between {
    plain::V1::of(&view(number)).into()
}

#[track_caller]
fn assert_is_old(item: &entity::Item) {
    assert_eq!(item["shape"], AttributeValue::N("1".into()));
    assert!(item.contains_key("name") && !item.contains_key("first_name"), "{item:?}");
}

#[tokio::test]
async fn it_reads_both_shapes_and_writes_the_old_one() {
    for shop in shops().await {
        let orders = shop.repository::<Between>();
        orders.create(&between(7)).send().await.unwrap();
        assert_is_old(&only(&shop).await);
        // An old program reads it, and a new one, whose item this one reads.
        assert_eq!(shop.get(plain::V1::key(7)).send().await.unwrap().unwrap().view(), view(7));
        let new: plain::V2 = shop.get(plain::V2::key(7)).send().await.unwrap().unwrap();
        shop.save(&new).send().await.unwrap();
        assert_eq!(only(&shop).await["shape"], AttributeValue::N("2".into()));
        let read = orders.get(Between::key(7)).send().await.unwrap().unwrap();
        assert_eq!(read, between(7));
        let item = only(&shop).await;
        for write in 0..3 {
            put(&shop, item.clone()).await;
            match write {
                0 => orders.save(&read).send().await.unwrap(),
                1 => orders.put(&read).send().await.unwrap(),
                _ => shop.transact_write().replace(&read).send().await.unwrap(),
            }
            assert_is_old(&only(&shop).await);
        }
        // Shape 3 is not known.
        shop.put(&plain::V3::of(&view(7))).send().await.unwrap();
        let Err(Error::ConditionFailed(failed)) = orders.save(&read).send().await else { panic!() };
        assert_eq!(failed.reason(), ConditionFailure::OtherShape { stored: 3, known: 2 });
    }
}

#[tokio::test]
async fn its_backfill_leaves_what_is_as_it_writes() {
    for shop in shops().await {
        plain::V1::of(&view(1)).create(&shop).await.unwrap();
        plain::V2::of(&view(2)).create(&shop).await.unwrap();
        let report = shop.repository::<Between>().backfill().send().await.unwrap();
        assert_eq!((report.seen(), report.written(), report.current()), (2, 0, 2));
    }
}

/// A note that keeps its version and its text, first as one attribute and then as lines.
mod note {
    use super::*;

    #[derive(Debug, Clone, PartialEq, Entity)]
    #[dynamap(table = Shop, pk = "NOTE", sk = "NOTE#{id}", name = "Note", shape = 1)]
    pub(super) struct Old {
        pub(super) id: u32,
        pub(super) text: String,
        #[dynamap(version)]
        pub(super) version: Version,
    }

    #[derive(Debug, Clone, PartialEq, Entity)]
    #[dynamap(table = Shop, pk = "NOTE", sk = "NOTE#{id}", name = "Note", shape = 2, upgrade(Old), writes = 1)]
    pub(super) struct New {
        pub(super) id: u32,
        pub(super) lines: Vec<String>,
        #[dynamap(version)]
        pub(super) version: Version,
    }

    impl From<Old> for New {
        fn from(Old { id, text, version }: Old) -> Self {
            Self { id, lines: text.lines().map(str::to_owned).collect(), version }
        }
    }

    impl From<&New> for Old {
        fn from(New { id, lines, version }: &New) -> Self {
            Self { id: *id, text: lines.join("\n"), version: *version }
        }
    }
}

#[tokio::test]
async fn versions_go_on_in_the_old_shape() {
    for shop in shops().await {
        let mut new = note::New { id: 1, lines: vec!["a".into(), "b".into()], version: Version::NEW };
        shop.create(&mut new).send().await.unwrap();
        let mut old = shop.get(note::Old::key(1)).send().await.unwrap().unwrap();
        assert_eq!((old.text.as_str(), old.version.stored()), ("a\nb", Some(&1)));
        old.text.push_str("\nc");
        shop.save(&mut old).send().await.unwrap();
        assert!(matches!(shop.save(&mut new).send().await, Err(Error::VersionConflict(_))));
        let notes = shop.repository::<note::New>();
        let modified = notes.modify(note::New::key(1), |note| {
            note.lines.push("d".into());
            Ok::<_, std::convert::Infallible>(())
        });
        assert_eq!(modified.send().await.unwrap().version.stored(), Some(&3));
        let old = shop.get(note::Old::key(1)).send().await.unwrap().unwrap();
        assert_eq!((old.text.as_str(), old.version.stored()), ("a\nb\nc\nd", Some(&3)));
    }
}

/// What a table without the attribute cannot have is seen when it is compiled; see `tests/ui/shapes`.
#[allow(dead_code)]
fn compiles(shop: &Table<Shop>) {
    let _ = shop.repository::<Between>().backfill();
}
