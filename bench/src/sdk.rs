//! The SDK without a network: its client over responses in memory, and its own parser and writer.

use aws_sdk_dynamodb::{
    Client, Config,
    config::{
        self, BehaviorVersion, ConfigBag, Credentials, FrozenLayer, Region, RuntimeComponents, RuntimePlugin,
    },
    operation::{get_item::GetItem, get_item::GetItemOutput, put_item::PutItem, put_item::PutItemInput},
    operation::{query::Query, query::QueryOutput},
};
use aws_smithy_runtime_api::client::{
    http::{HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector},
    interceptors::context::Input,
    orchestrator::{HttpRequest, HttpResponse},
    ser_de::{DeserializeResponse, SerializeRequest, SharedRequestSerializer, SharedResponseDeserializer},
};
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use std::{
    collections::HashMap,
    hint::black_box,
    sync::{Arc, LazyLock, OnceLock},
};
use tokio::runtime::{Builder, Runtime};

/// Responds to every request from memory.
#[derive(Debug, Clone)]
struct InMemoryHttpClient {
    source: ResponseSource,
    first_request: FirstRequest,
}

/// The body of the first request that a client sent. Later ones are not kept, so that measuring is not slowed.
pub(crate) type FirstRequest = Arc<OnceLock<Vec<u8>>>;

/// A client whose every request is answered with `body`.
pub(crate) fn client(body: &'static [u8]) -> (Client, FirstRequest) {
    let first_request = FirstRequest::default();
    let source = ResponseSource::Fixed(ResponseBody::new(Bytes::from_static(body)));
    (InMemoryHttpClient { source, first_request: Arc::clone(&first_request) }.into_client(), first_request)
}

/// A client whose requests get the response of their first sort key.
pub(crate) fn client_of(answers: &'static ResponsesBySortKey) -> Client {
    InMemoryHttpClient { source: ResponseSource::BySortKey(answers), first_request: FirstRequest::default() }
        .into_client()
}

#[derive(Debug, Clone)]
enum ResponseSource {
    Fixed(ResponseBody),
    BySortKey(&'static ResponsesBySortKey),
}

#[derive(Debug, Clone)]
struct ResponseBody {
    bytes: Bytes,
    /// The checksum of the body, as DynamoDB sends it.
    checksum: Arc<str>,
}

impl ResponseBody {
    fn new(bytes: Bytes) -> Self {
        let checksum = crc32fast::hash(&bytes).to_string().into();
        Self { bytes, checksum }
    }
}

/// Bodies, each of which answers the requests whose first sort key it is for.
#[derive(Debug)]
pub(crate) struct ResponsesBySortKey {
    bodies: Vec<ResponseBody>,
    by_sort_key: HashMap<&'static str, usize>,
}

impl ResponsesBySortKey {
    pub(crate) fn new(
        bodies: Vec<Vec<u8>>,
        by_sort_key: impl Iterator<Item = (&'static str, usize)>,
    ) -> Self {
        let bodies = bodies.into_iter().map(|body| ResponseBody::new(body.into())).collect();
        Self { bodies, by_sort_key: by_sort_key.collect() }
    }

    fn of(&self, request: &str) -> &ResponseBody {
        let (_, key) = request.split_once("\"sk\":{\"S\":\"").unwrap();
        &self.bodies[self.by_sort_key[key.split('"').next().unwrap()]]
    }
}

impl InMemoryHttpClient {
    fn into_client(self) -> Client {
        Client::from_conf(config(self).build())
    }
}

impl HttpConnector for InMemoryHttpClient {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        self.first_request.get_or_init(|| request.body().bytes().unwrap_or_default().to_vec());
        black_box(&request);
        let body = match &self.source {
            ResponseSource::Fixed(body) => body,
            ResponseSource::BySortKey(answers) => {
                answers.of(std::str::from_utf8(request.body().bytes().unwrap_or_default()).unwrap())
            }
        };
        let mut response = response(body.bytes.clone());
        response.headers_mut().insert("server", "Server");
        response.headers_mut().insert("x-amz-crc32", body.checksum.to_string());
        HttpConnectorFuture::ready(Ok(response))
    }
}

impl HttpClient for InMemoryHttpClient {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

/// The SDK's defaults, with requests that `client` answers.
pub(crate) fn config(client: impl HttpClient + 'static) -> config::Builder {
    let session = "session-token-".repeat(4);
    let key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-west-1"))
        .credentials_provider(Credentials::new("AKIDEXAMPLE", key, Some(session), None, "bench"))
        .http_client(client)
}

/// A runtime on the current thread.
pub(crate) fn runtime() -> Runtime {
    Builder::new_current_thread().enable_time().build().unwrap()
}

/// A successful response of DynamoDB.
pub(crate) fn response(body: impl Into<Bytes>) -> HttpResponse {
    response_of(200, body)
}

/// A response of DynamoDB with this status.
pub(crate) fn response_of(status: u16, body: impl Into<Bytes>) -> HttpResponse {
    let mut response = HttpResponse::new(status.try_into().unwrap(), SdkBody::from(body.into()));
    response.headers_mut().insert("content-type", "application/x-amz-json-1.0");
    let id = "A5FGSJ9ET4OKB8183S9M47RQQBVV4KQNSO5AEMVJF66Q9ASUAAJG";
    response.headers_mut().insert("x-amzn-requestid", id);
    response
}

static QUERY: LazyLock<FrozenLayer> = LazyLock::new(|| Query::new().config().unwrap());
static GET_ITEM: LazyLock<FrozenLayer> = LazyLock::new(|| GetItem::new().config().unwrap());
static PUT_ITEM: LazyLock<FrozenLayer> = LazyLock::new(|| PutItem::new().config().unwrap());

fn parse<T: Send + Sync + std::fmt::Debug + 'static>(operation: &FrozenLayer, response: &HttpResponse) -> T {
    let deserializer = operation.load::<SharedResponseDeserializer>().unwrap();
    let output = deserializer.deserialize_nonstreaming_with_config(response, &ConfigBag::base());
    output.unwrap().downcast().unwrap()
}

/// Parses a response of Query with the SDK.
pub(crate) fn parse_query(response: &HttpResponse) -> QueryOutput {
    parse(&QUERY, response)
}

/// Parses a response of GetItem with the SDK.
pub(crate) fn parse_get_item(response: &HttpResponse) -> GetItemOutput {
    parse(&GET_ITEM, response)
}

/// The request that the SDK writes for PutItem, before it is signed.
pub(crate) fn write_put_item(input: PutItemInput) -> HttpRequest {
    let serializer = PUT_ITEM.load::<SharedRequestSerializer>().unwrap();
    serializer.serialize_input(Input::erase(input), &mut ConfigBag::base()).unwrap()
}
