//! Backfills between programs that write.

use crate::model::{Program, Sent, Shop, plain, versioned, view};
use crate::{clear, put, shops, stored};
use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::known_fault::KnownFault;
use dynamap::outcome::{BackfillCheckpoint, BackfillReport};
use dynamap::value::EpochSeconds;
use dynamap::{Entity, Error, Table, entity};
use std::collections::BTreeSet;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "ORDERS", sk = "OTHER#{number}", shape = 1)]
struct Other {
    number: u32,
}

/// Items of all shapes, of which the oldest have no number, beside those that a backfill passes over.
macro_rules! fill {
    ($shop:expr, $module:ident, $each:expr) => {{
        clear($shop).await;
        for number in 0..4 * $each {
            match number % 4 {
                0 => {
                    let order = $module::V1::of(&view(number)).create($shop).await.unwrap();
                    let mut item = entity::to_item(&order).unwrap();
                    item.remove("shape");
                    put($shop, item).await;
                }
                1 => drop($module::V1::of(&view(number)).create($shop).await.unwrap()),
                2 => drop($module::V2::of(&view(number)).create($shop).await.unwrap()),
                _ => drop($module::V3::of(&view(number)).create($shop).await.unwrap()),
            }
        }
        $shop.put(&Other { number: 1 }).send().await.unwrap();
        let expired = $module::V1 { expires_at: Some(EpochSeconds(1)), ..$module::V1::of(&view(1_000)) };
        put($shop, entity::to_item(&expired).unwrap()).await;
    }};
}

fn counts(report: &BackfillReport) -> [u64; 6] {
    [report.seen(), report.written(), report.current(), report.newer(), report.conflicts(), report.failures()]
}

macro_rules! backfills {
    ($name:ident, $module:ident) => {
        #[tokio::test]
        async fn $name() {
            for shop in shops().await {
                fill!(&shop, $module, 10);
                let before = stored(&shop).await;
                let orders = shop.repository::<$module::V3>();
                let checked = orders.backfill().only_check().send().await.unwrap();
                assert_eq!((counts(&checked), checked.is_complete()), ([40, 30, 10, 0, 0, 0], true));
                assert_eq!(stored(&shop).await, before);
                // An older program writes what is older, and leaves what is newer.
                let middle = shop.repository::<$module::V2>().backfill().send().await.unwrap();
                assert_eq!(counts(&middle), [40, 20, 10, 10, 0, 0]);
                let report = orders.backfill().segments(3).concurrency(2).send().await.unwrap();
                assert_eq!(counts(&report), [40, 30, 10, 0, 0, 0]);
                for number in 0..40 {
                    let order = orders.get($module::V3::key(number)).send().await.unwrap().unwrap();
                    assert_eq!(order.view(), view(number));
                }
                for item in stored(&shop).await {
                    let sort_key = item["sk"].as_s().unwrap();
                    let is_left = sort_key.starts_with("OTHER") || sort_key.ends_with("1000");
                    assert_eq!(item["shape"] == AttributeValue::N("3".into()), !is_left, "{item:?}");
                    assert!(is_left || !item.contains_key("name"));
                }
                let again = orders.backfill().send().await.unwrap();
                assert_eq!(counts(&again), [40, 0, 40, 0, 0, 0]);
                // A change of the caller's.
                let noted = orders.backfill().change(|order| {
                    let is_new = order.note.is_none() && order.number < 5;
                    order.note = order.note.take().or_else(|| is_new.then(|| "noted".to_owned()));
                    is_new
                });
                assert_eq!(counts(&noted.send().await.unwrap()), [40, 5, 35, 0, 0, 0]);
                let note = orders.get($module::V3::key(4)).send().await.unwrap().unwrap().note;
                assert_eq!(note.as_deref(), Some("noted"));
            }
        }
    };
}

backfills!(items_without_a_version_are_written_once, plain);
backfills!(items_with_a_version_are_written_once, versioned);

/// Runs calls while a backfill stands still between two items.
fn meanwhile(call: impl Future<Output = ()> + Send) {
    std::thread::scope(|scope| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        scope.spawn(move || runtime.block_on(call)).join().unwrap();
    });
}

/// Backfills while an older program writes notes to all items, and returns how many notes are there afterwards.
macro_rules! notes_after {
    ($shop:expr, $module:ident) => {{
        let shop: &Table<Shop> = $shop;
        clear(shop).await;
        for number in 0..20 {
            $module::V2::of(&view(number)).create(shop).await.unwrap();
        }
        let mut written = BTreeSet::new();
        let orders = shop.repository::<$module::V3>();
        let backfill = orders.backfill().segments(1).concurrency(1).on_progress(|progress| {
            if progress.seen == 3 {
                meanwhile(async {
                    for number in 0..20 {
                        match $module::V2::set_note(shop, number, "kept", Sent::Alone).await {
                            Ok(()) => drop(written.insert(number)),
                            Err(Error::ConditionFailed(_)) => {}
                            Err(error) => panic!("{error}"),
                        }
                    }
                });
            }
        });
        let report = backfill.send().await.unwrap();
        let mut kept = BTreeSet::new();
        for number in 0..20 {
            let order = orders.get($module::V3::key(number)).send().await.unwrap().unwrap();
            if order.note.is_some() {
                kept.insert(number);
            }
        }
        assert_eq!((report.seen(), report.written(), written.len()), (20, 20, 17));
        (report.conflicts(), kept == written)
    }};
}

