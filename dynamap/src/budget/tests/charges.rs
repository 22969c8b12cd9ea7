//! The charge of a request before it is sent, and what the budget learns from the capacity that it has consumed.

use super::{super::micros, *};
use crate::{
    Budget,
    budget::{CallForm, Cost, Forecast, Processed},
    capacity::{Consumed, Units},
    error::ThrottlingReason,
};
use aws_sdk_dynamodb::types::{ThrottlingReason as Raw, error::ThrottlingException};
use std::{
    future::Future,
    pin::pin,
    task::{Context, Poll},
};
use tokio::time::Instant;

/// The buckets, in their order: of the table, and of the index.
const READS: usize = 0;
const WRITES: usize = 1;
const INDEX_READS: usize = 2;
const INDEX_WRITES: usize = 3;

/// So slow that time brings nothing while a test runs, and full of units.
fn budget() -> Budget {
    let budget =
        Budget::builder().reads(0.02).writes(0.02).index_reads("gsi1", 0.02).index_writes("gsi1", 0.02);
    budget.burst(Duration::from_secs(3600)).build().unwrap()
}

fn forecast(writes: bool, index: Option<&'static str>, cost: Cost, items: usize) -> Forecast {
    let form = CallForm { operation: "Any", entity: "Order", index, consistent: false };
    Forecast { form, writes, index, cost, items }
}

fn learn(budget: &Budget, forecast: Forecast, averages: &[(usize, f64)]) {
    for (bucket, units) in averages {
        budget.lock().averages.learn(forecast.form, *bucket, *units);
    }
}

fn average(budget: &Budget, forecast: Forecast) -> [Option<f64>; 4] {
    [READS, WRITES, INDEX_READS, INDEX_WRITES].map(|bucket| budget.lock().averages.of(forecast.form, bucket))
}

fn charges(budget: &Budget, forecast: Forecast) -> Vec<(usize, f64)> {
    let charges = budget.charges(&forecast).into_iter();
    charges.map(|charge| (charge.bucket, charge.units as f64 / UNIT as f64)).collect()
}

fn units(read: f64, write: f64) -> Units {
    Units { read, write }
}

#[test]
fn units_are_counted_in_millionths() {
    for (units, count) in [(1.0, UNIT), (0.5, UNIT / 2), (1.4e-6, 1), (1.6e-6, 2), (0.4e-6, 0), (0.0, 0)] {
        assert_eq!((micros(units), micros(-units)), (count, 0), "{units}");
    }
    assert_eq!((micros(f64::NAN), micros(f64::INFINITY), micros(f64::NEG_INFINITY)), (0, i64::MAX, 0));
}

#[test]
fn a_request_is_charged_what_is_known_or_what_such_ones_cost() {
    let partly = Cost::Partly { known: 4.0, others: 2, first: 1.0 };
    let (none, some) = (&[][..], &[(WRITES, 2.5), (INDEX_WRITES, 1.5), (READS, 7.0)][..]);
    for (cost, averages, expected) in [
        (Cost::Known(2.0), none, &[(WRITES, 6.0)][..]),
        (Cost::Known(2.0), some, &[(WRITES, 6.0), (INDEX_WRITES, 4.5)]),
        (Cost::Average(2.0), none, &[(WRITES, 6.0)]),
        (Cost::Average(2.0), some, &[(WRITES, 7.5), (INDEX_WRITES, 4.5)]),
        (partly, none, &[(WRITES, 6.0)]),
        (partly, some, &[(WRITES, 9.0), (INDEX_WRITES, 4.5)]),
        (Cost::Known(0.0), none, &[]),
        (Cost::Known(0.000_000_4), none, &[(WRITES, 0.000_001)]),
    ] {
        let (budget, forecast) = (budget(), forecast(true, None, cost, 3));
        learn(&budget, forecast, averages);
        assert_eq!(charges(&budget, forecast), expected, "{cost:?} {averages:?}");
    }
    // Reads of an index take nothing of the table, unless they did.
    let (budget, forecast) = (budget(), forecast(false, Some("gsi1"), Cost::Average(2.0), 1));
    assert_eq!(charges(&budget, forecast), [(INDEX_READS, 2.0)]);
    learn(&budget, forecast, &[(READS, 0.5), (INDEX_READS, 3.0), (INDEX_WRITES, 9.0)]);
    assert_eq!(charges(&budget, forecast), [(READS, 0.5), (INDEX_READS, 3.0)]);
}

/// Capacity that was consumed of the table, of a local index and of a global index.
fn consumed(table: Units, local: Units, global: Units) -> Consumed {
    let mut consumed = Consumed { table, requests: 1, ..Consumed::default() };
    consumed.local_indexes.insert("lsi1".into(), local);
    consumed.global_indexes.insert("gsi1".into(), global);
    consumed.global_indexes.insert("gsi2".into(), units(50.0, 50.0));
    consumed
}

