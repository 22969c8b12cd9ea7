use super::{
    client_mode::{ClientMode, customized, exchanged, sent_or_whole},
    exchange::{Exchange, Receiver},
    operation::{
        BATCH_GET_ITEM, GET_ITEM, QUERY, QUERY_COUNT, SCAN, SCAN_COUNT, SEARCH_VECTORS, TRANSACT_GET_ITEMS,
    },
    receivers::{ByPosition, ByTable, ItemReceiver, ListReceiver, ScoredReceiver},
};
use crate::{entity::Item, error::DecodeError, outcome::Result, value::FromDocument, wire};
use aws_sdk_dynamodb::{
    config::http::HttpResponse,
    error::SdkError,
    operation::{
        batch_get_item::{BatchGetItemError, BatchGetItemOutput, builders::BatchGetItemFluentBuilder},
        get_item::{GetItemOutput, builders::GetItemFluentBuilder},
        query::{QueryOutput, builders::QueryFluentBuilder},
        scan::{ScanOutput, builders::ScanFluentBuilder},
        search_vectors::{SearchVectorsOutput, builders::SearchVectorsFluentBuilder},
        transact_get_items::{TransactGetItemsOutput, builders::TransactGetItemsFluentBuilder},
    },
    types::{SearchResultItem, Select},
};
use std::{collections::HashMap, mem::take, sync::Arc};

/// A type that an item is read as: an entity, a projection, a map, or any other document.
pub trait ReadDocument: FromDocument<Output: Send + 'static> + 'static {}

impl<T: FromDocument<Output: Send + 'static> + 'static> ReadDocument for T {}

/// Runs GetItem and reads its item. The output has everything but the item.
///
/// # Errors
/// The request fails, or the item is not of the form of `T`.
pub async fn get_item<T: ReadDocument>(
    request: GetItemFluentBuilder,
) -> Result<(Option<T::Output>, GetItemOutput)> {
    let table = table(request.get_table_name());
    let exchange = Exchange::new(&GET_ITEM, Vec::new(), ItemReceiver::<T>(None));
    let sent = customized!(request, exchange);
    let mut output = sent.map_err(|error| exchange.error(&table, error))?;
    let item = exchange.finish(|one| one.0.take())?.or_read(|| from_values::<T>(output.item.take()))?;
    Ok((item, output))
}

/// Runs Query, one page of it, and reads its items. The output has everything but the items.
///
/// # Errors
/// The request fails, or an item is not of the form of `T`.
pub async fn query<T: ReadDocument>(request: QueryFluentBuilder) -> Result<(Vec<T::Output>, QueryOutput)> {
    let table = table(request.get_table_name());
    let is_count = request.get_select() == &Some(Select::Count);
    let operation = if is_count { &QUERY_COUNT } else { &QUERY };
    let exchange = Exchange::new(operation, Vec::new(), ListReceiver::<T>(Vec::new()));
    let sent = customized!(request, exchange);
    let mut output = sent.map_err(|error| exchange.error(&table, error))?;
    let items = exchange.finish(|list| take(&mut list.0))?.or_read(|| from_all::<T>(output.items.take()))?;
    Ok((items, output))
}

/// Runs Scan, one page of it, and reads its items. The output has everything but the items.
///
/// # Errors
/// The request fails, or an item is not of the form of `T`.
pub async fn scan<T: ReadDocument>(request: ScanFluentBuilder) -> Result<(Vec<T::Output>, ScanOutput)> {
    let table = table(request.get_table_name());
    let is_count = request.get_select() == &Some(Select::Count);
    let operation = if is_count { &SCAN_COUNT } else { &SCAN };
    let exchange = Exchange::new(operation, Vec::new(), ListReceiver::<T>(Vec::new()));
    let sent = customized!(request, exchange);
    let mut output = sent.map_err(|error| exchange.error(&table, error))?;
    let items = exchange.finish(|list| take(&mut list.0))?.or_read(|| from_all::<T>(output.items.take()))?;
    Ok((items, output))
}

/// Runs SearchVectors and reads its items, each with its score. The output has everything but the items.
///
/// # Errors
/// The request fails, or an item is not of the form of `T`.
pub async fn search_vectors<T: ReadDocument>(
    request: SearchVectorsFluentBuilder,
) -> Result<(Vec<(T::Output, f64)>, SearchVectorsOutput)> {
    let table = table(request.get_table_name());
    let exchange = Exchange::new(&SEARCH_VECTORS, Vec::new(), ScoredReceiver::<T>(Vec::new()));
    let sent = customized!(request, exchange);
    let mut output = sent.map_err(|error| exchange.error(&table, error))?;
    let items = exchange.finish(|list| take(&mut list.0))?.or_read(|| {
        let results = output.search_results.take().unwrap_or_default().into_iter();
        let read = |result: SearchResultItem| {
            let item = wire::item_from_attribute_values::<T>(result.item.unwrap_or_default())?;
            Ok((item, result.score))
        };
        results.map(read).collect()
    })?;
    Ok((items, output))
}

