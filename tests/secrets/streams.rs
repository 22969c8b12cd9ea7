//! Records of streams and what they are read as.

use crate::Shown;
use crate::model::{HUSH, OwnerItem, secret};
use aws_sdk_dynamodb::types::AttributeValue as Value;
use aws_sdk_dynamodbstreams::types::{
    AttributeValue, OperationType, Record, StreamRecord as Body, StreamViewType,
};
use dynamap::entity::{Item, to_item};
use dynamap::stream::{NewAndOldImages, StreamRecord, json};
use std::collections::HashMap;

pub(crate) fn all(shown: &mut Shown) {
    let item = to_item(&secret("a")).unwrap();
    let mut new = item.clone();
    new.insert(HUSH.into(), Value::S(HUSH.into()));
    let changed = record_of(&item, &new);
    let diff = changed.changes::<OwnerItem, NewAndOldImages>().unwrap().next().unwrap().diff();
    assert_eq!(diff.others_unredacted(), [HUSH]);
    shown.debug("StreamRecord", &changed);
    let changes = changed.changes::<OwnerItem, NewAndOldImages>().unwrap();
    shown.debug("Changes", &changes);
    for change in changes {
        shown.debug("ChangeRecord", &change);
        shown.debug("Change", &change.change);
        shown.display("Diff", &change.diff());
    }

    let text =
        serde_json::json!({ "Records": [{ "eventID": 7, "dynamodb": { "Keys": HUSH } }], "state": HUSH });
    let text = text.to_string();
    let event = json::lambda_event(text.as_bytes()).unwrap();
    shown.debug("StreamEvent", &event);
    let damaged = &event.records()[0];
    shown.error("RecordError", &damaged.changes::<OwnerItem, NewAndOldImages>().unwrap_err());

    // A value of another type under a secret key of a map, an entity that is not known, and another key.
    for (name, value) in [
        ("prices", Value::M([(HUSH.to_owned(), Value::S(HUSH.into()))].into())),
        ("entity_type", Value::S(HUSH.into())),
        ("owner", Value::S(format!("another {HUSH}"))),
    ] {
        let mut item = item.clone();
        item.insert(name.into(), value);
        let error = record(&item).changes::<OwnerItem, NewAndOldImages>().unwrap_err();
        shown.error("RecordError", &error);
        shown.debug("RecordErrorKind", error.kind());
        shown.debug("StreamRecord", &error.into_record());
    }
}

fn record(item: &Item) -> StreamRecord<'static> {
    record_of(item, item)
}

fn record_of(old: &Item, new: &Item) -> StreamRecord<'static> {
    let image = image(old);
    let keys = ["pk", "sk"].map(|name| (name.to_owned(), image[name].clone()));
    let body = Body::builder()
        .set_keys(Some(keys.into()))
        .set_old_image(Some(image))
        .set_new_image(Some(self::image(new)))
        .sequence_number("12345")
        .stream_view_type(StreamViewType::NewAndOldImages);
    Record::builder().event_id("e-1").event_name(OperationType::Modify).dynamodb(body.build()).build().into()
}

fn image(item: &Item) -> HashMap<String, AttributeValue> {
    item.iter().map(|(name, of)| (name.clone(), value(of))).collect()
}

fn value(of: &Value) -> AttributeValue {
    match of {
        Value::S(text) => AttributeValue::S(text.clone()),
        Value::N(number) => AttributeValue::N(number.clone()),
        Value::M(members) => AttributeValue::M(image(members)),
        Value::L(elements) => AttributeValue::L(elements.iter().map(value).collect()),
        Value::Ss(members) => AttributeValue::Ss(members.clone()),
        _ => panic!("not in the model"),
    }
}