#[tokio::test]
async fn what_was_consumed_is_learned_for_each_item() {
    let write = consumed(units(0.0, 8.0), units(0.0, 1.0), units(0.0, 6.0));
    let read = consumed(units(1.0, 0.0), Units::NONE, units(5.0, 0.0));
    let estimated = Consumed { estimated: units(0.0, 1.0), ..write.clone() };
    let mixed = |items, known, others| Processed { items, known, others };
    for (writes, index, consumed, processed, expected) in [
        // Of the table, what was known is known of some items; of the index, nothing is known of any.
        (true, None, &write, mixed(4, 3.0, 2), [Some(0.0), Some(3.0), Some(0.0), Some(1.5)]),
        (true, None, &write, mixed(4, 20.0, 2), [Some(0.0), Some(0.0), Some(0.0), Some(1.5)]),
        (true, None, &write, mixed(2, 3.0, 0), [None, None, Some(0.0), Some(3.0)]),
        (true, None, &write, Processed::items(1), [Some(0.0), Some(9.0), Some(0.0), Some(6.0)]),
        (true, None, &write, Processed::default(), [None; 4]),
        (true, None, &estimated, Processed::items(1), [None; 4]),
        (false, Some("gsi1"), &read, mixed(4, 1.0, 2), [Some(0.25), Some(0.0), Some(2.0), Some(0.0)]),
        (false, Some("gsi1"), &read, Processed::items(2), [Some(0.5), Some(0.0), Some(2.5), Some(0.0)]),
    ] {
        let (budget, forecast) = (budget(), forecast(writes, index, Cost::Known(1.0), 1));
        let in_flight = budget.reserve_for(forecast, crate::timer::Timer::default()).await.into_sent();
        in_flight.settle_all(consumed, processed);
        assert_eq!(average(&budget, forecast), expected, "{consumed:?} {processed:?}");
        // The charge is replaced by what was consumed: of the local index, with the table.
        let total =
            [(None, consumed.table + consumed.local_indexes["lsi1"]), (Some("gsi1"), consumed.index("gsi1"))];
        for (index, used) in total {
            let left = budget.available(index);
            assert!((72.0 - left.read - used.read).abs() < 0.4, "{left:?} {used:?}");
            assert!((72.0 - left.write - used.write).abs() < 0.4, "{left:?} {used:?}");
        }
    }
}

#[tokio::test]
async fn a_request_of_your_own_is_charged_what_it_has_consumed() {
    for (reserved, used, left) in [
        (units(1.0, 2.0), units(5.0, 3.0), units(67.0, 69.0)),
        (units(6.0, 7.0), units(1.0, 0.0), units(71.0, 72.0)),
        // Nothing was reserved of the reads.
        (units(0.0, 2.0), units(5.0, 3.0), units(67.0, 69.0)),
    ] {
        let budget = budget();
        budget.reserve(None, reserved).await.into_sent().settle(used);
        let available = budget.available(None);
        assert!((available.read - left.read).abs() < 0.4, "{available:?}");
        assert!((available.write - left.write).abs() < 0.4, "{available:?}");
    }
}

/// A call that needs no units waits for no other; a call that needs units does.
#[tokio::test]
async fn only_those_who_need_units_wait() {
    let is_ready = |budget: &Budget, units| {
        let mut context = Context::from_waker(Waker::noop());
        matches!(pin!(budget.reserve(None, units)).poll(&mut context), Poll::Ready(_))
    };
    let budget = budget();
    assert!(is_ready(&budget, units(1e-6, 1e-6)));
    drop(budget.reserve(None, units(1000.0, 1000.0)).await.into_sent());
    assert!(is_ready(&budget, Units::NONE) && is_ready(&budget, units(-1.0, f64::NAN)));
    assert!(!is_ready(&budget, units(1e-6, 0.0)) && !is_ready(&budget, units(0.0, 1e-6)));
}

#[test]
fn a_throttled_resource_slows_down_by_its_reason_and_its_time() {
    let reasons = |reason: &str| {
        let resource = "arn:aws:dynamodb:eu-north-1:123456789012:table/shop/index/gsi1";
        let raw = Raw::builder().reason(reason).resource(resource).build();
        ThrottlingReason::all_of(&ThrottlingException::builder().throttling_reasons(raw).build()).unwrap()
    };
    let rates = |reasons: &[ThrottlingReason], writes, index, seconds: &[u32]| {
        let budget = Budget::builder()
            .reads(100.0)
            .writes(100.0)
            .index_reads("gsi1", 100.0)
            .index_writes("gsi1", 100.0);
        let budget = budget.build().unwrap();
        let now = Instant::now();
        for at in seconds {
            budget.throttled(&forecast(writes, index, Cost::Known(1.0), 1), reasons, now + *at * SECOND);
        }
        let (table, index) = (budget.rate(None), budget.rate(Some("gsi1")));
        [table.read, table.write, index.read, index.write]
    };
    // Of a write, the reads of the index; and the other way round.
    let of_reads = reasons("IndexReadProvisionedThroughputExceeded");
    assert_eq!(rates(&of_reads, true, None, &[0]), [100.0, 100.0, 50.0, 100.0]);
    let of_writes = reasons("IndexWriteProvisionedThroughputExceeded");
    assert_eq!(rates(&of_writes, false, None, &[0]), [100.0, 100.0, 100.0, 50.0]);
    assert_eq!(rates(&reasons("IndexWriteKeyRangeThroughputExceeded"), true, None, &[0]), [100.0; 4]);
    // Where no reason is told, what it is about.
    assert_eq!(rates(&[], true, None, &[0]), [100.0, 50.0, 100.0, 100.0]);
    assert_eq!(rates(&[], false, Some("gsi1"), &[0]), [100.0, 100.0, 50.0, 100.0]);
    // Two signs, each of its time, however soon they are told.
    assert_eq!(rates(&[], true, None, &[0, 0]), [100.0, 50.0, 100.0, 100.0]);
    assert_eq!(rates(&[], true, None, &[0, 5]), [100.0, 25.0, 100.0, 100.0]);
}
