//! Records of the SDK as the JSON of the service.

use std::collections::HashMap;

use aws_sdk_dynamodbstreams::types::{AttributeValue, Record, StreamRecord};
use aws_smithy_types::base64;
use serde_json::{Map, Value, json};

type Item = HashMap<String, AttributeValue>;

/// Returns the record with what it says of itself; [`complete`] adds the rest.
pub(super) fn of_sdk(record: &Record) -> Value {
    let mut json = json!({});
    set(&mut json, "eventID", record.event_id());
    set(&mut json, "eventName", record.event_name().map(|name| name.as_str()));
    set(&mut json, "eventVersion", record.event_version());
    set(&mut json, "eventSource", record.event_source());
    set(&mut json, "awsRegion", record.aws_region());
    if let Some(user) = record.user_identity() {
        let mut identity = json!({});
        set(&mut identity, "Type", user.r#type());
        set(&mut identity, "PrincipalId", user.principal_id());
        json["userIdentity"] = identity;
    }
    json["dynamodb"] = record.dynamodb().map_or_else(|| json!({}), change);
    json
}

fn change(change: &StreamRecord) -> Value {
    let mut json = json!({});
    set(&mut json, "Keys", change.keys().map(item));
    set(&mut json, "NewImage", change.new_image().map(item));
    set(&mut json, "OldImage", change.old_image().map(item));
    set(&mut json, "SizeBytes", change.size_bytes());
    let time = change.approximate_creation_date_time();
    set(&mut json, "ApproximateCreationDateTime", time.map(aws_smithy_types::DateTime::as_secs_f64));
    json
}

fn set(json: &mut Value, name: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        json[name] = value.into();
    }
}

/// Gives the record an id that no other record of any stream has.
pub(super) fn identify(record: &mut Value, arn: &str, sequence: u128) {
    default(record, "eventID", format!("{:08x}{sequence:024x}", crc32fast::hash(arn.as_bytes())).into());
}

/// Adds the members that the service gives to each record, and leaves out the images that the view does not have.
pub(super) fn complete(record: &mut Value, view: &str, sequence: &str, seconds: f64) {
    let change = &mut record["dynamodb"];
    for (image, views) in [("NewImage", ["NEW_IMAGE", BOTH]), ("OldImage", ["OLD_IMAGE", BOTH])] {
        if let Some(change) = change.as_object_mut().filter(|_| !views.contains(&view)) {
            change.remove(image);
        }
    }
    let size: usize = ["Keys", "NewImage", "OldImage"].iter().map(|name| size(&change[*name])).sum();
    default(change, "SizeBytes", size.into());
    default(change, "ApproximateCreationDateTime", seconds.floor().into());
    change["SequenceNumber"] = sequence.into();
    change["StreamViewType"] = view.into();
    default(record, "eventVersion", "1.1".into());
    default(record, "eventSource", "aws:dynamodb".into());
    default(record, "awsRegion", "us-east-1".into());
}

const BOTH: &str = "NEW_AND_OLD_IMAGES";

fn default(json: &mut Value, name: &str, value: Value) {
    if json.get(name).is_none_or(Value::is_null) {
        json[name] = value;
    }
}

/// The size of an item, more or less: the service counts names and values.
fn size(item: &Value) -> usize {
    if item.is_null() { 0 } else { item.to_string().len() }
}

/// Returns the hash of the partition key: of all keys where its name is not known.
pub(super) fn hash(record: &Value, partition_key: Option<&str>) -> u32 {
    let keys = &record["dynamodb"]["Keys"];
    let partition = partition_key.map(|name| &keys[name]).filter(|value| !value.is_null());
    spread(crc32fast::hash(partition.unwrap_or(keys).to_string().as_bytes()))
}

/// Spreads a sum over all values: those of similar keys differ in few bits only. (The finalizer of MurmurHash3.)
fn spread(mut hash: u32) -> u32 {
    hash = (hash ^ (hash >> 16)).wrapping_mul(0x85eb_ca6b);
    hash = (hash ^ (hash >> 13)).wrapping_mul(0xc2b2_ae35);
    hash ^ (hash >> 16)
}

fn item(item: &Item) -> Value {
    Value::Object(item.iter().map(|(name, value)| (name.clone(), attribute(value))).collect())
}

fn attribute(value: &AttributeValue) -> Value {
    match value {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::N(number) => json!({ "N": number }),
        AttributeValue::B(bytes) => json!({ "B": base64::encode(bytes) }),
        AttributeValue::Bool(value) => json!({ "BOOL": value }),
        AttributeValue::Null(value) => json!({ "NULL": value }),
        AttributeValue::Ss(texts) => json!({ "SS": texts }),
        AttributeValue::Ns(numbers) => json!({ "NS": numbers }),
        AttributeValue::Bs(all) => json!({ "BS": all.iter().map(base64::encode).collect::<Vec<_>>() }),
        AttributeValue::L(elements) => json!({ "L": elements.iter().map(attribute).collect::<Vec<_>>() }),
        AttributeValue::M(members) => json!({ "M": item(members) }),
        // A type that this version of the SDK does not know.
        _ => Value::Object(Map::new()),
    }
}
