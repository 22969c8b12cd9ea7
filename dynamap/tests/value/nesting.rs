//! The levels of nesting that DynamoDB stores.

use super::agreement::{as_json, check, check_refused};
use super::documents::Nothing;
use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::value::{MAX_DEPTH, Value};
use dynamap::wire;
use std::collections::{BTreeMap, HashMap};

/// `leaf` inside of `containers` lists and maps by turns.
fn nest(leaf: Value, containers: u32) -> Value {
    (0..containers).fold(leaf, |value, level| match level % 2 {
        0 => Value::L(vec![value]),
        _ => Value::M(BTreeMap::from([("m".to_owned(), value)])),
    })
}

fn nest_attribute(leaf: AttributeValue, containers: u32) -> AttributeValue {
    (0..containers).fold(leaf, |value, level| match level % 2 {
        0 => AttributeValue::L(vec![value]),
        _ => AttributeValue::M(HashMap::from([("m".to_owned(), value)])),
    })
}

#[test]
fn a_value_at_the_last_level_is_stored() {
    check(&nest(Value::from("leaf"), MAX_DEPTH - 1));
    check(&nest(Value::L(vec![]), MAX_DEPTH - 1));
    check(&nest(Value::M(BTreeMap::new()), MAX_DEPTH - 1));
    let item = HashMap::from([("attribute".to_owned(), nest(Value::from("leaf"), MAX_DEPTH - 1))]);
    let json = wire::item_to_json(&item).unwrap();
    assert_eq!(wire::item_from_json::<HashMap<String, Value>>(&json).unwrap(), item);
    let values = wire::item_to_attribute_values(&item).unwrap();
    assert_eq!(wire::item_from_attribute_values::<HashMap<String, Value>>(values).unwrap(), item);
}

#[test]
fn a_value_one_level_deeper_is_refused_when_it_is_written() {
    check_refused(&nest(Value::from("leaf"), MAX_DEPTH), "nests deeper than 32 levels");
    check_refused(&nest(Value::L(vec![]), MAX_DEPTH), "nests deeper");
    check_refused(&nest(Value::from("leaf"), 500), "nests deeper");
    let item = HashMap::from([("attribute".to_owned(), nest(Value::from("leaf"), MAX_DEPTH))]);
    assert!(wire::item_to_json(&item).is_err());
    assert!(wire::item_to_attribute_values(&item).is_err());
}

#[test]
fn a_value_one_level_deeper_is_refused_when_it_is_read() {
    for leaf in [AttributeValue::S("leaf".to_owned()), AttributeValue::L(vec![]), AttributeValue::Ss(vec![])]
    {
        for (containers, taken) in [(MAX_DEPTH - 1, true), (MAX_DEPTH, false), (2 * MAX_DEPTH, false)] {
            let value = nest_attribute(leaf.clone(), containers);
            let json = serde_json::to_vec(&as_json(&value)).unwrap();
            assert_eq!(wire::from_json::<Value>(&json).is_ok(), taken, "JSON, {containers} containers");
            assert_eq!(wire::from_attribute_value::<Value>(value).is_ok(), taken, "{containers} containers");
        }
    }
}

#[test]
fn a_value_one_level_deeper_is_refused_when_it_is_skipped() {
    for leaf in [AttributeValue::S("leaf".to_owned()), AttributeValue::L(vec![]), AttributeValue::Ss(vec![])]
    {
        // The map around the member is a level too.
        for (containers, taken) in [(MAX_DEPTH - 2, true), (MAX_DEPTH - 1, false), (2 * MAX_DEPTH, false)] {
            let member = nest_attribute(leaf.clone(), containers);
            let value = AttributeValue::M(HashMap::from([("skipped".to_owned(), member)]));
            let json = serde_json::to_vec(&as_json(&value)).unwrap();
            assert_eq!(wire::from_json::<Nothing>(&json).is_ok(), taken, "JSON, {containers} containers");
            assert_eq!(
                wire::from_attribute_value::<Nothing>(value).is_ok(),
                taken,
                "{containers} containers"
            );
        }
    }
}

#[test]
fn endless_nesting_does_not_exhaust_the_stack() {
    for opening in ["{\"L\":[", "{\"M\":{\"m\":", "[", "{\"m\":"] {
        let json = opening.repeat(100_000);
        assert!(wire::from_json::<Value>(json.as_bytes()).is_err());
        let skipped = format!("{{\"M\":{{\"skipped\":{json}");
        let error = wire::from_json::<Nothing>(skipped.as_bytes()).unwrap_err();
        assert_eq!(error.expected(), "at most 32 levels of nesting", "{opening}");
    }
}
