//! dynamap: batches, by the calls of `dynamap::direct` on the SDK's builders.

use crate::model::{Model, TABLE};
use aws_sdk_dynamodb::{Client, types::KeysAndAttributes};
use dynamap::direct;

/// Reads the entities with `keys` (BatchGetItem).
pub(crate) async fn batch_get_item<T: Model>(client: &Client, keys: KeysAndAttributes) -> Vec<T> {
    let request = client.batch_get_item().request_items(TABLE, keys);
    let (mut found, _output) = direct::batch_get_item::<T>(request).await.unwrap();
    found.remove(TABLE).unwrap()
}

/// Writes the entities (BatchWriteItem).
pub(crate) async fn batch_write_item<T: Model>(client: &Client, entities: &[T]) {
    let mut writes = direct::WriteRequests::new();
    for entity in entities {
        writes.put(TABLE, entity).unwrap();
    }
    direct::batch_write_item(client.batch_write_item(), writes).await.unwrap();
}
