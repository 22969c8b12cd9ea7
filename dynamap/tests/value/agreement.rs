//! What both back ends must agree on, whatever the type.

use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::value::{FromAttribute, ToAttribute};
use dynamap::wire;
use serde_json::{Value, json};
use std::fmt::Debug;

/// The SDK's value as DynamoDB-JSON, by another hand than the library's; sets are sorted.
pub(crate) fn as_json(value: &AttributeValue) -> Value {
    let base64 = |bytes: &[u8]| base64_simd::STANDARD.encode_to_string(bytes);
    let sorted = |mut members: Vec<String>| {
        members.sort();
        members
    };
    match value {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::N(text) => json!({ "N": text }),
        AttributeValue::B(bytes) => json!({ "B": base64(bytes.as_ref()) }),
        AttributeValue::Bool(value) => json!({ "BOOL": value }),
        AttributeValue::Null(value) => json!({ "NULL": value }),
        AttributeValue::M(members) => {
            let members = members.iter().map(|(name, value)| (name.clone(), as_json(value)));
            json!({ "M": members.collect::<serde_json::Map<_, _>>() })
        }
        AttributeValue::L(elements) => json!({ "L": elements.iter().map(as_json).collect::<Vec<_>>() }),
        AttributeValue::Ss(members) => json!({ "SS": sorted(members.clone()) }),
        AttributeValue::Ns(members) => json!({ "NS": sorted(members.clone()) }),
        AttributeValue::Bs(members) => {
            json!({ "BS": sorted(members.iter().map(|bytes| base64(bytes.as_ref())).collect()) })
        }
        other => panic!("not a value that can be written: {other:?}"),
    }
}

/// Parses JSON and sorts the members of sets.
pub(crate) fn parsed(json: &[u8]) -> Value {
    fn sort_sets(value: &mut Value) {
        match value {
            Value::Object(members) => {
                for (name, value) in members.iter_mut() {
                    match (name.as_str(), value) {
                        ("SS" | "NS" | "BS", Value::Array(members)) => {
                            members.sort_by_key(|member| member.as_str().map(str::to_owned));
                        }
                        (_, value) => sort_sets(value),
                    }
                }
            }
            Value::Array(elements) => elements.iter_mut().for_each(sort_sets),
            _ => {}
        }
    }
    let mut value = serde_json::from_slice(json).unwrap();
    sort_sets(&mut value);
    value
}

/// Writes and reads `value` in both forms; all results must be equal, and equal to `value`.
#[track_caller]
pub(crate) fn check<T: ToAttribute + FromAttribute + PartialEq + Debug>(value: &T) {
    let attribute = wire::to_attribute_value(value).unwrap();
    let json = wire::to_json(value).unwrap();
    assert_eq!(parsed(&json), as_json(&attribute), "the two writers differ");
    assert_eq!(&wire::from_json::<T>(&json).unwrap(), value, "read from JSON");
    let spaced = serde_json::to_vec_pretty(&serde_json::from_slice::<Value>(&json).unwrap()).unwrap();
    assert_eq!(&wire::from_json::<T>(&spaced).unwrap(), value, "read from spaced JSON");
    assert_eq!(&wire::from_attribute_value::<T>(attribute).unwrap(), value, "read from `AttributeValue`");
}

/// Both writers must refuse `value`, for the same reason.
#[track_caller]
pub(crate) fn check_refused<T: ToAttribute + Debug>(value: &T, reason: &str) {
    let attribute = wire::to_attribute_value(value).unwrap_err();
    let json = wire::to_json(value).unwrap_err();
    assert_eq!(attribute, json, "the two writers differ");
    assert!(json.to_string().contains(reason), "{json}");
}

/// Reads `value` as a `T` from both forms; the results, also the errors, must be equal.
#[track_caller]
pub(crate) fn read_alike<T: FromAttribute + PartialEq + Debug>(
    value: &AttributeValue,
) -> Result<T, dynamap::error::DecodeError> {
    let json = serde_json::to_vec(&as_json(value)).unwrap();
    let from_json = wire::from_json::<T>(&json);
    let from_attribute = wire::from_attribute_value::<T>(value.clone());
    assert_eq!(from_json, from_attribute, "the two readers differ");
    from_json
}
