//! Batches of any length on the SDK's client, as one writes them by hand: so many requests at once, and what was not
//! processed again.

use super::{IN_FLIGHT, Item, sdk_call};
use crate::model::{Model, TABLE};
use aws_sdk_dynamodb::{
    Client,
    types::{KeysAndAttributes, PutRequest, WriteRequest},
};
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use std::time::Duration;
use tokio::task::JoinSet;

/// Writes the entities (BatchWriteItem), 25 with each request.
pub(crate) async fn write_all<T: Model>(
    client: &Client,
    entities: &'static [T],
    convert: fn(&T) -> Item,
) -> usize {
    let (mut requests, mut written) = (JoinSet::new(), 0);
    for chunk in entities.chunks(25) {
        if requests.len() == IN_FLIGHT {
            written += requests.join_next().await.unwrap().unwrap();
        }
        let put = |entity: &T| {
            let put = PutRequest::builder().set_item(Some(convert(entity))).build().unwrap();
            WriteRequest::builder().put_request(put).build()
        };
        requests.spawn(write(client.clone(), chunk.iter().map(put).collect()));
    }
    while let Some(request) = requests.join_next().await {
        written += request.unwrap();
    }
    written
}

/// Sends these documents (BatchWriteItem) in place of the SDK's: what the SDK does for each request, and no mapper.
pub(crate) async fn send_all(client: &Client, documents: &'static [Vec<u8>], writes: usize) -> usize {
    let mut requests = JoinSet::new();
    for document in documents {
        if requests.len() == IN_FLIGHT {
            requests.join_next().await.unwrap().unwrap();
        }
        let request = client.batch_write_item().request_items(TABLE, Vec::new()).customize();
        let request = request.mutate_request(move |request| {
            request.headers_mut().insert("content-length", document.len().to_string());
            *request.body_mut() = SdkBody::from(Bytes::from_static(document));
        });
        requests.spawn(async move { drop(request.send().await.unwrap()) });
    }
    while let Some(request) = requests.join_next().await {
        request.unwrap();
    }
    writes
}

async fn write(client: Client, mut writes: Vec<WriteRequest>) -> usize {
    let (count, mut pause) = (writes.len(), Duration::from_millis(50));
    while !writes.is_empty() {
        let output = client.batch_write_item().request_items(TABLE, writes).send().await.unwrap();
        writes = output.unprocessed_items.and_then(|mut left| left.remove(TABLE)).unwrap_or_default();
        if !writes.is_empty() {
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
    }
    count
}

/// Reads the entities with the keys of `entities` (BatchGetItem), 100 with each request.
pub(crate) async fn get_all<T: Model + Send>(
    client: &Client,
    entities: &'static [T],
    convert: fn(Item) -> T,
) -> Vec<T> {
    let (mut requests, mut found) = (JoinSet::<Vec<Item>>::new(), Vec::with_capacity(entities.len()));
    for chunk in entities.chunks(100) {
        if requests.len() == IN_FLIGHT {
            found.extend(requests.join_next().await.unwrap().unwrap().into_iter().map(convert));
        }
        requests.spawn(get(client.clone(), sdk_call::keys(chunk)));
    }
    while let Some(request) = requests.join_next().await {
        found.extend(request.unwrap().into_iter().map(convert));
    }
    found
}

async fn get(client: Client, keys: KeysAndAttributes) -> Vec<Item> {
    let (mut items, mut keys, mut pause) = (Vec::new(), Some(keys), Duration::from_millis(50));
    while let Some(asked) = keys {
        let output = client.batch_get_item().request_items(TABLE, asked).send().await.unwrap();
        items.extend(output.responses.and_then(|mut tables| tables.remove(TABLE)).unwrap_or_default());
        keys = output.unprocessed_keys.and_then(|mut left| left.remove(TABLE));
        if keys.is_some() {
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
    }
    items
}
