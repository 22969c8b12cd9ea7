//! One record is the same, whichever source it comes from.

use crate::event::{event, image, record};
use crate::model::{Anything, Customer, Known, Order, Session, Status, Strict, archived, customer, order};
use aws_sdk_dynamodbstreams::primitives::{Blob, DateTime};
use aws_sdk_dynamodbstreams::types::{
    AttributeValue, Identity, OperationType, Record, StreamRecord as Body, StreamViewType,
};
use dynamap::op::read::Queryable;
use dynamap::stream::{KeysOnly, NewAndOldImages, NewImage, OldImage, StreamRecord, StreamView, json};
use dynamap::value::EpochSeconds;
use serde_json::{Value, json as value};
use std::collections::HashMap;

fn attribute(of: &Value) -> AttributeValue {
    let (name, inner) = of.as_object().unwrap().iter().next().unwrap();
    let texts = || inner.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect();
    let text = || inner.as_str().unwrap().to_owned();
    match name.as_str() {
        "S" => AttributeValue::S(text()),
        "N" => AttributeValue::N(text()),
        "BOOL" => AttributeValue::Bool(inner.as_bool().unwrap()),
        "NULL" => AttributeValue::Null(true),
        "SS" => AttributeValue::Ss(texts()),
        "NS" => AttributeValue::Ns(texts()),
        "B" => AttributeValue::B(Blob::new(base64(inner))),
        "BS" => {
            AttributeValue::Bs(inner.as_array().unwrap().iter().map(|one| Blob::new(base64(one))).collect())
        }
        "M" => AttributeValue::M(attributes(inner)),
        "L" => AttributeValue::L(inner.as_array().unwrap().iter().map(attribute).collect()),
        other => panic!("{other}"),
    }
}

/// The only binary value in these tests is `AQI=`.
fn base64(of: &Value) -> [u8; 2] {
    assert_eq!(of.as_str(), Some("AQI="));
    [1, 2]
}

fn attributes(of: &Value) -> HashMap<String, AttributeValue> {
    of.as_object().unwrap().iter().map(|(name, value)| (name.clone(), attribute(value))).collect()
}

/// The record as the SDK's crate for streams has it.
fn of_sdk(record: &Value) -> Record {
    let body = &record["dynamodb"];
    let image = |name: &str| body.get(name).map(attributes);
    let built = Body::builder()
        .approximate_creation_date_time(DateTime::from_secs(
            body["ApproximateCreationDateTime"].as_i64().unwrap(),
        ))
        .set_keys(image("Keys"))
        .set_new_image(image("NewImage"))
        .set_old_image(image("OldImage"))
        .set_sequence_number(body["SequenceNumber"].as_str().map(str::to_owned))
        .size_bytes(body["SizeBytes"].as_i64().unwrap())
        .stream_view_type(StreamViewType::from(body["StreamViewType"].as_str().unwrap()))
        .build();
    let text = |of: &Value| of.as_str().map(str::to_owned);
    let identity = record.get("userIdentity").map(|identity| {
        Identity::builder()
            .set_principal_id(text(&identity["principalId"]))
            .set_type(text(&identity["type"]))
            .build()
    });
    Record::builder()
        .set_event_id(text(&record["eventID"]))
        .event_name(OperationType::from(record["eventName"].as_str().unwrap()))
        .dynamodb(built)
        .set_user_identity(identity)
        .build()
}

/// The record by each source, which say the same of it, but the SDK not the stream.
fn each_source(record: &Value) -> [StreamRecord<'static>; 3] {
    let bytes = event(std::slice::from_ref(record));
    let json = json::lambda_event(&bytes).unwrap().into_iter().next().unwrap().into_owned();
    let events: aws_lambda_events::dynamodb::Event = serde_json::from_slice(&bytes).unwrap();
    let lambda = StreamRecord::from(events.records.into_iter().next().unwrap());
    let sdk = StreamRecord::from(of_sdk(record));
    assert_eq!(json.source_arn(), lambda.source_arn());
    for other in [&lambda, &sdk] {
        assert_eq!(json.event_name(), other.event_name());
        assert_eq!(json.event_id(), other.event_id());
        assert_eq!(json.sequence_number(), other.sequence_number());
        assert_eq!(
            (json.time(), json.size(), json.is_expired()),
            (other.time(), other.size(), other.is_expired())
        );
        assert_eq!(json.view_type(), other.view_type());
        assert_eq!(json.keys_unredacted(), other.keys_unredacted());
        assert_eq!(json.new_image_unredacted(), other.new_image_unredacted());
        assert_eq!(json.old_image_unredacted(), other.old_image_unredacted());
    }
    [json, lambda, sdk]
}

