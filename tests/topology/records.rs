//! The entity whose changes are in the stream, and its records.

use aws_sdk_dynamodb::types::AttributeValue as Stored;
use aws_sdk_dynamodbstreams::types::{AttributeValue, OperationType, Record, StreamRecord};
use dynamap::{Entity, TableSchema, entity::to_item};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
pub(super) struct Shop;

#[derive(Debug, Clone, Entity)]
#[dynamap(table = Shop, pk = "ITEM#{key}")]
pub(super) struct Item {
    #[dynamap(key_only)]
    pub(super) key: u32,
    pub(super) version: u32,
}

/// The record of a change of an item to this version.
pub(super) fn record(key: u32, version: u32) -> Record {
    let item = to_item(&Item { key, version }).unwrap();
    let image: Vec<_> = item.iter().map(|(name, value)| (name.clone(), of_streams(value))).collect();
    let pk = of_streams(&item["pk"]);
    let change = StreamRecord::builder().keys("pk", pk).set_new_image(Some(image.into_iter().collect()));
    let event = if version == 1 { OperationType::Insert } else { OperationType::Modify };
    Record::builder().event_name(event).dynamodb(change.build()).build()
}

fn of_streams(value: &Stored) -> AttributeValue {
    match value {
        Stored::S(text) => AttributeValue::S(text.clone()),
        Stored::N(number) => AttributeValue::N(number.clone()),
        other => unreachable!("the entity has no such attribute: {other:?}"),
    }
}
