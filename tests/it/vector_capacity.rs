//! What calls on a table with vector indexes consume: as the engine says, and as our own functions predict.
//!
//! `DYNAMAP_SEED` repeats a run, `DYNAMAP_CASES` sets how many items there are.

mod model;

use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::{
    Budget, Error, Table,
    capacity::{
        Consumed, Meter, ReadConsistency, Units, billed_item_size, entity_size, item_size, read_units,
        transactional_write_units, write_units,
    },
    entity::{Item, to_item},
    op::{Capacity, Explanation},
    value::Vector,
};
use fastrand::Rng;
use model::{Point, Saved, Space, point, space, vector};
use std::{collections::BTreeMap, io::Write};

const DEFAULT_CASES: u32 = 200;

fn run(name: &str) -> (u64, u32) {
    let number = |name| std::env::var(name).ok().map(|value: String| value.parse::<u64>().unwrap());
    let seed = number("DYNAMAP_SEED").unwrap_or_else(|| fastrand::u64(..));
    let cases = number("DYNAMAP_CASES").map_or(DEFAULT_CASES, |cases| u32::try_from(cases).unwrap());
    std::io::stderr().write_all(format!("{name}: {cases} items, DYNAMAP_SEED={seed}\n").as_bytes()).unwrap();
    (seed, cases)
}

fn size(point: &Point) -> usize {
    let size = entity_size(point).unwrap();
    assert_eq!(size, billed_item_size::<Space>(&to_item(point).unwrap()));
    size
}

fn strong(size: usize) -> f64 {
    read_units(size, ReadConsistency::Strong)
}

/// The units of the table, which the call that ended has consumed.
fn table(meter: &Meter) -> Units {
    meter.reset().table
}

/// The bytes that were written into each vector index.
fn vector_bytes(consumed: &Consumed) -> BTreeMap<&str, f64> {
    consumed.vector_indexes.iter().map(|(name, bytes)| (name.as_str(), bytes.write)).collect()
}

/// Compares what a call consumed with what its explanation said that it consumes at least and at most.
fn is_within(explanation: &Explanation, consumed: &Consumed) {
    let Capacity::Write(units) = explanation.capacity() else { panic!("{explanation}") };
    assert!(units.contains(&consumed.table.write), "{explanation}\n{consumed}");
    let explained = explanation.vector_indexes();
    for (name, bytes) in vector_bytes(consumed) {
        let index = explained.iter().find(|index| index.index == name);
        assert!(index.is_some_and(|index| index.bytes.contains(&bytes)), "{explanation}\n{consumed}");
    }
}

#[tokio::test]
async fn predicted_sizes_units_and_bytes_are_those_of_the_engine() {
    let (seed, cases) = run("vector capacity");
    let (mut random, (space, meter)) = (Rng::with_seed(seed), space().await);
    for number in 0..cases {
        let context = format!("item {number}, DYNAMAP_SEED={seed}");
        let before = point(&mut random, number, 0);
        let after = Point { group: before.group.clone(), ..point(&mut random, number, 0) };
        creates(&space, &meter, &before, &context).await;
        reads(&space, &meter, &before, &context).await;
        updates(&space, &meter, (&before, &after), &context).await;
        let put = space.put(&after).explain().unwrap();
        space.put(&after).send().await.unwrap();
        let consumed = meter.reset();
        assert_eq!(consumed.table.write, write_units(size(&after)), "{context}");
        is_within(&put, &consumed);
        let key = || Point::key(number, 0);
        let delete = space.delete(key()).explain().unwrap();
        space.delete(key()).send().await.unwrap();
        let consumed = meter.reset();
        assert_eq!(consumed.table.write, write_units(size(&after)), "{context}");
        is_within(&delete, &consumed);
    }
}

