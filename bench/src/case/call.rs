//! Whole calls through the SDK's client, signed and checked as ever; only the network is left out.

use super::{Case, CheckResult, Mapped, encode::request_is, leak, same, same_all};
use crate::{
    contender::{
        self, DYNAMAP, DYNAMAP_ANY_CLIENT, HAND, Item, MODYNE, SERDE_DYNAMO, SERDE_DYNAMO_TUNED,
        hand::Hand,
        modyne::{self, ModyneTable},
        sdk_call,
    },
    document,
    model::{self, TABLE},
    sdk::{self, FirstRequest},
};
use aws_sdk_dynamodb::Client;
use dynamap::{Table, direct};
use serde_json::Value;

/// GetItem.
pub(super) fn get_item<T: Mapped>(name: &'static str, entity: T) -> Case {
    let entity = leak(entity);
    let body: &'static [u8] = document::get_item_response(entity).leak();
    let calls = Calls::new(body);

    let mut case = Case::new(name, format!("GetItem, a response of {} bytes", body.len()));
    for (contender, prepare) in CLIENTS {
        let table = Table::<model::Bench>::new(prepare(calls.client()), TABLE);
        let get = move || calls.wait(table.get(entity.to_key()).send()).unwrap().unwrap();
        case.add(contender, get, same(entity));
    }
    for (contender, convert) in conversions::<T>() {
        let client = calls.client();
        let get = move || calls.wait(sdk_call::get_item(&client, entity, convert));
        case.add(contender, get, same(entity));
    }
    let client = tuned(calls.client());
    let get = move || calls.wait(sdk_call::get_item(&client, entity, contender::serde_dynamo::from_item));
    case.add(SERDE_DYNAMO_TUNED, get, same(entity));
    let table = ModyneTable(calls.client());
    let get = move || calls.wait(modyne::get_item(&table, entity.key_values()));
    case.add(MODYNE, get, same(entity));
    case
}

/// PutItem.
pub(super) fn put_item<T: Mapped>(name: &'static str, entity: T) -> Case {
    let entity = leak(entity);
    let request = leak(document::put_item_request(entity));
    let calls = Calls::new(b"{}");

    let mut case = Case::new(name, format!("PutItem, an item of {} bytes", document::item_size(entity)));
    for (contender, prepare) in CLIENTS {
        let (client, first) = calls.client_and_request();
        let table = Table::<model::Bench>::new(prepare(client), TABLE);
        let put = move || calls.wait(table.put(entity).overwrite_other_entities().send()).unwrap();
        case.add(contender, put, sent(request, first));
    }
    for (contender, convert) in conversions_back::<T>() {
        let (client, first) = calls.client_and_request();
        let put = move || calls.wait(sdk_call::put_item(&client, convert(entity)));
        case.add(contender, put, sent(request, first));
    }
    let (client, first) = calls.client_and_request();
    let client = tuned(client);
    let put = move || calls.wait(sdk_call::put_item(&client, contender::serde_dynamo::to_item(entity)));
    case.add(SERDE_DYNAMO_TUNED, put, sent(request, first));
    let (client, first) = calls.client_and_request();
    let table = ModyneTable(client);
    let put = move |entity| calls.wait(modyne::put_item(&table, entity));
    // What modyne asks for beside: how much capacity the request took.
    let request = leak(with_consumed_capacity(request));
    case.add_consuming(MODYNE, || entity.clone(), put, sent(request, first));
    case
}

/// Query.
pub(super) fn query<T: Mapped>(name: &'static str, entities: Vec<T>) -> Case {
    let entities: &'static [T] = entities.leak();
    let body: &'static [u8] = document::query_response(entities, true).leak();
    let calls = Calls::new(body);
    let entity = &entities[0];

    let about = format!("Query, a response of {} items, {} bytes", entities.len(), body.len());
    let mut case = Case::new(name, about);
    let table = Table::<model::Bench>::new(prepared(calls.client()), TABLE);
    let query = move || calls.wait(table.query(entity.partition_of()).send()).unwrap().items;
    case.add(DYNAMAP, query, same_all(entities));
    for (contender, convert) in conversions::<T>() {
        let client = calls.client();
        let query = move || calls.wait(sdk_call::query(&client, entity.key_values().0, convert));
        case.add(contender, query, same_all(entities));
    }
    let table = ModyneTable(calls.client());
    let query = move || calls.wait(modyne::query(&table, entity.key_values().0));
    case.add(MODYNE, query, same_all(entities));
    case
}

