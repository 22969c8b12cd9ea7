//! What direct mapping needs of the SDK, and what happens without it.

use crate::answer::{Order, Shop, answering, order};
use aws_sdk_dynamodb::config::interceptors::{
    BeforeSerializationInterceptorContextMut, BeforeTransmitInterceptorContextRef,
};
use aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents, RuntimePlugin};
use aws_sdk_dynamodb::operation::get_item::{GetItem, GetItemOutput};
use aws_sdk_dynamodb::operation::put_item::PutItemOutput;
use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_dynamodb::{Client, error::BoxError};
use aws_smithy_mocks::{RuleMode, mock, mock_client};
use aws_smithy_runtime_api::client::orchestrator::{HttpResponse, Metadata};
use aws_smithy_runtime_api::client::ser_de::SharedResponseDeserializer;
use aws_smithy_types::body::SdkBody;
use dynamap::{Mapping, Table, direct, entity};
use dynamap_local::{Local, Request, Response, SharedTransport, Transport, TransportFuture};
use std::sync::{Arc, Mutex};

const FOUND: &str = r#"{"Item":{"id":{"N":"1"},"title":{"S":"x"}}}"#;

fn found() -> Order {
    Order { id: 1, title: "x".into(), note: None }
}

#[tokio::test]
async fn responses_go_through_our_deserializer() {
    let (client, _) = answering(vec![Response::new(200, FOUND)]);
    let request = client.get_item().table_name("shop");
    let (item, output) = direct::get_item::<Order>(request).await.unwrap();
    assert_eq!(item, Some(found()));
    assert_eq!(
        output.item, None,
        "this aws-sdk-dynamodb does not load the deserializer that dynamap puts into the configuration of a call: \
         results are right, but every response takes the slow way through AttributeValue"
    );
}

/// Notes the documents of requests as they are sent.
#[derive(Debug, Default, Clone)]
struct Sent(Arc<Mutex<Vec<(String, bool)>>>);

impl Intercept for Sent {
    fn name(&self) -> &'static str {
        "Sent"
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = context.request();
        let body = String::from_utf8(request.body().bytes().unwrap().to_vec()).unwrap();
        let length_is_right = request.headers().get("content-length") == Some(&*body.len().to_string());
        self.0
            .lock()
            .unwrap()
            .push((body, length_is_right && request.headers().contains_key("authorization")));
        Ok(())
    }
}

#[tokio::test]
async fn interceptors_of_the_user_see_the_whole_request_in_every_attempt() {
    let busy = || Response::error(500, "InternalServerError", "try again");
    let throttled = Response::error(400, "ThrottlingException", "slower");
    let (client, _) = answering(vec![busy(), throttled, Response::new(200, "{}")]);
    let sent = Sent::default();
    let client = Client::from_conf(client.config().to_builder().interceptor(sent.clone()).build());
    Table::<Shop>::new(client, "shop").put(&order(1)).send().await.unwrap();
    let sent = sent.0.lock().unwrap();
    assert_eq!(sent.len(), 3);
    assert!(sent.iter().all(|attempt| *attempt == sent[0]), "a repeated request differs from the first");
    let (body, is_signed) = &sent[0];
    assert!(is_signed);
    assert!(
        body.contains(r#""id":{"N":"1"}"#),
        "this aws-sdk-dynamodb does not call `modify_before_retry_loop`: every put is sent twice"
    );
    serde_json::from_str::<serde_json::Value>(body).unwrap();
}

/// What an SDK would do that does not load the deserializer which we put into the configuration.
#[derive(Debug)]
struct WithTheSdksDeserializer;

impl Intercept for WithTheSdksDeserializer {
    fn name(&self) -> &'static str {
        "WithTheSdksDeserializer"
    }

    fn modify_before_serialization(
        &self,
        _: &mut BeforeSerializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        assert_eq!(config.load::<Metadata>().unwrap().name(), "GetItem");
        config.interceptor_state().store_put(SharedResponseDeserializer::new(Sdk));
        Ok(())
    }
}

#[derive(Debug)]
struct Sdk;

impl aws_smithy_runtime_api::client::ser_de::DeserializeResponse for Sdk {
    fn deserialize_nonstreaming_with_config(
        &self,
        response: &HttpResponse,
        config: &ConfigBag,
    ) -> aws_smithy_runtime_api::client::interceptors::context::OutputOrError {
        let own = GetItem::new().config().unwrap();
        let own = own.load::<SharedResponseDeserializer>().unwrap();
        own.deserialize_nonstreaming_with_config(response, config)
    }
}

