//! Values and items in both back ends.

use dynamap::{
    Entity,
    entity::{Item, from_item, from_json, to_item, write_item},
    error::DecodeError,
    value::{FromAttribute, ToAttribute, Value},
    wire::{self, JsonWriter},
};
use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, Visitor},
};
use serde_json::{Map, json};
use std::fmt::{self, Debug};

/// The DynamoDB-JSON of `value`. Both back ends write it, and read it back as an equal value.
#[track_caller]
pub(crate) fn stored<T: FromAttribute + PartialEq + Debug>(value: &T) -> serde_json::Value {
    let json = written(value);
    assert_eq!(read::<T>(&json).as_ref(), Ok(value), "read back from {json}");
    json
}

/// The DynamoDB-JSON of `value`, which both back ends write.
#[track_caller]
pub(crate) fn written<T: ToAttribute>(value: &T) -> serde_json::Value {
    let json = wire::to_json(value).unwrap();
    let attribute = wire::to_attribute_value(value).unwrap();
    assert_eq!(wire::from_json::<Value>(&json), wire::from_attribute_value(attribute));
    serde_json::from_slice(&json).unwrap()
}

/// What both back ends read from DynamoDB-JSON.
#[track_caller]
pub(crate) fn read<T: FromAttribute + PartialEq + Debug>(json: &serde_json::Value) -> Result<T, DecodeError> {
    let json = serde_json::to_vec(json).unwrap();
    let attribute = wire::to_attribute_value(&wire::from_json::<Value>(&json).unwrap()).unwrap();
    let read = wire::from_json(&json);
    assert_eq!(wire::from_attribute_value::<T>(attribute), read);
    read
}

/// The DynamoDB-JSON of the item that stores `entity`. Both back ends write it, and read it back.
#[track_caller]
pub(crate) fn item<E: Entity + PartialEq + Debug>(entity: &E) -> serde_json::Value {
    let json = written_item(entity);
    assert_eq!(read_item::<E>(&json).as_ref(), Ok(entity), "read back from {json}");
    json
}

/// The DynamoDB-JSON of the item that stores `entity`, which both back ends write, each attribute once.
#[track_caller]
pub(crate) fn written_item<E: Entity>(entity: &E) -> serde_json::Value {
    let mut json = Vec::new();
    write_item(entity, &mut JsonWriter::new(&mut json)).unwrap();
    let text = String::from_utf8(json).unwrap();
    let parsed: serde_json::Value = serde_json::from_str(&text).unwrap();
    let Written(attributes) = serde_json::from_str(&text).unwrap();
    assert_eq!(parsed.as_object().unwrap().len(), attributes, "an attribute is written twice: {text}");
    let item: Item = to_item(entity).unwrap();
    assert_eq!(value_of(&parsed), wire::from_json(&wire::to_json(&item).unwrap()).unwrap());
    parsed
}

/// What both back ends read from the DynamoDB-JSON of an item.
#[track_caller]
pub(crate) fn read_item<E: Entity + PartialEq + Debug>(json: &serde_json::Value) -> Result<E, DecodeError> {
    let item: Item = wire::from_json(&serde_json::to_vec(&json!({ "M": json })).unwrap()).unwrap();
    let read = from_item::<E>(item);
    assert_eq!(from_json::<E>(&serde_json::to_vec(json).unwrap()), read);
    read
}

/// The number of attributes as they are written.
struct Written(usize);

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Count;
        impl<'de> Visitor<'de> for Count {
            type Value = Written;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an item")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Written, A::Error> {
                let mut count = 0;
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {
                    count += 1;
                }
                Ok(Written(count))
            }
        }
        deserializer.deserialize_map(Count)
    }
}

fn value_of(item: &serde_json::Value) -> Value {
    wire::from_json(&serde_json::to_vec(&json!({ "M": item })).unwrap()).unwrap()
}

/// The value as JSON without data types: what serde_json would have written.
pub(crate) fn plain(typed: &serde_json::Value) -> serde_json::Value {
    let (data_type, value) = typed.as_object().unwrap().iter().next().unwrap();
    match data_type.as_str() {
        "N" => serde_json::from_str(value.as_str().unwrap()).unwrap(),
        "NULL" => serde_json::Value::Null,
        "L" => value.as_array().unwrap().iter().map(plain).collect(),
        "M" => {
            let members = value.as_object().unwrap().iter();
            members.map(|(name, value)| (name.clone(), plain(value))).collect::<Map<_, _>>().into()
        }
        _ => value.clone(),
    }
}

/// `item` without `name`, or with another value there.
pub(crate) fn with(
    item: &serde_json::Value,
    name: &str,
    value: Option<serde_json::Value>,
) -> serde_json::Value {
    let mut item = item.clone();
    match value {
        Some(value) => item[name] = value,
        None => drop(item.as_object_mut().unwrap().remove(name)),
    }
    item
}
