//! Writes and reads through both back ends, which must agree.

use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::Entity;
use dynamap::entity::{from_item, to_item, write_item};
use dynamap::wire::{self, JsonWriter};
use serde_json::{Map, Value};
use std::fmt::Debug;

/// The item of an entity as JSON without data types; the entity is read back from both forms.
#[track_caller]
pub(crate) fn item<E: Entity + PartialEq + Debug>(entity: &E) -> Value {
    let attributes = to_item(entity).unwrap();
    let mut json = Vec::new();
    write_item(entity, &mut JsonWriter::new(&mut json)).unwrap();
    assert_eq!(&wire::item_from_json::<E>(&json).unwrap(), entity, "read from JSON");
    let typed: Value = serde_json::from_slice(&json).unwrap();
    let item: Map<String, Value> =
        attributes.iter().map(|(name, value)| (name.clone(), untyped(&wire_json(value)))).collect();
    assert_eq!(&from_item::<E>(attributes).unwrap(), entity, "read from `AttributeValue`");
    let members = typed.as_object().unwrap().iter();
    let from_json: Map<String, Value> = members.map(|(name, value)| (name.clone(), untyped(value))).collect();
    assert_eq!(from_json, item, "the two writers differ");
    Value::Object(item)
}

/// The DynamoDB-JSON of an attribute.
pub(crate) fn wire_json(value: &AttributeValue) -> Value {
    serde_json::from_slice(&wire::to_json(value).unwrap()).unwrap()
}

/// DynamoDB-JSON without the data types; sets become sorted lists.
fn untyped(value: &Value) -> Value {
    let (data_type, value) = value.as_object().unwrap().iter().next().unwrap();
    match (data_type.as_str(), value) {
        ("N", Value::String(number)) => serde_json::from_str(number).unwrap(),
        ("NULL", _) => Value::Null,
        ("M", Value::Object(members)) => {
            members.iter().map(|(name, value)| (name.clone(), untyped(value))).collect()
        }
        ("L", Value::Array(elements)) => elements.iter().map(untyped).collect(),
        ("SS" | "NS" | "BS", Value::Array(members)) => {
            let mut members = members.clone();
            members.sort_by_key(|member| member.as_str().map(str::to_owned));
            members.into()
        }
        (_, value) => value.clone(),
    }
}