#[tokio::test]
async fn without_our_deserializer_the_sdks_types_are_read() {
    for (document, expected) in [(FOUND, Some(found())), ("{}", None)] {
        let (client, _) = answering(vec![Response::new(200, document)]);
        let config = client.config().to_builder().interceptor(WithTheSdksDeserializer).build();
        let client = Client::from_conf(config);
        let request = client.get_item().table_name("shop");
        assert_eq!(direct::get_item::<Order>(request).await.unwrap().0, expected);
        let shop = Table::<Shop>::new(client, "shop");
        assert_eq!(shop.get(Order::key(1)).send().await.unwrap(), expected);
        assert_eq!(shop.exists(Order::key(1)).send().await.unwrap(), expected.is_some());
    }
}

#[tokio::test]
async fn mocks_that_answer_with_an_output_are_read() {
    let rule = mock!(Client::get_item)
        .then_output(|| GetItemOutput::builder().set_item(Some(entity::to_item(&found()).unwrap())).build());
    let client = mock_client!(aws_sdk_dynamodb, RuleMode::Sequential, [&rule]);
    let shop = Table::<Shop>::new(client, "shop");
    assert_eq!(shop.get(Order::key(1)).send().await.unwrap(), Some(found()));
    assert_eq!(rule.num_calls(), 1);
}

#[tokio::test]
async fn mocks_that_answer_with_a_response_are_read() {
    let rule = mock!(Client::get_item)
        .then_http_response(|| HttpResponse::new(200.try_into().unwrap(), SdkBody::from(FOUND)));
    let client = mock_client!(aws_sdk_dynamodb, RuleMode::Sequential, [&rule]);
    let shop = Table::<Shop>::new(client, "shop");
    assert_eq!(shop.get(Order::key(1)).send().await.unwrap(), Some(found()));
}

#[tokio::test]
async fn mocks_that_look_at_inputs_want_attribute_values() {
    let rule = mock!(Client::put_item)
        .match_requests(|request| {
            request.item().is_some_and(|item| item["id"] == AttributeValue::N("1".into()))
        })
        .then_output(|| PutItemOutput::builder().build());
    let client = mock_client!(aws_sdk_dynamodb, RuleMode::MatchAny, [&rule]);
    let shop = Table::<Shop>::new(client, "shop").with_mapping(Mapping::AttributeValue);
    shop.put(&order(1)).send().await.unwrap();
    assert_eq!(rule.num_calls(), 1);
}

#[tokio::test]
async fn mocks_of_errors_are_errors() {
    use aws_sdk_dynamodb::operation::put_item::PutItemError;
    use aws_sdk_dynamodb::types::error::ConditionalCheckFailedException;
    let rule = mock!(Client::put_item).then_error(|| {
        let failed = ConditionalCheckFailedException::builder();
        let failed = failed.set_item(Some(entity::to_item(&found()).unwrap())).build();
        PutItemError::ConditionalCheckFailedException(failed)
    });
    let client = mock_client!(aws_sdk_dynamodb, RuleMode::Sequential, [&rule]);
    let error = Table::<Shop>::new(client, "shop").create(&order(1)).send().await.unwrap_err();
    let dynamap::Error::ConditionFailed(failed) = error else { panic!("{error}") };
    assert_eq!(failed.current::<Order>().unwrap().unwrap(), found());
}

#[tokio::test]
async fn into_sdk_gives_a_request_that_has_everything() {
    let local = Local::memory().unwrap();
    let shop = Table::<Shop>::new(local.client(), "shop");
    let request = shop.put(&order(7)).into_sdk().unwrap();
    assert_eq!(request.get_item().as_ref().unwrap(), &entity::to_item(&order(7)).unwrap());
}

