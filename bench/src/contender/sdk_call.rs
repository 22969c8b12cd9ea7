//! Calls of the SDK's client, for the contenders that convert its items themselves.

use super::Item;
use crate::model::{Model, TABLE};
use aws_sdk_dynamodb::{
    Client,
    types::{AttributeValue, KeysAndAttributes, PutRequest, WriteRequest},
};

/// Reads an item (GetItem).
pub(crate) async fn get_item<T: Model>(client: &Client, entity: &T, convert: fn(Item) -> T) -> T {
    let request = client.get_item().table_name(TABLE).set_key(Some(key(entity)));
    convert(request.send().await.unwrap().item.unwrap())
}

/// Writes an item (PutItem).
pub(crate) async fn put_item(client: &Client, item: Item) {
    client.put_item().table_name(TABLE).set_item(Some(item)).send().await.unwrap();
}

/// Reads the items of a partition (Query).
pub(crate) async fn query<T: Model>(client: &Client, pk: &str, convert: fn(Item) -> T) -> Vec<T> {
    let request = client
        .query()
        .table_name(TABLE)
        .key_condition_expression("#pk = :pk")
        .expression_attribute_names("#pk", "pk")
        .expression_attribute_values(":pk", AttributeValue::S(pk.into()));
    request.send().await.unwrap().items.unwrap().into_iter().map(convert).collect()
}

/// Reads the items with the keys of `entities` (BatchGetItem).
pub(crate) async fn batch_get_item<T: Model>(
    client: &Client,
    entities: &[T],
    convert: fn(Item) -> T,
) -> Vec<T> {
    let request = client.batch_get_item().request_items(TABLE, keys(entities));
    let items = request.send().await.unwrap().responses.unwrap().remove(TABLE).unwrap();
    items.into_iter().map(convert).collect()
}

/// Writes the items (BatchWriteItem).
pub(crate) async fn batch_write_item(client: &Client, items: impl Iterator<Item = Item>) {
    let put = |item| {
        let put = PutRequest::builder().set_item(Some(item)).build().unwrap();
        WriteRequest::builder().put_request(put).build()
    };
    client.batch_write_item().request_items(TABLE, items.map(put).collect()).send().await.unwrap();
}

/// The keys of `entities`.
pub(crate) fn keys<T: Model>(entities: &[T]) -> KeysAndAttributes {
    KeysAndAttributes::builder().set_keys(Some(entities.iter().map(key).collect())).build().unwrap()
}

fn key<T: Model>(entity: &T) -> Item {
    let (pk, sk) = entity.key_values();
    Item::from([("pk".into(), AttributeValue::S(pk.into())), ("sk".into(), AttributeValue::S(sk.into()))])
}
