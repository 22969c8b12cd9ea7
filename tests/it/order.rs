//! Stored values sort as the values of their types do: as attributes, as sort keys, and as components of them.

use crate::MAPPING;
use chrono::{DateTime, NaiveDate, Utc};
use dynamap::value::{AttributeType, EpochSeconds, Number, ToAttribute};
use dynamap::{Entity, Table, TableSchema, wire};
use dynamap_local::Local;
use jiff::{Timestamp, civil::Date};
use rust_decimal::Decimal;
use std::fmt::Debug;
use uuid::Uuid;

use aws_sdk_dynamodb::types::AttributeValue;
use std::cmp::Ordering;

/// DynamoDB's order: strings and binary values by their bytes, numbers by value.
fn order(left: &AttributeValue, right: &AttributeValue) -> Ordering {
    use AttributeValue::{B, N, S};
    match (left, right) {
        (S(left), S(right)) => left.as_bytes().cmp(right.as_bytes()),
        (B(left), B(right)) => left.as_ref().cmp(right.as_ref()),
        (N(left), N(right)) => {
            let number = |text: &String| text.parse::<Number>().unwrap();
            number(left).partial_cmp(&number(right)).unwrap()
        }
        _ => panic!("two types"),
    }
}

#[track_caller]
fn assert_sorted<T: ToAttribute + AttributeType + PartialOrd + Debug>(values: &[T]) {
    for left in values {
        for right in values {
            let stored = |value: &T| wire::to_attribute_value(value).unwrap();
            let wanted = left.partial_cmp(right).unwrap();
            assert_eq!(order(&stored(left), &stored(right)), wanted, "{left:?} and {right:?}");
        }
    }
}

fn seed() -> u64 {
    let seed = std::env::var("DYNAMAP_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = seed.unwrap_or_else(|| fastrand::u64(..));
    println!("DYNAMAP_SEED={seed}");
    seed
}

/// Seconds and nanoseconds from year 0 to 9999, many of them near to others and to whole seconds.
fn times(random: &mut fastrand::Rng) -> Vec<Timestamp> {
    let first: Timestamp = "0000-01-01T00:00:00Z".parse().unwrap();
    let mut times = vec![first, Timestamp::UNIX_EPOCH, Timestamp::MAX];
    while times.len() < 60 {
        let second = match random.bool() {
            true => random.i64(first.as_second()..=Timestamp::MAX.as_second()),
            false => random.i64(-2..3),
        };
        let nanosecond = match random.u8(..4) {
            0 => 0,
            1 => 500_000_000,
            2 => random.i32(0..1000) * 1_000_000,
            _ => random.i32(0..1_000_000_000),
        };
        times.extend(
            Timestamp::new(second, 0).unwrap().checked_add(jiff::Span::new().nanoseconds(nanosecond)),
        );
    }
    times
}

fn of_chrono(time: &Timestamp) -> DateTime<Utc> {
    DateTime::from_timestamp_nanos(0)
        + chrono::TimeDelta::seconds(time.as_second())
        + chrono::TimeDelta::nanoseconds(i64::from(time.subsec_nanosecond()))
}

#[test]
fn attributes_sort_as_their_values() {
    let random = &mut fastrand::Rng::with_seed(seed());
    for _ in 0..20 {
        let times = times(random);
        assert_sorted(&times);
        assert_sorted(&times.iter().map(of_chrono).collect::<Vec<_>>());
        let dates: Vec<Date> =
            times.iter().map(|time| time.to_zoned(jiff::tz::TimeZone::UTC).date()).collect();
        assert_sorted(&dates);
        assert_sorted(&times.iter().map(|time| of_chrono(time).date_naive()).collect::<Vec<_>>());
        assert_sorted(&times.iter().map(|time| EpochSeconds(time.as_second())).collect::<Vec<_>>());
        let numbers: Vec<i64> = (0..40).map(|_| random.i64(..) >> random.u32(0..64)).collect();
        assert_sorted(&numbers);
        assert_sorted(&numbers.iter().map(|n| Decimal::new(*n, 5)).collect::<Vec<_>>());
        assert_sorted(&numbers.iter().map(|n| *n as f64 / 1000.0).collect::<Vec<_>>());
        assert_sorted(&numbers.iter().map(|n| n.unsigned_abs()).collect::<Vec<_>>());
        let uuids: Vec<Uuid> =
            (0..40).map(|_| Uuid::from_u128(random.u128(..) >> random.u32(..128))).collect();
        assert_sorted(&uuids);
        let text = |_| (0..random.usize(..4)).map(|_| random.char(..)).collect::<String>();
        assert_sorted(&(0..40).map(text).collect::<Vec<_>>());
    }
}

#[test]
fn times_that_would_not_sort_are_refused() {
    let before: Timestamp = "-000001-12-31T23:59:59.999999999Z".parse().unwrap();
    assert!(wire::to_attribute_value(&before).is_err());
    assert!(wire::to_attribute_value(&of_chrono(&before)).is_err());
    assert!(wire::to_attribute_value(&Date::new(-1, 1, 1).unwrap()).is_err());
    assert!(wire::to_attribute_value(&NaiveDate::from_ymd_opt(-1, 1, 1).unwrap()).is_err());
    assert!(wire::to_attribute_value(&NaiveDate::from_ymd_opt(10_000, 1, 1).unwrap()).is_err());
}

/// Forms that other programs write, with the time of each.
#[test]
fn all_usual_forms_of_a_time_are_read() {
    for text in [
        "2026-01-31T12:00:00Z",
        "2026-01-31T12:00:00.000Z",
        "2026-01-31T12:00:00.000000000Z",
        "2026-01-31t12:00:00z",
        "2026-01-31T13:00:00+01:00",
        "2026-01-31T07:30:00.0-04:30",
    ] {
        let value = || AttributeValue::S(text.into());
        let time: Timestamp = wire::from_attribute_value(value()).unwrap();
        assert_eq!(time.to_string(), "2026-01-31T12:00:00Z", "{text}");
        assert_eq!(wire::from_attribute_value::<DateTime<Utc>>(value()).unwrap(), of_chrono(&time), "{text}");
    }
}

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk")]
struct Events;

/// The time is the sort key.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Events, pk = "BARE", sk = sk)]
struct Bare {
    sk: Timestamp,
    at: DateTime<Utc>,
}

/// The time and the date are components, and attributes.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Events, pk = "PART", sk = "{day}#{at}")]
struct Part {
    day: Date,
    at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Events, pk = "NAIVE", sk = "{day}#{at}")]
