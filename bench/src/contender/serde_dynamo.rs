//! The SDK and `serde_dynamo`: serde derives on the entity, and the entity type added by hand.

use super::Item;
use crate::model::Model;
use aws_lambda_events::dynamodb::{Event, EventRecord};
use aws_sdk_dynamodb::types::AttributeValue;

/// The item of `entity`.
pub(crate) fn to_item<T: Model>(entity: &T) -> Item {
    let mut item: Item = serde_dynamo::to_item(entity).unwrap();
    item.insert("entity_type".into(), AttributeValue::S(T::NAME.into()));
    item
}

/// The entity of `item`.
pub(crate) fn from_item<T: Model>(item: Item) -> T {
    serde_dynamo::from_item(item).unwrap()
}

/// The entities before and after each change in an event of Lambda.
pub(crate) fn lambda_event<T: Model>(event: &[u8]) -> Vec<(T, T)> {
    let event: Event = serde_json::from_slice(event).unwrap();
    let pair = |record: EventRecord| {
        let [old, new] =
            [record.change.old_image, record.change.new_image].map(serde_dynamo::from_item::<_, T>);
        (old.unwrap(), new.unwrap())
    };
    event.records.into_iter().map(pair).collect()
}
