//! Random values.

use dynamap::value::{Bytes, Number, Value};
use proptest::collection::{btree_map, btree_set, vec};
use proptest::prelude::*;

/// Texts with everything that JSON escapes, of lengths around those that the scanner distinguishes.
pub(crate) fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-zA-Z0-9 _#:-]{0,12}",
        1 => "[ -~]{0,80}",
        1 => ".{0,40}",
        1 => "[\"\\\\/\u{8}\u{c}\n\r\t\u{0}\u{1f}\u{7f}é漢😀]{0,20}",
    ]
}

/// Keys of maps: DynamoDB takes no empty one.
pub(crate) fn key() -> impl Strategy<Value = String> {
    text().prop_filter("not empty", |text| !text.is_empty())
}

/// Numbers over all of DynamoDB's range.
pub(crate) fn number() -> impl Strategy<Value = Number> {
    prop_oneof![
        2 => any::<i64>().prop_map(Number::from),
        1 => (any::<bool>(), 0_u128..10_u128.pow(38), -130_i64..=88).prop_map(|(negative, coefficient, exponent)| {
            let sign = if negative { "-" } else { "" };
            format!("{sign}{coefficient}E{exponent}").parse().unwrap()
        }),
    ]
}

pub(crate) fn bytes() -> impl Strategy<Value = Bytes> {
    vec(any::<u8>(), 0..40).prop_map(Bytes)
}

/// Floats that DynamoDB can store.
pub(crate) fn float() -> impl Strategy<Value = f64> {
    any::<f64>()
        .prop_filter("in DynamoDB's range", |value| *value == 0.0 || (1e-130..1e126).contains(&value.abs()))
}

pub(crate) fn value() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        text().prop_map(Value::S),
        number().prop_map(Value::N),
        bytes().prop_map(Value::B),
        any::<bool>().prop_map(Value::Bool),
        Just(Value::Null),
        btree_set(text(), 1..5).prop_map(Value::Ss),
        btree_set(number(), 1..5).prop_map(Value::Ns),
        btree_set(bytes(), 1..5).prop_map(Value::Bs),
    ];
    scalar.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::L),
            btree_map(key(), inner, 0..6).prop_map(Value::M),
        ]
    })
}