struct Naive {
    day: NaiveDate,
    at: DateTime<Utc>,
}

/// A query of times, its ranges and its filters, in memory and by the engine.
#[tokio::test]
async fn queries_ranges_and_filters_follow_time() {
    let events = Table::<Events>::new(Local::memory().unwrap().client(), "events").with_mapping(MAPPING);
    events.create_table_if_absent().send().await.unwrap();
    let start: Timestamp = "2026-01-31T23:59:59Z".parse().unwrap();
    let times: Vec<Timestamp> = [0, 500, 543, 1000, 1250]
        .map(|milliseconds| start + jiff::SignedDuration::from_millis(milliseconds))
        .into();
    for time in times.iter().rev() {
        let day = time.to_zoned(jiff::tz::TimeZone::UTC).date();
        events.put(&Bare { sk: *time, at: of_chrono(time) }).send().await.unwrap();
        events.put(&Part { day, at: *time }).send().await.unwrap();
        let at = of_chrono(time);
        events.put(&Naive { day: at.date_naive(), at }).send().await.unwrap();
    }
    let bare = |items: Vec<Bare>| items.into_iter().map(|item| item.sk).collect::<Vec<_>>();
    assert_eq!(bare(events.query(Bare::partition()).try_collect().await.unwrap()), times);
    for (from, first) in times.iter().enumerate() {
        let query = events.query(Bare::partition().sk(*first..)).try_collect().await.unwrap();
        assert_eq!(bare(query), times[from..]);
        let query = events.query(Bare::partition().sk(..*first)).try_collect().await.unwrap();
        assert_eq!(bare(query), times[..from]);
        let filter = Bare::AT.ge(of_chrono(first));
        let query = events.query(Bare::partition()).filter(filter).try_collect().await.unwrap();
        assert_eq!(bare(query), times[from..]);
        let day = first.to_zoned(jiff::tz::TimeZone::UTC).date();
        let parts = events.query(Part::partition().day(day).at(*first..)).try_collect().await.unwrap();
        let on_day = |time: &&Timestamp| time.to_zoned(jiff::tz::TimeZone::UTC).date() == day;
        let wanted: Vec<Timestamp> = times[from..].iter().filter(on_day).copied().collect();
        assert_eq!(parts.into_iter().map(|part| part.at).collect::<Vec<_>>(), wanted);
    }
    let parts: Vec<Part> = events.query(Part::partition()).try_collect().await.unwrap();
    assert_eq!(parts.into_iter().map(|part| part.at).collect::<Vec<_>>(), times);
    let naive: Vec<Naive> = events.query(Naive::partition()).try_collect().await.unwrap();
    assert_eq!(
        naive.iter().map(|part| part.at).collect::<Vec<_>>(),
        times.iter().map(of_chrono).collect::<Vec<_>>()
    );
    let second = naive.last().unwrap().day;
    let naive: Vec<Naive> = events.query(Naive::partition().day(second..)).try_collect().await.unwrap();
    assert_eq!(naive.len(), 2);
}