/// What a new item takes is known in full.
async fn creates(space: &Table<Space>, meter: &Meter, point: &Point, context: &str) {
    let explanation = space.create(point).explain().unwrap();
    space.create(point).send().await.unwrap();
    let (consumed, units) = (meter.reset(), write_units(size(point)));
    assert_eq!(consumed.table.write, units, "{context}");
    assert_eq!(explanation.capacity(), &Capacity::Write(units..=units), "{context}");
    let item = to_item(point).unwrap();
    assert_eq!(explanation.item_size(), Some(item_size(&item)));
    // The entry of a secondary index counts by the numbers of its vectors.
    let entry = if point.group.is_some() { write_units(item_size(&item)) } else { 0.0 };
    assert_eq!(consumed.index("gsi1").write, entry, "{context}");
    let exactly = explanation.vector_indexes().iter().map(|index| {
        assert_eq!(index.bytes.start(), index.bytes.end(), "{explanation}");
        (index.index, *index.bytes.start())
    });
    assert_eq!(vector_bytes(&consumed), exactly.collect(), "{context}");
}

async fn reads(space: &Table<Space>, meter: &Meter, point: &Point, context: &str) {
    let key = || Point::key(point.room, point.number);
    let found = space.get(key()).consistent_read().send().await.unwrap();
    assert_eq!(found.as_ref(), Some(point), "{context}");
    assert_eq!(table(meter).read, strong(size(point)), "{context}");
    space.query(Point::partition(point.room)).consistent_read().send().await.unwrap();
    assert_eq!(table(meter).read, strong(size(point)), "{context}");
    space.transact_get([key()]).send().await.unwrap();
    assert_eq!(table(meter).read, read_units(size(point), ReadConsistency::Transactional), "{context}");
    if let Some(group) = &point.group {
        space.query(Point::by_group(group)).limit(1).send().await.unwrap();
        let entry = item_size(&to_item(point).unwrap());
        assert_eq!(meter.reset().index("gsi1").read, read_units(entry, ReadConsistency::Eventual));
    }
}

/// An update takes the units of the larger of the item before and after.
async fn updates(space: &Table<Space>, meter: &Meter, (before, after): (&Point, &Point), context: &str) {
    let update = || {
        let update = space.update(Point::key(after.room, after.number));
        let update = match &after.many {
            Some(many) => update.apply(Point::MANY.set(many.clone())),
            None => update.apply(Point::MANY.remove()),
        };
        let update = match &after.most {
            Some(most) => update.apply(Point::MOST.set(most.clone())),
            None => update.apply(Point::MOST.remove()),
        };
        update.apply(Point::TEXT.set(&after.text))
    };
    let explanation = update().explain().unwrap();
    update().send().await.unwrap();
    let updated = Point {
        many: after.many.clone(),
        most: after.most.clone(),
        text: after.text.clone(),
        ..before.clone()
    };
    let consumed = meter.reset();
    assert_eq!(consumed.table.write, write_units(size(before).max(size(&updated))), "{context}");
    is_within(&explanation, &consumed);
    space.put(after).send().await.unwrap();
    let consumed = meter.reset();
    assert_eq!(consumed.table.write, write_units(size(&updated).max(size(after))), "{context}");
}

#[tokio::test]
async fn batches_transactions_and_pages_take_what_their_items_do() {
    let (seed, cases) = run("vector capacity of several items");
    let (mut random, (space, meter)) = (Rng::with_seed(seed), space().await);
    for room in 0..cases.div_ceil(20) {
        let context = format!("room {room}, DYNAMAP_SEED={seed}");
        let points: Vec<Point> = (0..20).map(|number| point(&mut random, room, number)).collect();
        let units: f64 = points.iter().map(|point| write_units(size(point))).sum();
        let batch = || space.repository::<Point>().batch_write().put_all(points.clone());
        let Capacity::Write(explained) = batch().explain().unwrap().capacity().clone() else { panic!() };
        assert_eq!(*explained.start(), units, "{context}");
        let report = batch().send().await.unwrap();
        assert_eq!(report.consumed().unwrap().table.write, units, "{context}");
        assert_eq!(table(&meter).write, units, "{context}");

        let keys = || (0..20).map(|number| Point::key(room, number));
        space.batch_get(keys()).consistent_read().send().await.unwrap();
        let each: f64 = points.iter().map(|point| strong(size(point))).sum();
        assert_eq!(table(&meter).read, each, "{context}");
        let read = space.query(Point::partition(room)).consistent_read().try_collect().await.unwrap();
        assert_eq!((read, table(&meter).read), (points.clone(), strong(points.iter().map(size).sum())));

        let replaced: Vec<Point> = (0..20).map(|number| point(&mut random, room, number)).collect();
        let transaction =
            || replaced.iter().fold(space.transact_write(), |transaction, point| transaction.put(point));
        let Capacity::Write(explained) = transaction().explain().unwrap().capacity().clone() else {
            panic!()
        };
        let sizes = points.iter().zip(&replaced).map(|(before, after)| size(before).max(size(after)));
        let least: f64 = replaced.iter().map(|point| transactional_write_units(size(point))).sum();
        transaction().send().await.unwrap();
        let consumed = meter.reset().table;
        assert_eq!(consumed.write, sizes.map(transactional_write_units).sum::<f64>(), "{context}");
        assert!(*explained.start() == least && explained.contains(&consumed.write), "{context}");
    }
}