#[tokio::test]
async fn what_others_write_meanwhile_is_kept() {
    for shop in shops().await {
        assert_eq!(notes_after!(&shop, plain), (17, true));
        assert_eq!(notes_after!(&shop, versioned), (17, true));
        // A fault that this test finds.
        KnownFault::put_back(Some(KnownFault::BlindBackfill));
        assert_eq!(notes_after!(&shop, plain), (0, false));
        KnownFault::put_back(None);
    }
}

#[tokio::test]
async fn an_attribute_that_was_not_there_counts_as_read() {
    for shop in shops().await {
        plain::V1::of(&view(1)).create(&shop).await.unwrap();
        plain::V1::of(&view(2)).create(&shop).await.unwrap();
        let orders = shop.repository::<plain::V3>();
        let backfill = orders.backfill().segments(1).concurrency(1).on_progress(|progress| {
            if progress.seen == 1 {
                meanwhile(async {
                    plain::V1::set_note(&shop, 2, "kept", Sent::Alone).await.unwrap();
                });
            }
        });
        assert_eq!(backfill.send().await.unwrap().conflicts(), 1);
        assert_eq!(
            orders.get(plain::V3::key(2)).send().await.unwrap().unwrap().note.as_deref(),
            Some("kept")
        );
    }
}

#[tokio::test]
async fn a_later_run_goes_on_where_one_ended() {
    for shop in shops().await {
        fill!(&shop, versioned, 10);
        let orders = shop.repository::<versioned::V3>();
        let mut checkpoints: Vec<String> = Vec::new();
        let note = |checkpoints: &mut Vec<String>, checkpoint: &BackfillCheckpoint| {
            let text = checkpoint.to_string();
            assert_eq!(text.parse().as_ref(), Ok(checkpoint));
            checkpoints.push(text);
        };
        let checked = orders.backfill().only_check().segments(3).concurrency(2);
        let whole = checked.on_progress(|progress| note(&mut checkpoints, &progress.checkpoint)).send().await;
        assert_eq!(counts(&whole.unwrap()), [40, 30, 10, 0, 0, 0]);
        assert!(checkpoints.len() > 10, "{}", checkpoints.len());
        for checkpoint in &checkpoints {
            let rest = orders.backfill().only_check().resume_from(checkpoint.parse().unwrap()).send().await;
            assert_eq!(counts(&rest.unwrap()), [40, 30, 10, 0, 0, 0]);
        }
        for text in ["", "1.2.3", "2.0.0.0.0.0.0.1.", "1.0.0.0.0.0.0.-1."] {
            assert!(text.parse::<BackfillCheckpoint>().is_err());
        }
        let foreign = "1.0.0.0.0.0.0.3.AAAA".parse().unwrap();
        assert!(matches!(orders.backfill().resume_from(foreign).send().await, Err(Error::Cursor(_))));
        let segments = orders.backfill().segments(0).send().await;
        assert!(matches!(segments, Err(Error::InvalidSegmentCount(_))));
    }
}

#[tokio::test]
async fn an_item_that_fails_leaves_the_others_as_they_are_to_be() {
    for shop in shops().await {
        fill!(&shop, plain, 3);
        let mut item = entity::to_item(&plain::V2::of(&view(2))).unwrap();
        item.insert("total".into(), AttributeValue::S("SECRET".into()));
        put(&shop, item).await;
        let orders = shop.repository::<plain::V3>();
        let Err(Error::IncompleteBackfill(incomplete)) = orders.backfill().send().await else { panic!() };
        let report = incomplete.report();
        assert_eq!(counts(report), [12, 8, 3, 0, 0, 1]);
        let [failure] = report.failed() else { panic!("{report:?}") };
        assert!(matches!(failure.error(), Error::Decode(_)));
        assert_eq!(entity::to_item(&plain::V2::of(&view(2))).unwrap()["sk"], failure.item_key()["sk"]);
        assert!(!format!("{incomplete} {incomplete:?}").contains("SECRET"));
        let mut told = 0;
        let again = orders.backfill().on_failure(|_| told += 1).send().await;
        let Err(Error::IncompleteBackfill(incomplete)) = again else { panic!() };
        assert_eq!(counts(incomplete.report()), [12, 0, 11, 0, 0, 1]);
        assert_eq!((incomplete.report().failed().len(), told), (0, 1));
        // One that the change gives another key.
        let moved = orders.backfill().change(|order| {
            order.number += 1;
            true
        });
        let Err(Error::IncompleteBackfill(incomplete)) = moved.send().await else { panic!() };
        assert_eq!(counts(incomplete.report()), [12, 0, 0, 0, 0, 12]);
    }
}
