//! Every write, of each program, over an item of each shape.

use crate::model::{Program, Sent, Shop, plain, versioned, view};
use crate::{clear, only, put, shops, stored};
use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::entity::Item;
use dynamap::outcome::ConditionFailure;
use dynamap::{Entity, Error, Result, Table};

const WAYS: [Sent; 3] = [Sent::Alone, Sent::AsTransaction, Sent::InTransaction];

/// Writes an item of this shape; of shape 0, one without the number of shape 1.
macro_rules! create {
    ($module:ident, $shop:expr, $stored:expr) => {{
        clear($shop).await;
        match $stored {
            0 | 1 => drop($module::V1::of(&view(7)).create($shop).await.unwrap()),
            2 => drop($module::V2::of(&view(7)).create($shop).await.unwrap()),
            _ => drop($module::V3::of(&view(7)).create($shop).await.unwrap()),
        }
        let mut item = only($shop).await;
        if $stored == 0 {
            item.remove("shape");
            put($shop, item.clone()).await;
        }
        item
    }};
}

/// The reason for which a write was refused, alone or in a transaction.
fn reason<T>(written: Result<T>) -> Option<ConditionFailure> {
    match written {
        Ok(_) => None,
        Err(Error::ConditionFailed(failed)) => Some(failed.reason()),
        Err(Error::TransactionCanceled(canceled)) => {
            let failure = canceled.reasons().iter().find_map(|reason| reason.condition_failure());
            Some(failure.unwrap_or_else(|| panic!("{canceled}")))
        }
        Err(error) => panic!("{error}"),
    }
}

/// The item has the attributes of the program's shape, and none of another one.
#[track_caller]
fn assert_unmixed<P: Program>(item: &Item, how: &str) {
    assert_eq!(item["shape"], AttributeValue::N(P::KNOWN.to_string()), "{how}");
    for name in ["name", "first_name", "last_name", "total"] {
        assert_eq!(item.contains_key(name), P::ATTRIBUTES.contains(&name), "{how}: {name}");
    }
}

/// A whole write by `P` over an item of this shape.
#[track_caller]
fn assert_whole<P: Program>(
    shape: u32,
    before: &Item,
    after: &Item,
    refused: Option<ConditionFailure>,
    how: &str,
) {
    match shape <= P::KNOWN {
        true => {
            assert_eq!(refused, None, "{how}");
            assert_unmixed::<P>(after, how);
        }
        false => {
            let failure = ConditionFailure::OtherShape { stored: shape, known: P::KNOWN };
            assert_eq!((refused, after), (Some(failure), before), "{how}");
        }
    }
}

async fn update_and_delete<P: Program>(shop: &Table<Shop>, shape: u32, before: &Item, by: Sent) {
    let how = &format!("an update by {} over shape {shape}, {by:?}", P::KNOWN);
    let refused = reason(P::set_note(shop, 7, "new", by).await);
    let after = only(shop).await;
    match shape == P::KNOWN {
        true => assert_eq!((refused, after["note"].as_s().unwrap().as_str()), (None, "new"), "{how}"),
        false => {
            let failure = ConditionFailure::OtherShape { stored: shape, known: P::KNOWN };
            assert_eq!((refused, &after), (Some(failure), before), "{how}");
        }
    }
    P::delete(shop, 7, by).await.unwrap();
    assert_eq!(stored(shop).await, []);
    // There is nothing to update.
    assert!(P::set_note(shop, 7, "new", by).await.is_err());
}

async fn blind_writes<P: Program>(shop: &Table<Shop>, shape: u32, before: &Item, by: Sent) {
    let order = P::of(&view(7));
    let how = &format!("a save by {} over shape {shape}, {by:?}", P::KNOWN);
    let refused = reason(order.clone().save(shop, by).await);
    assert_whole::<P>(shape, before, &only(shop).await, refused, how);
    put(shop, before.clone()).await;
    let refused = reason(order.replace(shop, by).await);
    assert_whole::<P>(shape, before, &only(shop).await, refused, how);
}

#[tokio::test]
async fn writes_without_a_version_take_what_they_may_and_mix_nothing() {
    for shop in shops().await {
        for (shape, by) in (0..=3).flat_map(|shape| WAYS.map(|by| (shape, by))) {
            let shown = u32::max(shape, 1);
            macro_rules! program {
                ($program:ident) => {
                    let before = create!(plain, &shop, shape);
                    blind_writes::<plain::$program>(&shop, shown, &before, by).await;
                    put(&shop, before.clone()).await;
                    let order = plain::$program::of(&view(7));
                    let how = &format!("{order:?} over {shape}");
                    let refused = reason(shop.put(&order).send().await);
                    assert_whole::<plain::$program>(shown, &before, &only(&shop).await, refused, how);
                    put(&shop, before.clone()).await;
                    let refused = reason(shop.save_or_create(&order).send().await);
                    assert_whole::<plain::$program>(shown, &before, &only(&shop).await, refused, how);
                    put(&shop, before.clone()).await;
                    update_and_delete::<plain::$program>(&shop, shown, &before, by).await;
                    // An upsert and what creates make items of the program's shape.
                    let set = plain::$program::STATE.set(2).and(plain::$program::NOTE.set(None));
                    shop.upsert(plain::$program::key(7)).apply(set.clone()).send().await.unwrap();
                    assert_eq!(
                        only(&shop).await["shape"],
                        AttributeValue::N(plain::$program::KNOWN.to_string())
                    );
                    shop.upsert(plain::$program::key(7)).apply(set.clone()).send().await.unwrap();
                    put(&shop, before.clone()).await;
                    let upserted = reason(shop.upsert(plain::$program::key(7)).apply(set).send().await);
                    assert_eq!(upserted.is_none(), shown == plain::$program::KNOWN, "{how}: {upserted:?}");
                    clear(&shop).await;
                    shop.save_or_create(&order).send().await.unwrap();
                    assert_unmixed::<plain::$program>(&only(&shop).await, how);
                };
            }
            program!(V1);
            program!(V2);
            program!(V3);
        }
    }
}

