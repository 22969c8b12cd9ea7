//! Direct mapping on an SDK crate of the next generation.
//!
//! The crate of DynamoDB has a serializer and a deserializer for each operation that write and read AWS JSON. Newer crates,
//! such as that of SSM, have schemas, and a protocol of the client does both. Should DynamoDB's crate become one of them,
//! these tests tell beforehand which part of direct mapping would notice.

#![allow(clippy::unwrap_used, clippy::panic)]

use super::{
    current::with_exchange,
    exchange::{Exchange, Received, Receiver},
    interceptor::DirectInterceptor,
    level::Level,
    operation::Operation,
};
use crate::{error::DecodeError, error::ServiceErrorKind, wire::JsonReader};
use aws_sdk_dynamodb::{
    config::{RuntimePlugin, SharedInterceptor},
    error::ProvideErrorMetadata,
};
use aws_sdk_ssm::{
    Client,
    config::{BehaviorVersion, Builder, Credentials, Region, retry::RetryConfig},
    operation::{
        get_parameter::{GetParameter, GetParameterError, GetParameterInput, GetParameterOutput},
        put_parameter::{PutParameter, PutParameterError, PutParameterInput},
    },
};
use aws_smithy_json::protocol::aws_json_rpc::AwsJsonRpcProtocol;
use dynamap_local::{Local, Request, Response, SharedTransport, Transport, TransportFuture};
use std::{
    pin::pin,
    sync::{Arc, LazyLock, Mutex, OnceLock},
    time::Duration,
};

static GET_PARAMETER: Operation = Operation {
    name: "GetParameter",
    items: "Parameter",
    required: &[],
    replaced: None,
    reads: true,
    code: |error| error.downcast_ref::<GetParameterError>()?.code(),
    is_input: |input| input.downcast_ref::<GetParameterInput>().is_some(),
    config: LazyLock::new(|| GetParameter::new().config()),
    in_front: OnceLock::new(),
};

static PUT_PARAMETER: Operation = Operation {
    name: "PutParameter",
    items: "",
    required: &[],
    replaced: None,
    reads: false,
    code: |error| error.downcast_ref::<PutParameterError>()?.code(),
    is_input: |input| input.downcast_ref::<PutParameterInput>().is_some(),
    config: LazyLock::new(|| PutParameter::new().config()),
    in_front: OnceLock::new(),
};

/// Keeps the member of a response as it is.
#[derive(Debug, Default)]
struct MemberText(String);

impl Receiver for MemberText {
    fn receive(&mut self, r: &mut JsonReader<'_>) -> Result<(), DecodeError> {
        self.0 = r.raw()?.to_owned();
        Ok(())
    }
}

/// Answers every request alike, and keeps them.
#[derive(Debug, Clone)]
struct Answers(Response, Arc<Mutex<Vec<Request>>>);

impl Transport for Answers {
    fn call(&self, request: Request) -> TransportFuture<'_> {
        self.1.lock().unwrap().push(request);
        Box::pin(async { Ok(self.0.clone()) })
    }
}

/// A client of SSM with our interceptor, and the requests it sends.
fn client(answer: Response, protocol: AwsJsonRpcProtocol) -> (Client, Arc<Mutex<Vec<Request>>>) {
    let requests = Arc::default();
    let answers = Answers(answer, Arc::clone(&requests));
    let local = Local::memory().unwrap().wrap(|_: SharedTransport| answers);
    let mut config = Builder::new()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("us-east-1"))
        .credentials_provider(Credentials::for_tests())
        .retry_config(RetryConfig::standard().with_initial_backoff(Duration::from_millis(1)))
        .http_client(local.http_client())
        .protocol(protocol);
    let interceptor = DirectInterceptor { level: Level::Client, components: None };
    config.push_interceptor(SharedInterceptor::permanent(interceptor));
    (Client::from_conf(config.build()), requests)
}

fn erased<R: Receiver>(exchange: &Arc<Exchange<R>>) -> Arc<Exchange<dyn Receiver>> {
    exchange.clone()
}

/// The member that our receiver took, if it saw a response, and the output of the SDK.
async fn get(answer: &str, protocol: AwsJsonRpcProtocol) -> (Received<String>, GetParameterOutput) {
    let (client, _) = client(Response::new(200, answer), protocol);
    let exchange = Exchange::new(&GET_PARAMETER, Vec::new(), MemberText::default());
    let output =
        with_exchange(erased(&exchange), pin!(client.get_parameter().name("n").send())).await.unwrap();
    (exchange.finish(|member| std::mem::take(&mut member.0)).unwrap(), output)
}