/// BatchGetItem.
pub(super) fn batch_get_item<T: Mapped>(name: &'static str, entities: Vec<T>) -> Case {
    let entities: &'static [T] = entities.leak();
    let body: &'static [u8] = document::batch_get_item_response(entities).leak();
    let calls = Calls::new(body);

    let about = format!("BatchGetItem, a response of {} items, {} bytes", entities.len(), body.len());
    let mut case = Case::new(name, about);
    let client = calls.client();
    let get = move || calls.wait(contender::dynamap_batch::batch_get_item(&client, sdk_call::keys(entities)));
    case.add(DYNAMAP, get, same_all(entities));
    for (contender, convert) in conversions::<T>() {
        let client = calls.client();
        let get = move || calls.wait(sdk_call::batch_get_item(&client, entities, convert));
        case.add(contender, get, same_all(entities));
    }
    let table = ModyneTable(calls.client());
    let get = move || calls.wait(modyne::batch_get_item(&table, entities));
    case.add(MODYNE, get, same_all(entities));
    case
}

/// BatchWriteItem.
pub(super) fn batch_write_item<T: Mapped>(name: &'static str, entities: Vec<T>) -> Case {
    let entities: &'static [T] = entities.leak();
    let request = leak(document::batch_write_item_request(entities));
    let calls = Calls::new(document::WRITTEN);

    let about = format!("BatchWriteItem, a request of {} items", entities.len());
    let mut case = Case::new(name, about);
    let (client, first) = calls.client_and_request();
    let put = move || calls.wait(contender::dynamap_batch::batch_write_item(&client, entities));
    case.add(DYNAMAP, put, sent(request, first));
    for (contender, convert) in conversions_back::<T>() {
        let (client, first) = calls.client_and_request();
        let put = move || calls.wait(sdk_call::batch_write_item(&client, entities.iter().map(convert)));
        case.add(contender, put, sent(request, first));
    }
    let (client, first) = calls.client_and_request();
    let table = ModyneTable(client);
    let put = move |entities| calls.wait(modyne::batch_write_item(&table, entities));
    let request = leak(with_consumed_capacity(request));
    case.add_consuming(MODYNE, || entities.to_vec(), put, sent(request, first));
    case
}

/// dynamap on a client that is prepared for it, and on one that it prepares itself.
pub(super) const CLIENTS: Conversions<fn(Client) -> Client> =
    [(DYNAMAP, prepared), (DYNAMAP_ANY_CLIENT, |client| client)];

pub(super) fn prepared(client: Client) -> Client {
    Client::from_conf(direct::prepare(client.config().to_builder()).build())
}

/// The client with the settings that dynamap gives its own: timeouts, and no protection against stalled streams.
fn tuned(client: Client) -> Client {
    let (prepared, mut config) = (prepared(client.clone()), client.config().to_builder());
    config.set_timeout_config(prepared.config().timeout_config().cloned());
    config.set_stalled_stream_protection(prepared.config().stalled_stream_protection().cloned());
    Client::from_conf(config.build())
}

/// The contenders that use the SDK's items themselves, each with its conversion.
pub(super) type Conversions<F> = [(&'static str, F); 2];

pub(super) fn conversions<T: Mapped>() -> Conversions<fn(Item) -> T> {
    [(HAND, |item| Hand::from_item(item).unwrap()), (SERDE_DYNAMO, contender::serde_dynamo::from_item)]
}

pub(super) fn conversions_back<T: Mapped>() -> Conversions<fn(&T) -> Item> {
    [(HAND, Hand::to_item), (SERDE_DYNAMO, contender::serde_dynamo::to_item)]
}

fn with_consumed_capacity(request: &Value) -> Value {
    let mut request = request.clone();
    request["ReturnConsumedCapacity"] = "TOTAL".into();
    request
}

/// Expects that the first request had the document `expected`.
fn sent(expected: &'static Value, first: FirstRequest) -> impl Fn(()) -> CheckResult {
    move |()| request_is(expected, first.get().map_or(&[], Vec::as_slice))
}

/// The runtime of a case and what its clients are answered with.
#[derive(Clone, Copy)]
pub(super) struct Calls {
    runtime: &'static tokio::runtime::Runtime,
    body: &'static [u8],
}

impl Calls {
    pub(super) fn new(body: &'static [u8]) -> Self {
        Self { runtime: leak(sdk::runtime()), body }
    }

    /// A client, and the body of the first request that it will send.
    pub(super) fn client_and_request(self) -> (Client, FirstRequest) {
        sdk::client(self.body)
    }

    pub(super) fn client(self) -> Client {
        self.client_and_request().0
    }

    pub(super) fn wait<F: Future>(self, call: F) -> F::Output {
        self.runtime.block_on(call)
    }
}