/// All that a record is read as: its changes with all their parts, or the reason why it is not.
fn outcome<T, V>(record: &StreamRecord<'_>) -> String
where
    T: Queryable<Key: PartialEq>,
    V: StreamView<
            New<dynamap::stream::ItemOf<T>>: std::fmt::Debug,
            Old<dynamap::stream::ItemOf<T>>: std::fmt::Debug,
        >,
{
    use dynamap::stream::Change;
    match record.changes::<T, V>() {
        Ok(changes) => {
            let skipped = changes.skipped();
            let each = changes.map(|record| {
                let images = match &record.change {
                    Change::Insert { new } => format!("insert {new:?}"),
                    Change::Modify { old, new } => format!("modify {old:?} {new:?}"),
                    Change::Remove { old } => format!("remove {old:?}"),
                };
                format!("{images} {record:?} {}", record.operation_id())
            });
            format!("{:?} {skipped}", Vec::from_iter(each))
        }
        Err(error) => format!("{:?}", error.kind()),
    }
}

/// Entities, an item of an unknown one, items with values of every data type, and one that cannot be read.
fn images() -> Vec<Value> {
    let session = Session { customer_id: "ada".into(), token: "t".into(), expires_at: EpochSeconds(1) };
    let mut everything = image(&order(Status::Open));
    everything["more"] = value!({ "M": {
        "list": { "L": [{ "BOOL": true }, { "NULL": true }, { "B": "AQI=" }] },
        "sets": { "M": { "s": { "SS": ["a\"", "b"] }, "n": { "NS": ["1", "-2.5"] }, "b": { "BS": ["AQI="] } } },
    } });
    let mut damaged = image(&order(Status::Shipped));
    damaged["status"] = value!({ "S": "Lost" });
    let mut untyped = image(&order(Status::Shipped));
    untyped.as_object_mut().unwrap().remove("entity_type");
    let mut other = image(&order(Status::Open));
    other["entity_type"] = value!({ "S": "Stranger" });
    // The members of a nested map have no order in which they would be shown.
    other.as_object_mut().unwrap().remove("ship_to");
    vec![
        image(&order(Status::Open)),
        image(&order(Status::Shipped)),
        image(&archived()),
        image(&customer()),
        image(&session),
        everything,
        damaged,
        untyped,
        other,
    ]
}

#[test]
fn the_sources_agree() {
    let images = images();
    let mut kinds = std::collections::BTreeMap::<String, usize>::new();
    for old in std::iter::once(None).chain(images.iter().map(Some)) {
        for new in std::iter::once(None).chain(images.iter().map(Some)) {
            let event_name = match (old, new) {
                (None, None) => continue,
                (None, Some(_)) => "INSERT",
                (Some(_), Some(_)) => "MODIFY",
                (Some(_), None) => "REMOVE",
            };
            let mut record = record(3, event_name, old.cloned(), new.cloned());
            if event_name == "REMOVE" {
                record["userIdentity"] =
                    value!({ "type": "Service", "principalId": "dynamodb.amazonaws.com" });
            }
            for view in ["NEW_AND_OLD_IMAGES", "NEW_IMAGE", "OLD_IMAGE", "KEYS_ONLY"] {
                let sources = each_source(&crate::event::in_view(record.clone(), view));
                macro_rules! agree {
                    ($($T:ty, $V:ty;)*) => { $(
                        let [json, lambda, sdk] = sources.each_ref().map(outcome::<$T, $V>);
                        assert_eq!(json, lambda, "{view} {record}");
                        assert_eq!(json, sdk, "{view} {record}");
                        let kind = json.chars().take_while(|c| c.is_alphanumeric() || "[\" ".contains(*c));
                        *kinds.entry(kind.collect()).or_default() += 1;
                    )* };
                }
                let diffs = sources.each_ref().map(|source| {
                    let changes = source.changes::<Anything, NewAndOldImages>().ok()?;
                    Some(
                        changes
                            .map(|change| (change.diff(), change.changed(Order::STATUS)))
                            .collect::<Vec<_>>(),
                    )
                });
                assert!(diffs[0] == diffs[1] && diffs[0] == diffs[2], "{diffs:?}");
                agree! {
                    Order, NewAndOldImages; Order, NewImage; Order, OldImage; Order, KeysOnly;
                    Customer, NewAndOldImages; Session, NewImage;
                    Strict, NewAndOldImages; Strict, KeysOnly; Known, NewAndOldImages; Anything, NewImage;
                }
            }
        }
    }
    // Each kind of outcome was seen.
    for kind in ["[\"insert ", "[\"modify ", "[\"remove ", "[", "View ", "Decode", "Damaged", "UnknownEntity"]
    {
        assert!(kinds.keys().any(|seen| seen.trim_start().starts_with(kind)), "no {kind}: {kinds:?}");
    }
}

/// `aws_lambda_events` has an empty item for an absent one, and the epoch for a time that is absent.
#[test]
fn what_is_absent_in_an_event_of_lambda_is_absent() {
    let text = r#"{"Records":[{"eventID":"1","eventName":"INSERT","awsRegion":"us-east-1",
        "dynamodb":{"Keys":null,"NewImage":null,"SizeBytes":1}}]}"#;
    let events: aws_lambda_events::dynamodb::Event = serde_json::from_str(text).unwrap();
    let record = StreamRecord::from(events.records.into_iter().next().unwrap());
    assert_eq!((record.time(), record.sequence_number(), record.keys_unredacted()), (None, None, Ok(None)));
    assert_eq!((record.new_image_unredacted(), record.old_image_unredacted()), (Ok(None), Ok(None)));
    assert!(record.changes::<Order, KeysOnly>().is_err());
}