#[tokio::test]
async fn an_entity_that_was_read_in_an_older_shape_is_saved_in_the_own_one_by_its_version() {
    for shop in shops().await {
        for (shape, by) in (0..=3).flat_map(|shape| WAYS.map(|by| (shape, by))) {
            let shown = u32::max(shape, 1);
            macro_rules! program {
                ($program:ident) => {
                    let before = create!(versioned, &shop, shape);
                    let how = &format!("{} over {shape}", versioned::$program::KNOWN);
                    if shown <= versioned::$program::KNOWN {
                        let read = shop.get(versioned::$program::key(7)).send().await.unwrap().unwrap();
                        assert_eq!(read.version.stored(), Some(&1));
                        let saved = read.clone().save(&shop, by).await.unwrap();
                        assert_unmixed::<versioned::$program>(&only(&shop).await, how);
                        assert_eq!((saved.version.stored(), saved.view()), (Some(&2), view(7)), "{how}");
                        // The version was that of before.
                        assert!(matches!(
                            read.clone().save(&shop, by).await,
                            Err(Error::VersionConflict(_) | Error::TransactionCanceled(_))
                        ));
                        put(&shop, before.clone()).await;
                        read.replace(&shop, by).await.unwrap();
                        assert_unmixed::<versioned::$program>(&only(&shop).await, how);
                        put(&shop, before.clone()).await;
                        let modified = shop.repository::<versioned::$program>().modify(
                            versioned::$program::key(7),
                            |order| {
                                order.note = Some("new".into());
                                Ok::<_, std::convert::Infallible>(())
                            },
                        );
                        assert_eq!(modified.send().await.unwrap().note.as_deref(), Some("new"));
                        assert_unmixed::<versioned::$program>(&only(&shop).await, how);
                        put(&shop, before.clone()).await;
                    }
                    update_and_delete::<versioned::$program>(&shop, shown, &before, by).await;
                };
            }
            program!(V1);
            program!(V2);
            program!(V3);
        }
    }
}

/// An old program has read an item, and a new one writes it in a newer shape.
#[tokio::test]
async fn an_old_program_is_told_of_the_newer_shape_and_not_of_a_version() {
    for shop in shops().await {
        for by in WAYS {
            clear(&shop).await;
            let old = versioned::V1::of(&view(7)).create(&shop).await.unwrap();
            let new = shop.get(versioned::V3::key(7)).send().await.unwrap().unwrap();
            new.save(&shop, by).await.unwrap();
            let before = only(&shop).await;
            let newer = Some(ConditionFailure::OtherShape { stored: 3, known: 1 });
            assert_eq!(reason(old.clone().save(&shop, by).await), newer);
            assert_eq!(reason(old.clone().replace(&shop, by).await), newer);
            let version = old.version;
            let update = shop.update(versioned::V1::key(7)).apply(versioned::V1::NOTE.set(None));
            assert_eq!(reason(update.expect_version(&version).send().await), newer);
            assert_eq!(only(&shop).await, before);
            // A delete of what was read is refused for its version.
            let delete = shop.delete(versioned::V1::key(7)).expect_version(&version);
            assert!(matches!(delete.send().await, Err(Error::VersionConflict(_))));
        }
    }
}

#[tokio::test]
async fn an_item_of_another_entity_is_replaced_whatever_its_shape() {
    #[derive(Debug, Clone, PartialEq, dynamap::Entity)]
    #[dynamap(table = Shop, pk = "ORDERS", sk = "ORDER#{number}", shape = 9)]
    struct Other {
        number: u32,
    }
    for shop in shops().await {
        shop.put(&Other { number: 7 }).send().await.unwrap();
        let order = plain::V1::of(&view(7));
        assert_eq!(reason(shop.put(&order).send().await), Some(ConditionFailure::OtherEntity));
        assert_eq!(<plain::V1 as Entity>::NAME, "Order");
        shop.put(&order).overwrite_other_entities().send().await.unwrap();
        assert_unmixed::<plain::V1>(&only(&shop).await, "overwritten");
        let newer = plain::V3::of(&view(7));
        shop.put(&newer).overwrite_other_entities().send().await.unwrap();
        let refused = reason(shop.put(&order).overwrite_other_entities().send().await);
        assert_eq!(refused, Some(ConditionFailure::OtherShape { stored: 3, known: 1 }));
    }
}
