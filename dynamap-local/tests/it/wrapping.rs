//! A transport outside the crate between the SDK and the engine.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{TransactWriteItem, Update};
use dynamap_local::{ConnectorError, Local, Request, Response, SharedTransport, Transport, TransportFuture};

use crate::shop::{self, TABLE, get, n, product};

#[derive(Debug)]
pub(crate) enum Faults {
    Before,
    After,
    Reply(Response),
}

#[derive(Debug)]
struct Faulty {
    inner: SharedTransport,
    script: Mutex<VecDeque<Faults>>,
}

impl Transport for Faulty {
    fn call(&self, request: Request) -> TransportFuture<'_> {
        let fault = self.script.lock().unwrap().pop_front();
        Box::pin(async move {
            match fault {
                None => self.inner.call(request).await,
                Some(Faults::Before) => Err(ConnectorError::io("connection refused".into())),
                Some(Faults::After) => {
                    self.inner.call(request).await?;
                    Err(ConnectorError::timeout("response lost".into()))
                }
                Some(Faults::Reply(response)) => Ok(response),
            }
        })
    }
}

pub(crate) fn faulty(local: &Local, script: impl IntoIterator<Item = Faults>) -> Local {
    local.wrap(|inner| Faulty { inner, script: Mutex::new(script.into_iter().collect()) })
}

const ADD_ONE: &str = "ADD stock :one";

async fn add(client: &Client) {
    let add = client.update_item().table_name(TABLE).set_key(Some(product("p-1")));
    let add = add.update_expression(ADD_ONE).expression_attribute_values(":one", n(1));
    add.send().await.unwrap();
}

async fn transact_add(client: &Client) {
    let add = Update::builder()
        .table_name(TABLE)
        .set_key(Some(product("p-1")))
        .update_expression(ADD_ONE)
        .expression_attribute_values(":one", n(1));
    let add = TransactWriteItem::builder().update(add.build().unwrap()).build();
    client.transact_write_items().transact_items(add).send().await.unwrap();
}

async fn stock(local: &Local) -> String {
    get(&local.client(), product("p-1")).await.unwrap()["stock"].as_n().unwrap().clone()
}

async fn shop() -> Local {
    let local = Local::memory().unwrap();
    shop::create(&local.client()).await;
    local
}

#[tokio::test(start_paused = true)]
async fn a_request_lost_on_the_way_is_applied_once() {
    let local = shop().await;
    add(&faulty(&local, [Faults::Before]).client()).await;
    assert_eq!(stock(&local).await, "1");
}

#[tokio::test(start_paused = true)]
async fn a_lost_response_makes_the_sdk_add_twice() {
    let local = shop().await;
    add(&faulty(&local, [Faults::After]).client()).await;
    assert_eq!(stock(&local).await, "2");
}

#[tokio::test(start_paused = true)]
async fn a_lost_response_does_not_repeat_a_transaction() {
    let local = shop().await;
    transact_add(&faulty(&local, [Faults::After]).client()).await;
    assert_eq!(stock(&local).await, "1");
}

#[tokio::test(start_paused = true)]
async fn a_canned_reply_reaches_the_caller_as_the_modelled_error() {
    let local = shop().await;
    let conflict = Response::error(400, "ConditionalCheckFailedException", "no");
    let client = faulty(&local, [Faults::Reply(conflict)]).client();
    let put = client.put_item().table_name(TABLE).set_item(Some(product("p-1"))).send().await;
    assert!(put.unwrap_err().into_service_error().is_conditional_check_failed_exception());
    assert_eq!(get(&client, product("p-1")).await, None);
}

#[tokio::test(start_paused = true)]
async fn a_canned_body_and_an_impossible_status() {
    let local = shop().await;
    let found = Response::new(200, r#"{"Item":{"pk":{"S":"from nowhere"}}}"#);
    let client = faulty(&local, [Faults::Reply(found), Faults::Reply(Response::new(7, "{}"))]).client();
    assert_eq!(get(&client, product("p-1")).await.unwrap()["pk"].as_s().unwrap(), "from nowhere");
    let error = client.get_item().table_name(TABLE).set_key(Some(product("p-1"))).send().await.unwrap_err();
    assert!(matches!(&error, aws_sdk_dynamodb::error::SdkError::DispatchFailure(_)), "{error:?}");
}

/// Counts the calls and throttles them all.
#[derive(Debug, Default)]
struct Throttle(std::sync::Arc<AtomicUsize>);

impl Transport for Throttle {
    fn call(&self, _: Request) -> TransportFuture<'_> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Box::pin(async { Ok(Response::error(400, "ThrottlingException", "slow down")) })
    }
}

#[tokio::test(start_paused = true)]
async fn a_throttled_local_eats_no_other_retry_tokens() {
    let local = Local::memory().unwrap();
    let calls = std::sync::Arc::new(AtomicUsize::new(0));
    let attempts = async |client: &Client| {
        let before = calls.load(Ordering::Relaxed);
        client.list_tables().send().await.unwrap_err();
        calls.load(Ordering::Relaxed) - before
    };
    let throttled = local.wrap(|_| Throttle(calls.clone()));
    let draining = throttled.client();
    for _ in 0..60 {
        attempts(&draining).await;
    }
    assert_eq!(attempts(&throttled.client()).await, 1, "clients of one local share its tokens");
    assert_eq!(attempts(&local.wrap(|_| Throttle(calls.clone())).client()).await, 3);
}
