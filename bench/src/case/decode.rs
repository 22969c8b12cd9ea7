//! Decoding: from the body of a response to entities.

use super::{Case, Mapped, leak, same, same_all};
use crate::{
    contender::{
        self, DYNAMAP, DYNAMAP_SERDE, HAND, Item, MEMCPY, MODYNE, SERDE_DYNAMO, SERDE_JSON, SKIP, SONIC_RS,
        typed::{GetItemResponse, QueryResponse, ReadTyped},
    },
    document,
    model::{Order, SerdeOrder},
    sdk,
};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use bytes::Bytes;
use contender::hand::Hand;
use modyne::ProjectionExt;

type Wire<T> = <T as ReadTyped>::Wire;

/// The body of a Query response.
pub(super) fn query<T: Mapped>(name: &'static str, entities: Vec<T>) -> Case {
    let entities: &'static [T] = entities.leak();
    let body: &'static [u8] = document::query_response(entities, true).leak();
    let response = leak(sdk::response(Bytes::from_static(body)));

    let about = format!("a Query response of {} items, {} bytes", entities.len(), body.len());
    let mut case = Case::new(name, about);
    case.add(DYNAMAP, || contender::dynamap::query::<T>(body), same_all(entities));
    case.add(HAND, || all(response, |item| Hand::from_item(item).unwrap()), same_all(entities));
    case.add(SERDE_DYNAMO, || all(response, contender::serde_dynamo::from_item), same_all(entities));
    case.add(MODYNE, || all(response, |item| ProjectionExt::from_item(item).unwrap()), same_all(entities));
    case.add(
        SONIC_RS,
        || sonic_rs::from_slice::<QueryResponse<Wire<T>>>(body).unwrap().entities(),
        same_all(entities),
    );
    case.add(
        SERDE_JSON,
        || serde_json::from_slice::<QueryResponse<Wire<T>>>(body).unwrap().entities(),
        same_all(entities),
    );
    add_floors(&mut case, body);
    case
}

/// The body of a Query response, read with derived code alone and with serde for what is nested.
pub(super) fn query_with_serde_fields(name: &'static str, orders: Vec<Order>) -> Case {
    let orders: &'static [Order] = orders.leak();
    let body: &'static [u8] = document::query_response(orders, true).leak();

    let about = format!(
        "a Query response of {} items, {} bytes, five of whose attributes are mapped by serde",
        orders.len(),
        body.len()
    );
    let mut case = Case::new(name, about);
    case.add(DYNAMAP, || contender::dynamap::query::<Order>(body), same_all(orders));
    let converted = |read: Vec<SerdeOrder>| read.into_iter().map(Order::from).collect();
    case.add(
        DYNAMAP_SERDE,
        || contender::dynamap::query::<SerdeOrder>(body),
        move |read| same_all(orders)(converted(read)),
    );
    case
}

/// The body of a GetItem response.
pub(super) fn get_item<T: Mapped>(name: &'static str, entity: T) -> Case {
    let entity = leak(entity);
    let body: &'static [u8] = document::get_item_response(entity).leak();
    let response = leak(sdk::response(Bytes::from_static(body)));

    let about = format!("a GetItem response of {} bytes", body.len());
    let mut case = Case::new(name, about);
    case.add(DYNAMAP, || contender::dynamap::get_item::<T>(body), same(entity));
    case.add(HAND, || one(response, |item| Hand::from_item(item).unwrap()), same(entity));
    case.add(SERDE_DYNAMO, || one(response, contender::serde_dynamo::from_item), same(entity));
    case.add(MODYNE, || one(response, |item| ProjectionExt::from_item(item).unwrap()), same(entity));
    case.add(
        SONIC_RS,
        || sonic_rs::from_slice::<GetItemResponse<Wire<T>>>(body).unwrap().entity(),
        same(entity),
    );
    case.add(
        SERDE_JSON,
        || serde_json::from_slice::<GetItemResponse<Wire<T>>>(body).unwrap().entity(),
        same(entity),
    );
    add_floors(&mut case, body);
    case
}

fn add_floors(case: &mut Case, body: &'static [u8]) {
    case.add(SKIP, || contender::floor::skip(body), |()| Ok(()));
    case.add(
        MEMCPY,
        || contender::floor::memcpy(body),
        move |copy| if copy == body { Ok(()) } else { Err("another document".into()) },
    );
}

fn all<T>(response: &HttpResponse, convert: fn(Item) -> T) -> Vec<T> {
    sdk::parse_query(response).items.unwrap().into_iter().map(convert).collect()
}

fn one<T>(response: &HttpResponse, convert: fn(Item) -> T) -> T {
    convert(sdk::parse_get_item(response).item.unwrap())
}
