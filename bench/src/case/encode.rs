//! Encoding: from an entity to the body of a request.

use super::{Case, CheckResult, Mapped, leak};
use crate::{
    contender::{
        self, DYNAMAP, HAND, Item, MEMCPY, MODYNE, SERDE_DYNAMO, SERDE_JSON, SONIC_RS,
        hand::Hand,
        typed::{PutItemRequest, WriteTyped},
    },
    document,
    model::TABLE,
    sdk,
};
use aws_sdk_dynamodb::operation::put_item::PutItemInput;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use modyne::EntityExt;
use serde_json::Value;

/// The body of a PutItem request.
pub(super) fn put_item<T: Mapped + WriteTyped>(name: &'static str, entity: T) -> Case {
    let entity = leak(entity);
    let request = leak(document::put_item_request(entity));
    let bytes = leak(request.to_string().into_bytes());

    let about = format!("a PutItem request of {} bytes", bytes.len());
    let mut case = Case::new(name, about);
    let document = |body: Vec<u8>| request_is(request, &body);
    let of_sdk = |http: HttpRequest| request_is(request, http.body().bytes().unwrap_or_default());
    case.add(DYNAMAP, || contender::dynamap::put_item(entity), document);
    case.add(HAND, || write(Hand::to_item(entity)), of_sdk);
    case.add(SERDE_DYNAMO, || write(contender::serde_dynamo::to_item(entity)), of_sdk);
    case.add_consuming(MODYNE, || entity.clone(), |entity| write(entity.into_item()), of_sdk);
    case.add(SONIC_RS, || sonic_rs::to_vec(&PutItemRequest::new(entity)).unwrap(), document);
    case.add(SERDE_JSON, || serde_json::to_vec(&PutItemRequest::new(entity)).unwrap(), document);
    case.add(MEMCPY, || contender::floor::memcpy(bytes), document);
    case
}

/// Checks that `body` is the expected request document.
pub(super) fn request_is(expected: &Value, body: &[u8]) -> CheckResult {
    let got = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    let got = document::in_order(got);
    if got == *expected { Ok(()) } else { Err(format!("the request\n{got}\ninstead of\n{expected}")) }
}

fn write(item: Item) -> HttpRequest {
    let input = PutItemInput::builder().table_name(TABLE).set_item(Some(item)).build();
    sdk::write_put_item(input.unwrap())
}
