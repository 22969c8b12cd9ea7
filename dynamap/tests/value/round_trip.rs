//! Every supported type survives both wire forms.

use super::agreement::{check, check_refused};
use super::generate;
use dynamap::value::{ByteArray, Bytes, EpochSeconds, Nullable, Value};
use proptest::collection::{btree_map, btree_set, hash_map, hash_set, vec};
use proptest::prelude::*;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};
use std::num::{NonZeroI64, NonZeroU8, NonZeroU128};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

macro_rules! survive {
    ($($name:ident: $strategy:expr;)*) => {
        proptest! { $(
            #[test]
            fn $name(value in $strategy) {
                check(&value);
                check(&vec![value.clone(), value.clone()]);
                check(&BTreeMap::from([("key".to_owned(), value)]));
            }
        )* }
    };
}

fn long_signed() -> impl Strategy<Value = i128> {
    const LIMIT: i128 = 10_i128.pow(38);
    1 - LIMIT..LIMIT
}

survive! {
    strings: generate::text();
    characters: any::<char>();
    booleans: any::<bool>();
    nothing: Just(());
    optional: any::<Option<i64>>();
    nullable: any::<Option<i64>>().prop_map(Nullable);
    i8: any::<i8>();
    i16: any::<i16>();
    i32: any::<i32>();
    i64: any::<i64>();
    i128: long_signed();
    isize: any::<isize>();
    u8: any::<u8>();
    u16: any::<u16>();
    u32: any::<u32>();
    u64: any::<u64>();
    u128: (0..10_u128.pow(38));
    usize: any::<usize>();
    non_zero_u8: any::<NonZeroU8>();
    non_zero_i64: any::<NonZeroI64>();
    non_zero_u128: (1..10_u128.pow(38)).prop_map(|value| NonZeroU128::new(value).unwrap());
    f32: proptest::num::f32::NORMAL | proptest::num::f32::SUBNORMAL | proptest::num::f32::ZERO;
    f64: generate::float();
    numbers: generate::number();
    bytes: generate::bytes();
    byte_arrays: any::<[u8; 16]>().prop_map(ByteArray);
    epoch_seconds: any::<i64>().prop_map(EpochSeconds);
    values: generate::value();
    lists: vec(vec(any::<Option<i16>>(), 0..4), 0..4);
    deques: vec(generate::text(), 0..4).prop_map(VecDeque::from);
    arrays: any::<[u8; 5]>();
    maps: hash_map(generate::key(), any::<i64>(), 0..6);
    maps_by_number: btree_map(any::<i64>(), generate::text(), 0..6);
    string_sets: hash_set(generate::text(), 1..6);
    shared_string_sets: btree_set(generate::text().prop_map(Arc::<str>::from), 1..6);
    number_sets: btree_set(any::<i64>(), 1..6);
    decimal_sets: btree_set(generate::number(), 1..6);
    binary_sets: hash_set(generate::bytes(), 1..6);
    tuples: any::<(u8, bool, char)>();
    long_tuples: any::<(u8, u16, u32, u64, i8, i16, i32, i64)>();
    pointers: generate::text().prop_map(|text| {
        (Box::new(text.clone()), Rc::<str>::from(&*text), Arc::new(text.clone()), Cow::<str>::Owned(text))
    });
}

#[test]
fn references_and_slices_are_written_as_what_they_point_to() {
    let owned = dynamap::wire::to_json(&vec!["a".to_owned(), "b".to_owned()]).unwrap();
    assert_eq!(dynamap::wire::to_json(&["a", "b"]).unwrap(), owned);
    assert_eq!(dynamap::wire::to_json(["a", "b"].as_slice()).unwrap(), owned);
    assert_eq!(dynamap::wire::to_json(&&vec![Cow::Borrowed("a"), Cow::Borrowed("b")]).unwrap(), owned);
}

#[test]
fn the_wire_form_is_dynamodbs() {
    let value = Value::from(BTreeMap::from([
        ("binary".to_owned(), Value::B(Bytes::from(&b"\0\xff"[..]))),
        ("list".to_owned(), vec![Value::from(()), Value::from(true)].into()),
        ("number".to_owned(), (-12_i64).into()),
        ("set".to_owned(), BTreeSet::from(["b".to_owned(), "a".to_owned()]).into()),
        ("text".to_owned(), "a \"b\"\n".into()),
    ]));
    let json = r#"{"M":{"binary":{"B":"AP8="},"list":{"L":[{"NULL":true},{"BOOL":true}]},"#.to_owned()
        + r#""number":{"N":"-12"},"set":{"SS":["a","b"]},"text":{"S":"a \"b\"\n"}}}"#;
    assert_eq!(String::from_utf8(dynamap::wire::to_json(&value).unwrap()).unwrap(), json);
}

#[test]
fn what_dynamodb_cannot_store_is_refused() {
    check_refused(&f64::NAN, "not finite");
    check_refused(&f32::INFINITY, "not finite");
    check_refused(&1e126, "range");
    check_refused(&-9e-131, "range");
    check_refused(&u128::MAX, "38");
    check_refused(&i128::MIN, "38");
    check_refused(&vec![HashSet::<String>::new()], "without members");
    check_refused(&Value::Ss(BTreeSet::new()), "without members");
    let nested = BTreeMap::from([("a".to_owned(), vec![(1, f64::NAN)])]);
    check_refused(&nested, "attribute `{key}[0][1]`: the number is not finite");
    check(&10_i128.pow(38));
    check(&9.99e125);
}

#[test]
fn epoch_seconds_round_down() {
    let at = |seconds: i64| EpochSeconds(seconds);
    assert_eq!(EpochSeconds::from(UNIX_EPOCH + Duration::from_millis(1_999)), at(1));
    assert_eq!(EpochSeconds::from(UNIX_EPOCH - Duration::from_millis(1_001)), at(-2));
    assert_eq!(EpochSeconds::from(UNIX_EPOCH - Duration::from_secs(1)), at(-1));
    assert_eq!(at(-2).to_system_time(), Some(UNIX_EPOCH - Duration::from_secs(2)));
    assert_eq!(at(i64::MAX) + Duration::from_secs(1), at(i64::MAX));
}