#[tokio::test]
async fn a_failed_condition_is_estimated_by_the_size_that_is_charged() {
    let (space, meter) = space().await;
    let mut random = Rng::with_seed(7);
    let most = Some(Box::new(vector(&mut random)));
    let point = Point { most, ..point(&mut random, 1, 1) };
    space.create(&point).send().await.unwrap();
    meter.reset();
    let again = space.create(&point).send().await;
    assert!(matches!(again, Err(Error::ConditionFailed(_))));
    assert_eq!(meter.reset().estimated.write, write_units(size(&point)));
    let canceled = space.transact_write().create(&point).send().await;
    assert!(matches!(canceled, Err(Error::TransactionCanceled(_))));
    assert_eq!(meter.reset().estimated.write, transactional_write_units(size(&point)));
    let mut saved =
        Saved { number: 1, many: vector(&mut random), version: dynamap::value::Version::default() };
    space.create(&mut saved).send().await.unwrap();
    let mut stale = saved.clone();
    space.save(&mut saved).send().await.unwrap();
    meter.reset();
    assert!(matches!(space.save(&mut stale).send().await, Err(Error::VersionConflict(_))));
    assert_eq!(meter.reset().estimated.write, write_units(entity_size(&saved).unwrap()));
}

#[tokio::test(start_paused = true)]
async fn a_budget_waits_for_the_size_that_is_charged() {
    let (space, _) = space().await;
    let point = Point {
        most: Some(Box::new(Vector::new([-0.123_456_79; 1024]).unwrap())),
        ..Point { text: String::new(), ..point(&mut Rng::with_seed(1), 1, 1) }
    };
    let point = Point { many: None, plain: Vec::new(), ..point };
    let (charged, by_numbers) =
        (write_units(size(&point)), write_units(item_size(&to_item(&point).unwrap())));
    assert_eq!((charged, by_numbers), (5.0, 8.0));
    // A bucket that has just enough for what is charged: nothing waits.
    let budget = Budget::builder().writes(charged).build().unwrap();
    let space = space.with_budget(&budget);
    let start = tokio::time::Instant::now();
    space.put(&point).send().await.unwrap();
    assert_eq!(start.elapsed(), std::time::Duration::ZERO);
    assert_eq!(budget.available(None).write, 0.0);
}

#[test]
fn the_size_that_is_charged_is_never_larger_than_an_explanation_says() {
    // Zeros are smaller by their numbers than by their dimensions.
    let zeros = AttributeValue::L(vec![AttributeValue::N("0".into()); 1024]);
    let item: Item = [("most".to_owned(), zeros)].into();
    assert_eq!((item_size(&item), billed_item_size::<Space>(&item)), (4 + 3 + 2 * 1024, 4 + 4 * 1024));
    let short: Item = [("most".to_owned(), AttributeValue::L(vec![AttributeValue::N("1".into())]))].into();
    assert_eq!(billed_item_size::<Space>(&short), item_size(&short), "it is no vector of the index");
}