#[tokio::test]
async fn a_member_is_taken_out_of_a_response() {
    let answer = r#"{"Parameter":{"Name":"n","Value":"v"},"Other":1}"#;
    let (received, output) = get(answer, AwsJsonRpcProtocol::aws_json_1_0()).await;
    let Received::Items(member) = received else { panic!("{received:?}") };
    assert_eq!(member, r#"{"Name":"n","Value":"v"}"#);
    assert_eq!(output.parameter, None, "the SDK read it as well");
}

#[tokio::test]
async fn a_response_of_nothing_else_is_left_empty() {
    // The SDK gets no document at all then.
    let (received, output) = get(r#"{"Parameter":{"Name":"n"}}"#, AwsJsonRpcProtocol::aws_json_1_0()).await;
    assert!(matches!(received, Received::Items(_)) && output.parameter.is_none(), "{received:?}");
    let (received, output) = get("{}", AwsJsonRpcProtocol::aws_json_1_0()).await;
    assert!(matches!(received, Received::None) && output.parameter.is_none(), "{received:?}");
}

#[tokio::test]
async fn members_are_written_into_a_request_before_it_is_signed() {
    let (client, requests) =
        client(Response::new(200, r#"{"Version":1}"#), AwsJsonRpcProtocol::aws_json_1_0());
    let exchange = Exchange::new(&PUT_PARAMETER, br#"{"Value":"v""#.to_vec(), MemberText::default());
    let call = client.put_parameter().name("n").send();
    let output = with_exchange(erased(&exchange), pin!(call)).await.unwrap();
    assert_eq!((output.version(), exchange.is_ambiguous()), (1, Some(false)));
    let requests = requests.lock().unwrap();
    let [request] = &requests[..] else { panic!("{requests:?}") };
    assert_eq!(request.body, br#"{"Value":"v","Name":"n"}"#);
}

#[tokio::test]
async fn errors_are_those_of_the_service_and_damage_is_told() {
    let kind = async |answer: Response| {
        let (client, requests) = client(answer, AwsJsonRpcProtocol::aws_json_1_0());
        let exchange = Exchange::new(&GET_PARAMETER, Vec::new(), MemberText::default());
        let sent = with_exchange(erased(&exchange), pin!(client.get_parameter().name("n").send())).await;
        let (error, ambiguous) = exchange.failed("t", sent.unwrap_err());
        let (code, attempts) = (error.code().map(str::to_owned), requests.lock().unwrap().len());
        (error.kind(), code, attempts, ambiguous, exchange.failed_items().is_some())
    };
    let told = |kind, code: Option<&str>, attempts, seen: bool| {
        (kind, code.map(str::to_owned), attempts, !seen, seen)
    };
    let not_found = Response::error(400, "ParameterNotFound", "there is none");
    let expected = told(ServiceErrorKind::Other, Some("ParameterNotFound"), 1, true);
    assert_eq!(kind(not_found).await, expected);
    let throttled = Response::error(400, "ThrottlingException", "slower");
    let expected = told(ServiceErrorKind::Throttled, Some("ThrottlingException"), 3, true);
    assert_eq!(kind(throttled).await, expected);
    // A page of a proxy, and a document that is cut off.
    let unreadable = told(ServiceErrorKind::UnreadableResponse, None, 3, false);
    assert_eq!(kind(Response::new(400, "<html>")).await, unreadable);
    assert_eq!(kind(Response::new(200, r#"{"Parameter":{"Name":"#)).await, unreadable);
    // What our reader passes over and the SDK's does not take.
    assert_eq!(kind(Response::new(200, r#"{"Parameter":{},"\ud800":1}"#)).await.0, unreadable.0);
}

#[tokio::test]
async fn a_protocol_of_another_name_is_left_to_the_sdk() {
    // The one of SSM, whose documents are the same.
    let protocol = AwsJsonRpcProtocol::aws_json_1_1;
    let (received, output) = get(r#"{"Parameter":{"Name":"n"}}"#, protocol()).await;
    assert!(matches!(received, Received::InOutput), "{received:?}");
    assert_eq!(output.parameter.unwrap().name.unwrap(), "n");
    // A request that would lack our members is not sent: it is made again, whole, by the SDK's types.
    let (client, requests) = client(Response::error(400, "ValidationException", "no Value"), protocol());
    let exchange = Exchange::new(&PUT_PARAMETER, br#"{"Value":"v""#.to_vec(), MemberText::default());
    let sent = with_exchange(erased(&exchange), pin!(client.put_parameter().name("n").send())).await;
    assert_eq!(requests.lock().unwrap().len(), 0, "a request without our members was sent");
    assert_eq!(exchange.unsent_members(&sent).unwrap(), br#"{"Value":"v""#);
}
