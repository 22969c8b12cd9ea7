//! The types of other crates.

use super::agreement::{check, check_refused, read_alike};
use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, NaiveDate, Utc};
use dynamap::value::EpochSeconds;
use proptest::prelude::*;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

proptest! {
    #[test]
    fn uuids(bits in any::<u128>()) {
        let uuid = Uuid::from_u128(bits);
        check(&uuid);
        check(&BTreeSet::from([uuid]));
        check(&BTreeMap::from([(uuid, 1)]));
    }

    #[test]
    fn jiff_timestamps(second in -62_167_219_200_i64..=253_402_207_199, nanosecond in 0..1_000_000_000) {
        let timestamp = jiff::Timestamp::new(second, nanosecond).unwrap();
        check(&timestamp);
        check(&BTreeSet::from([timestamp]));
        prop_assert_eq!(EpochSeconds::from(timestamp), EpochSeconds(second));
    }

    #[test]
    fn jiff_dates(year in 0_i16..=9999, month in 1_i8..=12, day in 1_i8..=28) {
        check(&jiff::civil::date(year, month, day));
    }

    #[test]
    fn chrono_times(second in -62_167_219_200_i64..=253_402_300_799, nanosecond in 0_u32..1_000_000_000) {
        let time = DateTime::<Utc>::from_timestamp(second, nanosecond).unwrap();
        check(&time);
        check(&BTreeSet::from([time]));
        check(&time.date_naive());
        prop_assert_eq!(EpochSeconds::from(time), EpochSeconds(second));
    }

    #[test]
    fn decimals(coefficient in any::<i64>(), scale in 0_u32..=28) {
        let decimal = Decimal::new(coefficient, scale);
        check(&decimal);
        check(&BTreeSet::from([decimal]));
    }
}

#[test]
fn the_stored_forms() {
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let number = |text: &str| AttributeValue::N(text.to_owned());
    assert_eq!(
        dynamap::wire::to_attribute_value(&Uuid::from_u128(0xA)).unwrap(),
        text("00000000-0000-0000-0000-00000000000a")
    );
    let time = DateTime::from_timestamp(1_769_860_800, 500_000_000).unwrap();
    assert_eq!(dynamap::wire::to_attribute_value(&time).unwrap(), text("2026-01-31T12:00:00.500000000Z"));
    let time = jiff::Timestamp::new(1_769_860_800, 500_000_000).unwrap();
    assert_eq!(dynamap::wire::to_attribute_value(&time).unwrap(), text("2026-01-31T12:00:00.500000000Z"));
    assert_eq!(dynamap::wire::to_attribute_value(&Decimal::new(150, 2)).unwrap(), number("1.50"));
    check(&Decimal::MAX);
    check(&Decimal::MIN);
}

#[test]
fn what_does_not_fit_is_refused() {
    check_refused(&NaiveDate::from_ymd_opt(10_000, 1, 1).unwrap(), "year");
    check_refused(&DateTime::<Utc>::MAX_UTC, "year");
    check_refused(&jiff::Timestamp::MIN, "year");
    check_refused(&jiff::civil::date(-1, 1, 1), "year");
    for text in ["1E29", "79228162514264337593543950336", "1E-29", "0.12345678901234567890123456789012"] {
        assert!(read_alike::<Decimal>(&AttributeValue::N(text.to_owned())).is_err(), "{text}");
    }
    let other = AttributeValue::S("hunter2".to_owned());
    for error in [
        read_alike::<Uuid>(&other).unwrap_err(),
        read_alike::<jiff::Timestamp>(&other).unwrap_err(),
        read_alike::<jiff::civil::Date>(&other).unwrap_err(),
        read_alike::<DateTime<Utc>>(&other).unwrap_err(),
        read_alike::<NaiveDate>(&other).unwrap_err(),
    ] {
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }
}
