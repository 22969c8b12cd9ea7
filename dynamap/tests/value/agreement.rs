//! What both back ends must agree on, whatever the type.

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::error::DecodeError;
use dynamap::value::{FromAttribute, ToAttribute};
use dynamap::wire;
use serde_json::{Value, json};
use std::fmt::Debug;

/// The SDK's value as DynamoDB-JSON, by another hand than the library's.
pub(crate) fn as_json(value: &AttributeValue) -> Value {
    let base64 = |bytes: &Blob| base64_simd::STANDARD.encode_to_string(bytes);
    match value {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::N(text) => json!({ "N": text }),
        AttributeValue::B(bytes) => json!({ "B": base64(bytes) }),
        AttributeValue::Bool(value) => json!({ "BOOL": value }),
        AttributeValue::Null(value) => json!({ "NULL": value }),
        AttributeValue::M(members) => {
            let members = members.iter().map(|(name, value)| (name.clone(), as_json(value)));
            json!({ "M": members.collect::<serde_json::Map<_, _>>() })
        }
        AttributeValue::L(elements) => json!({ "L": elements.iter().map(as_json).collect::<Vec<_>>() }),
        AttributeValue::Ss(members) => json!({ "SS": members }),
        AttributeValue::Ns(members) => json!({ "NS": members }),
        AttributeValue::Bs(members) => json!({ "BS": members.iter().map(base64).collect::<Vec<_>>() }),
        other => panic!("not a value that can be written: {other:?}"),
    }
}

/// Two writers must have written the same; the order of the members of sets does not count.
#[track_caller]
pub(crate) fn assert_written_alike(json: &[u8], attribute: &AttributeValue) {
    let (mut ours, mut expected) = (serde_json::from_slice(json).unwrap(), as_json(attribute));
    sort_sets(&mut ours);
    sort_sets(&mut expected);
    assert_eq!(ours, expected, "the two writers differ");
}

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

/// Writes and reads `value` in both forms; all results must be equal, and equal to `value`.
#[track_caller]
pub(crate) fn check<T: ToAttribute + FromAttribute + PartialEq + Debug>(value: &T) {
    let attribute = wire::to_attribute_value(value).unwrap();
    let json = wire::to_json(value).unwrap();
    assert_written_alike(&json, &attribute);
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

/// Reads `value` as a `T` from both forms; the results must be alike.
#[track_caller]
pub(crate) fn read_alike<T: FromAttribute + PartialEq + Debug>(
    value: &AttributeValue,
) -> Result<T, DecodeError> {
    let json = serde_json::to_vec(&as_json(value)).unwrap();
    let from_json = wire::from_json::<T>(&json);
    let from_attribute = wire::from_attribute_value::<T>(value.clone());
    assert_alike(value, &from_json, &from_attribute);
    from_json
}

/// Two results of reading `value` must be equal, also the errors.
#[track_caller]
pub(crate) fn assert_alike<T: PartialEq + Debug>(
    value: &AttributeValue,
    from_json: &Result<T, DecodeError>,
    from_attribute: &Result<T, DecodeError>,
) {
    match (from_json, from_attribute) {
        // Which of several members is refused first depends on their order, which maps do not keep.
        (Err(_), Err(_)) if has_members_without_order(value) => {}
        _ => assert_eq!(from_json, from_attribute, "the two readers differ"),
    }
}

fn has_members_without_order(value: &AttributeValue) -> bool {
    match value {
        AttributeValue::M(members) => members.len() > 1 || members.values().any(has_members_without_order),
        AttributeValue::L(elements) => elements.iter().any(has_members_without_order),
        AttributeValue::Ss(members) | AttributeValue::Ns(members) => members.len() > 1,
        AttributeValue::Bs(members) => members.len() > 1,
        _ => false,
    }
}
