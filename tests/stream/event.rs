//! Events as Lambda sends them, made of entities.

use dynamap::Entity;
use dynamap::entity::write_item;
use dynamap::wire::JsonWriter;
use serde_json::{Value, json};

/// The item that stores an entity, as DynamoDB-JSON.
pub(crate) fn image<E: Entity>(entity: &E) -> Value {
    let mut json = Vec::new();
    write_item(entity, &mut JsonWriter::new(&mut json)).unwrap();
    serde_json::from_slice(&json).unwrap()
}

/// A record of a stream with both images.
pub(crate) fn record(number: usize, event: &str, old: Option<Value>, new: Option<Value>) -> Value {
    let any = old.as_ref().or(new.as_ref()).unwrap();
    let mut body = json!({
        "ApproximateCreationDateTime": 1_700_000_000,
        "Keys": { "pk": any["pk"], "sk": any["sk"] },
        "SequenceNumber": format!("{:025}", 4_421_584_500 + number),
        "SizeBytes": 59,
        "StreamViewType": "NEW_AND_OLD_IMAGES",
    });
    let images = [("NewImage", new), ("OldImage", old)];
    images.into_iter().for_each(|(name, image)| {
        if let Some(image) = image {
            body[name] = image;
        }
    });
    json!({
        "eventID": format!("{number:032x}"),
        "eventName": event,
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "us-east-1",
        "dynamodb": body,
        "eventSourceARN": ARN,
    })
}

pub(crate) const ARN: &str =
    "arn:aws:dynamodb:us-east-1:123456789012:table/shop/stream/2026-01-01T00:00:00.000";

/// The record as a stream of another view type has it.
pub(crate) fn in_view(mut record: Value, view: &str) -> Value {
    let body = record["dynamodb"].as_object_mut().unwrap();
    body.insert("StreamViewType".into(), view.into());
    if !["NEW_IMAGE", "NEW_AND_OLD_IMAGES"].contains(&view) {
        body.remove("NewImage");
    }
    if !["OLD_IMAGE", "NEW_AND_OLD_IMAGES"].contains(&view) {
        body.remove("OldImage");
    }
    record
}

pub(crate) fn event(records: &[Value]) -> Vec<u8> {
    serde_json::to_vec(&json!({ "Records": records })).unwrap()
}
