//! The SDK and `serde_dynamo`: serde derives on the entity, and the entity type added by hand.

use super::Item;
use crate::model::Model;
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