/// Runs BatchGetItem once and reads its items, by table. The output has everything else: also the keys that were
/// not processed, which must be asked for again.
///
/// # Errors
/// The request fails, or an item is not of the form of `T`.
pub async fn batch_get_item<T: ReadDocument>(
    request: BatchGetItemFluentBuilder,
) -> Result<(HashMap<String, Vec<T::Output>>, BatchGetItemOutput)> {
    let tables = tables(request.get_request_items().iter().flat_map(HashMap::keys));
    let exchange = Exchange::new(&BATCH_GET_ITEM, Vec::new(), ByTable::<T>(HashMap::new()));
    let sent = customized!(request, exchange);
    let mut output = sent.map_err(|error| exchange.error(&tables, error))?;
    let items = exchange.finish(|tables| take(&mut tables.0))?.or_read(|| {
        let responses = output.responses.take().unwrap_or_default().into_iter();
        let tables = responses.map(|(table, items)| Ok((table, from_all::<T>(Some(items))?)));
        tables.collect()
    })?;
    Ok((items, output))
}

/// Runs BatchGetItem, made by `request`, with an exchange that writes its `RequestItems`; it makes the whole request where it is
/// told so.
pub(crate) async fn read_batch<R: Receiver>(
    request: impl Fn(bool) -> BatchGetItemFluentBuilder,
    exchange: &Arc<Exchange<R>>,
    mode: &ClientMode,
) -> Result<BatchGetItemOutput, SdkError<BatchGetItemError, HttpResponse>> {
    sent_or_whole!(request(false), exchange, Some(mode), |_| Some(request(true)))
}

/// Runs TransactGetItems and reads its items, one or none for each of the request, in its order. The output has
/// everything else.
///
/// # Errors
/// The request fails, or an item is not of the form of `T`.
pub async fn transact_get_items<T: ReadDocument>(
    request: TransactGetItemsFluentBuilder,
) -> Result<(Vec<Option<T::Output>>, TransactGetItemsOutput)> {
    let gets = request.get_transact_items().iter().flatten();
    let tables = tables(gets.filter_map(|item| Some(&item.get.as_ref()?.table_name)));
    let exchange = Exchange::new(&TRANSACT_GET_ITEMS, Vec::new(), ByPosition::<T>(Vec::new()));
    let sent = customized!(request, exchange);
    let mut output = sent.map_err(|error| exchange.error(&tables, error))?;
    let items = exchange.finish(|places| take(&mut places.0))?.or_read(|| {
        let responses = output.responses.take().unwrap_or_default().into_iter();
        responses.map(|response| from_values::<T>(response.item)).collect()
    })?;
    Ok((items, output))
}

pub(super) fn from_values<T: FromDocument>(item: Option<Item>) -> Result<Option<T::Output>, DecodeError> {
    item.map(wire::item_from_attribute_values::<T>).transpose()
}

fn from_all<T: FromDocument>(items: Option<Vec<Item>>) -> Result<Vec<T::Output>, DecodeError> {
    items.unwrap_or_default().into_iter().map(wire::item_from_attribute_values::<T>).collect()
}

/// The table of a request, for its errors.
pub(super) fn table(name: &Option<String>) -> String {
    name.clone().unwrap_or_default()
}

/// The tables of a request, each once.
pub(super) fn tables<'n>(names: impl Iterator<Item = &'n String>) -> String {
    let names: std::collections::BTreeSet<&str> = names.map(String::as_str).collect();
    Vec::from_iter(names).join(", ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::{client_mode::ClientMode, receivers::NullReceiver};
    use super::{BATCH_GET_ITEM, Exchange, read_batch};
    use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes};
    use dynamap_local::Local;
    use std::{collections::HashMap, sync::Arc};

    /// An SDK that calls no hook of ours sends a request without keys, which DynamoDB refuses.
    #[tokio::test]
    async fn keys_without_hooks_go_by_the_types_of_the_sdk() {
        let (local, requests) = Local::memory().unwrap().recording();
        let client = local.client();
        let member = br#"{"RequestItems":{"shop":{"Keys":[{"pk":{"S":"x"}}]}}"#.to_vec();
        let mut exchange = Exchange::new(&BATCH_GET_ITEM, member, NullReceiver);
        Arc::get_mut(&mut exchange).unwrap().unhooked = true;
        let request = |whole: bool| {
            let key = HashMap::from([("pk".to_owned(), AttributeValue::S("x".into()))]);
            let keys = if whole { vec![key] } else { Vec::new() };
            let keys = KeysAndAttributes::builder().set_keys(Some(keys)).build().unwrap();
            client.batch_get_item().request_items("shop", keys)
        };
        // There is no such table; but it is asked for the key.
        read_batch(request, &exchange, &ClientMode::default()).await.unwrap_err();
        let keys = requests.take().into_iter().map(|sent| sent.body["RequestItems"]["shop"]["Keys"].clone());
        assert_eq!(
            Vec::from_iter(keys),
            [serde_json::json!([]), serde_json::json!([{ "pk": { "S": "x" } }])]
        );
    }
}
