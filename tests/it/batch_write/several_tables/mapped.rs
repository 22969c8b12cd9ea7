//! Tables of both mappings in one request: all of it goes by the types of the SDK if one of its tables does.

use super::{Entry, Tables, entries};
use crate::batch_get::found;
use crate::batch_write::orders;
use crate::model::Order;
use aws_sdk_dynamodb::config::interceptors::BeforeSerializationInterceptorContextRef;
use aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_dynamodb::error::BoxError;
use aws_sdk_dynamodb::operation::{batch_get_item::BatchGetItemInput, batch_write_item::BatchWriteItemInput};
use aws_sdk_dynamodb::{Client, types::KeysAndAttributes};
use dynamap::{Mapping, Table};
use dynamap_local::Local;
use std::sync::{Arc, Mutex};

/// Notes how many writes or keys each request has in the types of the SDK.
#[derive(Debug, Default, Clone)]
struct Noted(Arc<Mutex<Vec<usize>>>);

impl Intercept for Noted {
    fn name(&self) -> &'static str {
        "Noted"
    }

    fn read_before_serialization(
        &self,
        context: &BeforeSerializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let (input, mut noted) = (context.input(), self.0.lock().unwrap());
        if let Some(write) = input.downcast_ref::<BatchWriteItemInput>() {
            noted.push(write.request_items.iter().flatten().map(|(_, writes)| writes.len()).sum());
        }
        if let Some(get) = input.downcast_ref::<BatchGetItemInput>() {
            let keys = |(_, keys): (&String, &KeysAndAttributes)| keys.keys.len();
            noted.push(get.request_items.iter().flatten().map(keys).sum());
        }
        Ok(())
    }
}

#[tokio::test]
async fn a_request_goes_by_the_types_of_the_sdk_if_one_of_its_tables_does() {
    let all = [Mapping::Direct, Mapping::AttributeValue];
    for (first, second) in all.into_iter().flat_map(|first| all.map(|second| (first, second))) {
        let local = Local::memory().unwrap();
        let tables = Tables::of(&local).await;
        let noted = Noted::default();
        let config = local.client().config().to_builder().interceptor(noted.clone());
        let client = Client::from_conf(config.build());
        let shop = Table::new(client.clone(), "shop").with_mapping(first);
        let audit = Table::new(client, "audit").with_mapping(second);
        let in_sdk = if (first, second) == (Mapping::Direct, Mapping::Direct) { 0 } else { 10 };

        let entries = audit.batch_write().put_all(entries(1..=5));
        let report = shop.batch_write().put_all(orders(1..=5)).and(entries).send().await.unwrap();
        assert_eq!((report.written(), report.requests()), (10, 1));
        assert_eq!(tables.audited().await.len(), 5);

        let keys = (1..=5).map(|number| Order::key("c-1", 2024, number));
        let (own, audited) =
            shop.batch_get(keys).and(audit.batch_get((1..=5).map(Entry::key))).send().await.unwrap();
        assert_eq!((found(own).len(), found(audited).len()), (5, 5));
        assert_eq!(*noted.0.lock().unwrap(), [in_sdk, in_sdk], "{first:?} {second:?}");
    }
}