#[tokio::test]
async fn a_prepared_client_does_the_same_without_customizing() {
    let busy = Response::error(500, "InternalServerError", "try again");
    let (client, _) = answering(vec![busy, Response::new(200, "{}"), Response::new(200, FOUND)]);
    let sent = Sent::default();
    let config = direct::prepare(client.config().to_builder()).interceptor(sent.clone());
    let client = Client::from_conf(config.build());
    let shop = Table::<Shop>::new(client.clone(), "shop");
    shop.put(&order(1)).send().await.unwrap();
    {
        let sent = sent.0.lock().unwrap();
        assert_eq!(sent.len(), 2);
        assert_eq!(sent[0], sent[1]);
        assert!(sent[0].0.contains(r#""id":{"N":"1"}"#) && sent[0].1, "{}", sent[0].0);
    }
    assert_eq!(shop.get(Order::key(1)).send().await.unwrap(), Some(found()));
    // A call of the user's own goes its own way.
    let output = client.get_item().table_name("shop").send().await.unwrap();
    assert_eq!(output.item.unwrap().len(), 2);
}

#[tokio::test]
async fn a_damaged_response_shows_that_a_prepared_client_goes_the_direct_way() {
    let mut damaged = Response::new(200, FOUND);
    damaged.body.push(b' ');
    let (client, _) = answering(vec![damaged]);
    let client = Client::from_conf(direct::prepare(client.config().to_builder()).build());
    let error = Table::<Shop>::new(client, "shop").get(Order::key(1)).send().await.unwrap_err();
    assert_eq!(crate::answer::kind(&error), dynamap::error::ServiceErrorKind::UnreadableResponse);
}

#[tokio::test]
async fn calls_of_a_prepared_client_do_not_mix() {
    let local = Local::memory().unwrap();
    let client = Client::from_conf(direct::prepare(local.config()).build());
    let shop = Table::<Shop>::new(client, "shop");
    shop.create_table_if_absent().send().await.unwrap();
    let puts: Vec<_> = (1..=50).map(|id| tokio::spawn(shop.put(&order(id)).send())).collect();
    for put in puts {
        put.await.unwrap().unwrap();
    }
    let mut calls = tokio::task::JoinSet::new();
    for id in 1..=50 {
        let (shop, exists) = (shop.clone(), shop.exists(Order::key(id + 25)).send());
        calls.spawn(async move {
            // Two at once in one task.
            let (found, exists) = tokio::join!(shop.get(Order::key(id)).send(), exists);
            assert_eq!(found.unwrap(), Some(order(id)));
            assert_eq!(exists.unwrap(), id <= 25);
        });
    }
    calls.join_all().await;
}

/// A transport that makes a call of its own before it answers, inside the call that needs it.
#[derive(Debug)]
struct Asking(Client);

impl Transport for Asking {
    fn call(&self, _: Request) -> TransportFuture<'_> {
        Box::pin(async {
            let output = self.0.get_item().table_name("answers").send().await.unwrap();
            Ok(Response::new(200, output.item.unwrap()["answer"].as_s().unwrap().clone()))
        })
    }
}

#[tokio::test]
async fn a_call_inside_another_one_goes_its_own_way() {
    let answer = serde_json::json!({ "Item": { "answer": { "S": FOUND } } });
    let (inner, _) = answering(vec![Response::new(200, answer.to_string())]);
    let inner = Client::from_conf(direct::prepare(inner.config().to_builder()).build());
    let outer = Local::memory().unwrap().wrap(|_: SharedTransport| Asking(inner));
    let prepared = Client::from_conf(direct::prepare(outer.config()).build());
    for client in [prepared, outer.client()] {
        let shop = Table::<Shop>::new(client, "shop");
        assert_eq!(shop.get(Order::key(1)).send().await.unwrap(), Some(found()));
        shop.put(&order(1)).send().await.unwrap();
    }
}

/// Makes requests look as if the SDK spoke another protocol.
#[derive(Debug)]
struct Foreign;

impl Intercept for Foreign {
    fn name(&self) -> &'static str {
        "foreign"
    }

    fn modify_before_retry_loop(
        &self,
        context: &mut aws_sdk_dynamodb::config::interceptors::BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        context.request_mut().headers_mut().insert("content-type", "application/cbor");
        Ok(())
    }
}

#[tokio::test]
async fn another_protocol_is_left_to_the_types_of_the_sdk() {
    let (local, requests) = Local::memory().unwrap().recording();
    let plain = Table::<Shop>::new(local.client(), "shop");
    plain.create_table_if_absent().send().await.unwrap();
    for prepare in [direct::prepare, std::convert::identity] {
        let client = Client::from_conf(prepare(local.config().interceptor(Foreign)).build());
        let shop = Table::<Shop>::new(client, "shop");
        drop(requests.take());
        shop.put(&order(1)).send().await.unwrap();
        let bodies: Vec<_> = requests.take().into_iter().map(|request| request.body).collect();
        // A request without our members is not sent; this one is the SDK's own.
        assert_eq!(bodies.len(), 1, "{bodies:?}");
        assert!(bodies[0].get("Item").is_some(), "{bodies:?}");
        assert_eq!(shop.get(Order::key(1)).send().await.unwrap(), Some(order(1)));
        assert_eq!(shop.scan::<Order>().send().await.unwrap().items, [order(1)]);
        let found = shop.batch_get([Order::key(1)]).send().await.unwrap();
        assert_eq!(
            found.into_iter().filter_map(dynamap::batch::Fetched::found).collect::<Vec<_>>(),
            [order(1)]
        );
        shop.repository::<Order>().batch_write().put_all([order(2)]).send().await.unwrap();
        assert_eq!(plain.get(Order::key(2)).send().await.unwrap(), Some(order(2)));
        shop.delete(Order::key(2)).send().await.unwrap();
        let failed = shop.update(Order::key(2)).apply(Order::TITLE.set("x".to_owned())).send().await;
        assert!(matches!(failed, Err(dynamap::Error::ConditionFailed(_))), "{failed:?}");
    }
}
